/**
 * Worker threads. They start with the first piece of work worth sharing, nobody waits for them, and
 * they don't keep the process alive.
 *
 * @module
 */

/** Threads that take part in the next launch, this one included. */
export function threads(): number {
  return 1;
}

/** Sets how many threads the engine uses (1 to 64). */
export function setThreads(_count: number): void {}

/** How many parts a kernel that touches `work` elements should be cut into. */
export function chunksFor(work: number): number {
  const n = work < 32768 ? 1 : threads();
  return n === 1 ? 1 : Math.min(n * 4, Math.ceil(work / 16384));
}
