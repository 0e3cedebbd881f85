import { fileURLToPath } from "node:url";

/** The first Python that has torch: `TUNEBOOK_PYTHON`, the project's `.venv`, or the system's. */
export async function pythonWithTorch(root: URL): Promise<string | undefined> {
  const windows = Deno.build.os === "windows";
  const local = new URL(windows ? ".venv/Scripts/python.exe" : ".venv/bin/python", root);
  const candidates = [
    Deno.env.get("TUNEBOOK_PYTHON"),
    fileURLToPath(local),
    "python3",
    "python",
  ];
  for (const python of candidates) {
    if (python !== undefined && await hasTorch(python)) return python;
  }
}

async function hasTorch(python: string): Promise<boolean> {
  try {
    const find = "import importlib.util as i, sys; sys.exit(not i.find_spec('torch'))";
    const { success } = await new Deno.Command(python, {
      args: ["-c", find],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false; // no such program
  }
}
