/** Looks for processes that a test may have left behind. */

/** The command lines of running processes that contain `text`. */
export async function processesWith(text: string): Promise<string[]> {
  const lines = Deno.build.os === "linux" ? await commandLines() : await listed();
  return lines.filter((line) => line.includes(text));
}

/** From /proc, since a small container may have no `ps`. */
async function commandLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => ""); // it has ended
    lines.push(line.replaceAll("\0", " "));
  }
  return lines;
}

async function listed(): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "args"] }).output();
  return new TextDecoder().decode(stdout).split("\n");
}
