import { encodeAdapter, loadAdapter } from "@tunebook/finetune";
import { encodeSafetensors, noGrad } from "@tunebook/tensor";
import { assert, assertEquals } from "@std/assert";
import { toTensor } from "../../tensor_reference/reference.ts";
import { randomize } from "./randomize.ts";
import { adapters as all, baseModel, filesOf, references } from "./references.ts";

const adapters = all.filter(({ kind }) => kind === "adapter");
const python = Deno.env.get("TUNEBOOK_PYTHON") ?? "python3";

Deno.test({
  name: "Hugging Face PEFT loads our adapters and computes the same",
  ignore: !await hasPeft(),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const cases = [], expected: number[][] = [];
      for (const [i, one] of adapters.entries()) {
        const model = baseModel(one.base);
        const at = `${folder}/${i}`;
        await writeFolder(`${at}/base`, {
          "config.json": JSON.stringify(model.configJson()),
          "model.safetensors": encodeSafetensors(model.storedState(), { format: "pt" }),
        });
        const peft = await loadAdapter(model, filesOf(one));
        randomize(peft.adapter("default"), 0.1);
        const { config, tensors } = encodeAdapter(peft, { baseModel: `${at}/base` });
        await writeFolder(`${at}/adapter`, {
          "adapter_config.json": JSON.stringify(config),
          "adapter_model.safetensors": tensors,
        });
        // Without padding: its outputs mean nothing and differ.
        const tokens = toTensor(references.get(one.id, "in0")).float().maximum(1).int();
        expected.push(noGrad(() => [...peft.eval().forward(tokens).data]));
        cases.push({
          base: `${at}/base`,
          adapter: `${at}/adapter`,
          tokens: tokens.toArray(),
          mask: null,
        });
      }
      const results = await runPython(cases);
      for (const [i, one] of adapters.entries()) {
        assertEquals(results[i]!.length, expected[i]!.length, one.id);
        const worst = Math.max(...expected[i]!.map((v, k) => Math.abs(v - results[i]![k]!)));
        assert(worst < 1e-4, `${one.id} differs by ${worst}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function hasPeft(): Promise<boolean> {
  try {
    const found = new Deno.Command(python, {
      args: ["-c", "import importlib.util as u; assert u.find_spec('peft')"],
      stdout: "null",
      stderr: "null",
    });
    return (await found.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function writeFolder(folder: string, files: Record<string, string | Uint8Array>) {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) {
    await Deno.writeFile(
      `${folder}/${name}`,
      typeof contents === "string" ? new TextEncoder().encode(contents) : contents,
    );
  }
}

async function runPython(cases: unknown[]): Promise<number[][]> {
  const child = new Deno.Command(python, {
    args: ["-c", await Deno.readTextFile(new URL("live.py", import.meta.url))],
    env: { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(cases)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
