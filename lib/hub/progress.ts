import type { OnProgress } from "./download.ts";

/** Smaller files come without a word. */
const WORTH_A_WORD = 1_000_000;
/** How often a slow download says how far it is, in milliseconds. */
const SAY_EVERY_MS = 4000;

/**
 * Says in lines of text how a download goes: when it begins, every few seconds, and when it is done.
 *
 * @param say Takes a line.
 * @param now The time in milliseconds.
 */
export function progressInLines(
  say: (line: string) => void = console.info,
  now: () => number = Date.now,
): OnProgress {
  let current = "", said = 0;
  return (file, received, size) => {
    if (size < WORTH_A_WORD) return;
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    if (file !== current) {
      const from = received > 0 ? `, going on from ${megabytes(received)} MB` : "";
      say(`Downloading ${file} (${megabytes(size)} MB, only this once${from}) …`);
      current = file;
      said = now();
    } else if (now() - said >= SAY_EVERY_MS && received < size) {
      say(`  ${megabytes(received)} of ${megabytes(size)} MB`);
      said = now();
    }
  };
}
