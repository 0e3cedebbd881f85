/**
 * Compiles the kernels: `deno task build:wasm`.
 *
 * AssemblyScript is TypeScript's syntax with WebAssembly's types. The memory is imported, so that
 * threads can share it, and relaxed SIMD gives a fused multiply-add. Not `-O3`: it moves loads to
 * where their values are first used, which costs the matrix product registers and a third of its
 * speed; V8 optimises the rest itself.
 *
 * @module
 */
import asc from "assemblyscript/asc";

const here = new URL("./", import.meta.url);

/** The kernels' bytes, built from `assembly/` without writing a file. */
export async function buildKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const result = await asc.main([
    "assembly/parallel.ts",
    ...["--outFile", "kernels.wasm", "-O2", "--noAssert", "--runtime", "stub"],
    ...["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536"],
    ...["--memoryBase", "65536", "--enable", "simd", "--enable", "relaxed-simd"],
    ...["--enable", "threads", "--disableWarning", "201"],
  ], {
    readFile: (name, base) => {
      try {
        return Deno.readTextFileSync(
          new URL(name, base === "." ? here : new URL(`${base}/`, here)),
        );
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (result.error || !binary) throw new Error(`asc failed:\n${result.stderr.toString()}`);
  return binary;
}

if (import.meta.main) {
  const bytes = await buildKernels();
  Deno.writeFileSync(new URL("kernels.wasm", here), bytes);
  console.log(`kernels.wasm: ${bytes.length} bytes`);
}
