/**
 * `deno task bench`: the engine beside PyTorch, in one run, taking turns.
 *
 * - `--only gemm|train|startup` measures one part;
 * - `--seconds N` for each figure and competitor (default 2);
 * - `--sizes tiny,small` and `--modes full,lora` narrow the training;
 * - `--json FILE` says where the results go (default `bench.json`).
 *
 * PyTorch takes part when a Python with torch is found: `TUNEBOOK_PYTHON`, `.venv`, or the system's.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { benchProducts } from "./products.ts";
import { pythonWithTorch } from "./python.ts";
import { benchStartup } from "./start.ts";
import { benchTraining } from "./training.ts";

const root = new URL("../../", import.meta.url);
const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "2" },
    sizes: { type: "string" },
    modes: { type: "string" },
    json: { type: "string", default: "bench.json" },
  },
});
const seconds = Number(options.seconds);
const parts = ["startup", "gemm", "train"];
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
  results.train = await benchTraining(python, seconds, {
    sizes: options.sizes?.split(","),
    modes: options.modes?.split(","),
  });
}
await Deno.writeTextFile(options.json, JSON.stringify(results, null, 2) + "\n");
console.log(`\nWritten to ${options.json}`);
