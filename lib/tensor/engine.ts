/**
 * What the engine runs on.
 *
 * @module
 */
import { blas, wide } from "./wasm/runtime.ts";
import { threads, wantedThreads } from "./wasm/threads.ts";

/** What the engine runs on. */
export interface EngineInfo {
  /** Threads that take part right now; 1 until the workers are up. */
  threads: number;
  /** Threads there will be: the machine's cores, or what was chosen. */
  threadsWanted: number;
  /** The library of the BLAS in use, or undefined for the engine's own kernels. */
  blas: string | undefined;
  /** The vector instructions. */
  simd: string;
}

/** What the engine runs on: threads, BLAS, vector instructions. */
export function engineInfo(): EngineInfo {
  return {
    threads: threads(),
    threadsWanted: wantedThreads(),
    blas: blas?.path,
    simd: wide
      ? "128-bit WebAssembly in pairs of 256, relaxed FMA"
      : "128-bit WebAssembly, relaxed FMA",
  };
}
