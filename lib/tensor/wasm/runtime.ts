/**
 * The bridge to WebAssembly: the shared memory, the instance of the kernels on this thread, and
 * {@linkcode launch}, which runs one kernel on all threads.
 *
 * @module
 */
import { findBlas } from "./blas.ts";
import { readVariable } from "./environment.ts";
import kernels from "./module.js";
import type { Op } from "./assembly/ops.ts";

/** What `assembly/parallel.ts` exports. */
interface KernelExports {
  run(op: Op, chunks: number): void;
  readyWorkers(): number;
  setActive(workers: number): void;
  setScratch(thread: number, address: number): void;
  useBlas(on: number): void;
  useWide(on: number): void;
  randomUnit(keyHigh: number, keyLow: number, counter: number): number;
  readonly ARGS: WebAssembly.Global;
  readonly SCRATCH_BYTES: WebAssembly.Global;
}

/** Bytes in a WebAssembly page. */
export const PAGE = 65536;
const INITIAL_PAGES = 16;

/** Memory shared by all threads: 1 MB at first, grown as needed; only pages in use cost anything. */
export const memory: WebAssembly.Memory = reserve();

/** Address space is cheap but can be limited (containers, `ulimit -v`): settle for less than 4 GB. */
function reserve(): WebAssembly.Memory {
  for (let maximum = 65536;; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
    } catch (error) {
      if (maximum <= 1024) throw error;
    }
  }
}

/** The native BLAS in use, if any. */
export const blas = findBlas(memory);

/** The kernels on this thread. */
export const kernel = new WebAssembly.Instance(kernels, {
  env: { memory, sgemm: blas?.sgemm ?? (() => {}) },
}).exports as unknown as KernelExports;

if (blas) kernel.useBlas(1);

/**
 * Whether products use the tile for 256-bit vectors, which is the faster one only where V8 joins pairs
 * of 128-bit operations: on x86-64, when started with its experimental flag. V8 doesn't tell its
 * flags; Deno takes them from this variable.
 */
export const wide: boolean = Deno.build.arch === "x86_64" &&
  (readVariable("DENO_V8_FLAGS")?.includes("--experimental-wasm-revectorize") ?? false);

if (wide) kernel.useWide(1);

let buffer = memory.buffer;
let args = new Float64Array(buffer, kernel.ARGS.value as number, 96);

/** Makes the memory at least `bytes` long; false if that is more than the engine may have. */
export function growTo(bytes: number): boolean {
  const missing = Math.ceil((bytes - buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
  } catch {
    return false;
  }
  buffer = memory.buffer;
  args = new Float64Array(buffer, kernel.ARGS.value as number, 96);
  return true;
}

/** Bytes the memory has now. */
export function memoryBytes(): number {
  return buffer.byteLength;
}

/** `length` floats at an address. */
export function floats(address: number, length: number): Float32Array {
  return new Float32Array(buffer, address, length);
}

/** `length` 32-bit integers at an address. */
export function integers(address: number, length: number): Int32Array {
  return new Int32Array(buffer, address, length);
}

/**
 * Runs a kernel in `chunks` parts on the threads there are, and returns when it is done.
 *
 * @param op Which kernel.
 * @param chunks In how many parts; results don't depend on it.
 * @param values The kernel's arguments, in the order its source documents.
 */
export function launch(op: Op, chunks: number, ...values: number[]): void {
  for (let i = 0; i < values.length; i++) args[i] = values[i]!;
  kernel.run(op, chunks);
}
