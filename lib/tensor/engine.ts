/**
 * What the engine runs on.
 *
 * @module
 */
import { blas } from "./wasm/runtime.ts";
import { threads } from "./wasm/threads.ts";

/** What the engine runs on. */
export interface EngineInfo {
  /** Threads that take part right now; it grows when the workers are up. */
  threads: number;
  /** The library of the BLAS in use, or undefined for the engine's own kernels. */
  blas: string | undefined;
  /** The vector instructions. */
  simd: string;
}

/** What the engine runs on: threads, BLAS, vector instructions. */
export function engineInfo(): EngineInfo {
  return { threads: threads(), blas: blas?.path, simd: "128-bit WebAssembly, relaxed FMA" };
}
