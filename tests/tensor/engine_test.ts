// How the engine starts, what it asks for, and that results don't depend on what it runs on.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { blasCandidates } from "../../lib/tensor/wasm/blas.ts";
import { buildKernels } from "../../lib/tensor/wasm/build.ts";
import { type EngineInfo, engineInfo, linear, Random, setThreads } from "@tunebook/tensor";

const config = new URL("../../deno.json", import.meta.url);
const program = (name: string) => new URL(`programs/${name}.ts`, import.meta.url).pathname;

async function run(
  name: string,
  flags: string[],
  args: string[],
  env: Record<string, string> = {},
) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--config=${config.pathname}`,
      ...flags,
      program(name),
      ...args,
    ],
    env,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, out: text(output.stdout), err: text(output.stderr) };
}

Deno.test("without any permission it runs, asks for nothing, and the process ends by itself", async () => {
  const { code, out, err } = await run("first_result", [], []);
  assertEquals({ code, err }, { code: 0, err: "" });
  const { sum, info } = JSON.parse(out) as { sum: number; info: EngineInfo };
  assertEquals(sum, 300 ** 3);
  assertEquals(info.blas, undefined);
});

Deno.test(
  "a test without permissions can use it, and nothing leaks",
  { permissions: "none" },
  () => {
    const x = new Random(1).normal([200, 200]);
    assertEquals(linear(x, x).shape, [200, 200]);
  },
);

Deno.test("results are the same bits for 1, 2 and 3 threads", async () => {
  const results = await Promise.all([1, 2, 3].map(async (threads) => {
    const env = { TUNEBOOK_THREADS: `${threads}`, TUNEBOOK_BLAS: "off" };
    const { out, err } = await run("hash", ["-A"], [`${threads}`], env);
    assertEquals(err, "");
    return JSON.parse(out) as { hash: string; info: EngineInfo };
  }));
  assertEquals(results.map((r) => r.info.threads), [1, 2, 3]);
  assertEquals(new Set(results.map((r) => r.hash)).size, 1);
});

Deno.test("sums over many rows are the same bits however threads share them", async () => {
  const { out, err } = await run("shared", ["-A"], [], { TUNEBOOK_BLAS: "off" });
  assertEquals(err, "");
  const { threads, different, furthest } = JSON.parse(out) as Record<string, number>;
  assertEquals({ threads, different }, { threads: 3, different: 0 });
  assert(furthest! < 1e-3, `off by ${furthest}`);
});

Deno.test({
  name: "with 256-bit vectors results are the same bits",
  ignore: Deno.build.arch !== "x86_64",
  async fn() {
    const env = { TUNEBOOK_BLAS: "off", DENO_V8_FLAGS: "--experimental-wasm-revectorize" };
    const hashes = await Promise.all([{ TUNEBOOK_BLAS: "off" }, env].map(async (env) => {
      const { out, err } = await run("hash", ["-A"], ["1"], { ...env, TUNEBOOK_THREADS: "1" });
      assertEquals(err, "");
      return JSON.parse(out) as { hash: string; info: EngineInfo };
    }));
    assert(hashes[0]!.info.simd !== hashes[1]!.info.simd);
    assertEquals(hashes[0]!.hash, hashes[1]!.hash);
    assertEquals(await run("wide", ["-A"], [], env), { code: 0, err: "", out: "0\n" });
  },
});

Deno.test("a BLAS changes results by rounding only", async () => {
  const [own, native] = await Promise.all(["off", ""].map(async (blas) => {
    const env: Record<string, string> = blas ? { TUNEBOOK_BLAS: blas } : {};
    const { out, err } = await run("hash", ["-A"], ["1"], { ...env, TUNEBOOK_THREADS: "1" });
    assertEquals(err, "");
    return JSON.parse(out) as { loss: number; info: EngineInfo };
  }));
  assertEquals(own!.info.blas, undefined);
  assertAlmostEquals(own!.loss, native!.loss, 1e-4);
});

Deno.test("a BLAS that was asked for and isn't there is an error", async () => {
  const env = { TUNEBOOK_BLAS: "/nowhere/libblas.so" };
  const { code, err } = await run("first_result", ["-A"], [], env);
  assertEquals(code, 1);
  assertStringIncludes(err, "TUNEBOOK_BLAS names /nowhere/libblas.so");
});

Deno.test("TUNEBOOK_THREADS must be a number of threads", async () => {
  const { err } = await run("first_result", ["-A"], [], { TUNEBOOK_THREADS: "many" });
  assertStringIncludes(err, "TUNEBOOK_THREADS: expected a whole number from 1 to 64");
});

Deno.test("the number of threads can be changed while running", () => {
  const before = engineInfo().threadsWanted, x = new Random(2).normal([300, 300]);
  const want = linear(x, x).data.slice();
  for (const n of [1, 3, 2]) {
    setThreads(n);
    assertEquals(engineInfo().threadsWanted, n);
    if (!engineInfo().blas) assertEquals(linear(x, x).data.slice(), want);
  }
  setThreads(before);
});

Deno.test("a BLAS is looked for where each system keeps it", () => {
  const list = (folder: string) => folder === "/p/.venv/lib" ? ["python3.11", "site.txt"] : [];
  const linux = blasCandidates("linux", ["/p/.venv"], list);
  const wheel = "/p/.venv/lib/python3.11/site-packages/scipy_openblas32/lib/libscipy_openblas";
  assertEquals(linux[0], `${wheel}.so`);
  assert(linux.includes("/usr/lib/x86_64-linux-gnu/libopenblas.so.0"));
  const mac = blasCandidates("darwin", ["/p/.venv"], list);
  assertEquals(mac, [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    `${wheel}.dylib`,
  ]);
  assertEquals(blasCandidates("windows", ["C:/p/.venv"], list), [
    "C:/p/.venv/Lib/site-packages/scipy_openblas32/lib/libscipy_openblas.dll",
  ]);
});

Deno.test("the committed kernels are what their sources compile to", async () => {
  const committed = await Deno.readFile(
    new URL("../../lib/tensor/wasm/kernels.wasm", import.meta.url),
  );
  const same = (await buildKernels()).every((byte, i) => byte === committed[i]);
  assert(same, "lib/tensor/wasm/kernels.wasm is out of date; run `deno task build:wasm`");
});
