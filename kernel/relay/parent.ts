/**
 * Notices the death of the process that started us, however it died.
 *
 * @module
 */

const EVERY_MS = 500;

/** Calls `onGone` once when the parent has ended. The watching keeps no program alive. */
export function watchParent(onGone: () => void): void {
  const parent = Deno.ppid;
  const timer = setInterval(() => {
    if (Deno.ppid === parent) return; // An orphan is adopted by another process.
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  Deno.unrefTimer(timer as unknown as number);
}
