/**
 * Worker threads. They start with the first piece of work worth sharing; nobody waits for them, and
 * they don't keep the process alive.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { reserveScratch } from "../memory.ts";
import { bindBlas } from "./blas.ts";
import { readVariable } from "./environment.ts";
import kernels from "./module.js";
import { blas, kernel, memory } from "./runtime.ts";

/** The most threads there can be. */
const LIMIT = 64;

// A worker is this text and not a file: starting one from a file would need permission to read it.
// Starting one blocks the thread that does it for tens of milliseconds, so the main thread starts
// the first only, and each starts the next.
const WORKER = `
import { Worker, workerData as data } from "node:worker_threads";
if (data.more > 0) {
  new Worker(new URL(import.meta.url), { workerData: { ...data, more: data.more - 1 } });
}
try {
  const sgemm = data.blas ? (${bindBlas})(data.blas, data.memory) : () => {};
  const env = { memory: data.memory, sgemm };
  new WebAssembly.Instance(data.kernels, { env }).exports.workerLoop();
} catch {
  // A thread that may not use the BLAS must not take part: it is simply never ready.
}
`;

let wanted = fromEnvironment() ?? Math.min(navigator.hardwareConcurrency, LIMIT);
let started = 0, ready = 0;

function fromEnvironment(): number | undefined {
  const value = readVariable("TUNEBOOK_THREADS");
  if (!value) return;
  const count = Number(value);
  checkCount("TUNEBOOK_THREADS", count);
  return count;
}

function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= LIMIT) return;
  throw new RangeError(`${what}: expected a whole number from 1 to ${LIMIT} but found ${count}`);
}

/** Starts the workers that are missing. */
function startWorkers(): void {
  const more = wanted - 1 - started - 1;
  while (started < wanted - 1) reserveScratch(++started);
  try {
    const source = new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`);
    const workerData = { kernels, memory, blas: blas?.path, more };
    new Worker(source, { workerData }).unref();
  } catch {
    wanted = 1; // no workers here
  }
}

/** Threads that can take part in the next launch, this one included. */
export function threads(): number {
  if (ready < wanted - 1) {
    if (started < wanted - 1) startWorkers();
    const now = Math.min(kernel.readyWorkers(), wanted - 1);
    if (now !== ready) kernel.setActive(ready = now);
  }
  return ready + 1;
}

/** Threads there will be when all workers are up. */
export function wantedThreads(): number {
  return wanted;
}

/**
 * Sets how many threads the engine uses. Results don't depend on it.
 *
 * @throws {RangeError} If it isn't a whole number from 1 to 64.
 */
export function setThreads(count: number): void {
  checkCount("setThreads", count);
  wanted = count;
  ready = Math.min(kernel.readyWorkers(), wanted - 1);
  kernel.setActive(ready);
}

/** How many parts a kernel that touches `work` elements should be cut into. */
export function chunksFor(work: number): number {
  if (work < 32768) return 1;
  const n = threads();
  return n === 1 ? 1 : Math.min(n * 4, Math.ceil(work / 16384));
}
