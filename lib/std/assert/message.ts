/**
 * The words of a failed assertion: how values are printed and how two of them
 * are set against each other.
 */
import { diff } from "node:util";

/** Lines of unchanged text shown on each side of a change. */
const CONTEXT = 3;

/**
 * `diff` takes time and memory that grow with the square of what differs;
 * beyond this many differing lines only the first place of difference is shown.
 */
const MOST_LINES = 2000;

/** `": reason"` where the caller gave a reason, else a full stop. */
export function reason(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

/** A value as text: whole, with sorted keys, one entry a line. */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    getters: true,
    strAbbreviateSize: Infinity,
  });
}

/**
 * The two values as lines, `-` before what only `actual` has, `+` before what
 * only `expected` has. Strings are compared as they are, everything else as
 * {@linkcode format} prints it.
 */
export function difference(actual: unknown, expected: unknown): string {
  const both = typeof actual === "string" && typeof expected === "string";
  const [left, right] = [actual, expected].map((value) =>
    (both ? value as string : format(value)).split("\n")
  ) as [string[], string[]];
  // `diff` refuses two empty lists.
  if (left.join("\n") === right.join("\n")) return `\n    Both print as:\n\n${indent(left)}\n`;
  const body = compareLines(left, right);
  return `\n    [Diff] Actual (-) / Expected (+)\n\n${body.join("\n")}\n`;
}

/** Lines as a block of an error message. */
export function indent(lines: string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}

/** Compares from the first differing line to the last, and adds the surroundings. */
function compareLines(left: string[], right: string[]): string[] {
  let start = 0;
  while (
    start < left.length && start < right.length && left[start] === right[start]
  ) start++;
  let end = 0;
  const room = Math.min(left.length, right.length) - start;
  while (end < room && left.at(-1 - end) === right.at(-1 - end)) end++;

  let changed = [
    left.slice(start, left.length - end),
    right.slice(start, right.length - end),
  ];
  const cut = changed.some((lines) => lines.length > MOST_LINES);
  if (cut) changed = changed.map((lines) => lines.slice(0, CONTEXT));
  const [removed = [], added = []] = changed;

  const out = left.slice(Math.max(0, start - CONTEXT), start).map((line) => `    ${line}`);
  if (start > CONTEXT) out.unshift(`    … ${start - CONTEXT} equal lines`);
  for (const [side, line] of diff(removed, added)) {
    out.push(`${side === 1 ? "-" : side === -1 ? "+" : " "}   ${line}`);
  }
  if (cut) return [...out, `    … more than ${MOST_LINES} lines differ`];
  out.push(
    ...left.slice(left.length - end).slice(0, CONTEXT).map((line) => `    ${line}`),
  );
  if (end > CONTEXT) out.push(`    … ${end - CONTEXT} equal lines`);
  return out;
}
