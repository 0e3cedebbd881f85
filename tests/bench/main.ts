/**
 * `deno task bench`: the engine beside PyTorch, in one run, taking turns.
 *
 * - `--only startup|gemm|train|peft` measures one part, or one of those of work on texts:
 *   `tokenizer` (beside Hugging Face's), `loading` (beside torch's `DataLoader`), `classification`
 *   (an epoch beside the same in PyTorch);
 * - `--seconds N` for each figure and competitor (default 2);
 * - `--sizes tiny,small` and `--modes full,lora` narrow the training;
 * - `--threads N` for each competitor (default 2);
 * - `--json FILE` says where the results go (default `bench.json`).
 *
 * PyTorch takes part when a Python with torch is found: `TUNEBOOK_PYTHON`, `.venv`, or the system's.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { benchPeft } from "./peft.ts";
import { benchProducts } from "./products.ts";
import { pythonWithTorch } from "./python.ts";
import { benchStartup } from "./start.ts";
import { benchTexts, TEXT_PARTS } from "./texts.ts";
import { benchTraining } from "./training.ts";

const root = new URL("../../", import.meta.url);
const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "2" },
    sizes: { type: "string" },
    modes: { type: "string" },
    threads: { type: "string", default: "2" },
    json: { type: "string", default: "bench.json" },
  },
});
const seconds = Number(options.seconds);
const threads = Number(options.threads), sizes = options.sizes?.split(",");
const textParts = Object.keys(TEXT_PARTS) as (keyof typeof TEXT_PARTS)[];
const parts = ["startup", "gemm", "train", "peft", ...textParts];
if (!(seconds > 0) || (options.only !== undefined && !parts.includes(options.only))) {
  console.error(`usage: deno task bench [--only ${parts.join("|")}] [--seconds N]`);
  Deno.exit(2);
}
const wanted = (part: string) => options.only === undefined || options.only === part;

const python = await pythonWithTorch(root);
if (python === undefined) {
  console.log("No Python with torch (TUNEBOOK_PYTHON, .venv, python3): measuring ours alone.");
}
const results: Record<string, unknown> = {
  date: new Date().toISOString(),
  machine: { os: Deno.build.os, arch: Deno.build.arch, cores: navigator.hardwareConcurrency },
  deno: Deno.version.deno,
};
if (wanted("startup")) results.startup = await benchStartup(python);
if (wanted("gemm")) results.gemm = await benchProducts(python, seconds);
if (wanted("train")) {
  const modes = options.modes?.split(",");
  results.train = await benchTraining(python, seconds, { threads, sizes, modes });
}
if (wanted("peft")) results.peft = await benchPeft(python, seconds, { threads, sizes });
for (const part of textParts) {
  if (!wanted(part)) continue;
  results[part] = await benchTexts(python, seconds, { part, threads, size: sizes?.[0] });
}
await Deno.writeTextFile(options.json, JSON.stringify(results, null, 2) + "\n");
console.log(`\nWritten to ${options.json}`);
