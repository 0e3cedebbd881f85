/**
 * Reads what `deno check` prints, which has no other form than this:
 *
 * ```text
 * TS2322 [ERROR]: Type 'number' is not assignable to type 'string'.
 *   further words on it, indented
 * const a: string = 5;
 *       ^
 *     at file:///folder/module.ts:4:7
 * ```
 *
 * @module
 */

/** A problem in a module. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  /** The module's URL, and the line counted from 1; absent if the compiler names none. */
  readonly url?: string;
  readonly line?: number;
}

const HEADER = /^(TS\d+) \[ERROR\]: (.*)$/;
const PLACE = /^\s*at ([a-z][a-z+.-]*:\S+):(\d+):\d+$/;

/**
 * The problems in what `deno check` printed without colours.
 *
 * A problem that keeps the compiler from starting, as a module that is not
 * there, is the only one, with the code `module`.
 */
export function readDiagnostics(output: string): Diagnostic[] {
  const lines = output.split(/\r?\n/);
  const starts = lines.flatMap((line, i) => HEADER.test(line) ? [i] : []);
  if (starts.length === 0) return readFailure(lines);
  return starts.map((start, i) => {
    const block = lines.slice(start, starts[i + 1]);
    const [, code = "", first = ""] = block[0]?.match(HEADER) ?? [];
    const at = block.findIndex((line) => PLACE.test(line));
    // Above the place stand the line of code and the marks below it.
    const more = at < 0 ? [] : block.slice(1, at - 2);
    return { code, message: [first, ...more].join("\n"), ...placeIn(block[at]) };
  });
}

/** `error: …` and the first place named after it. */
function readFailure(lines: readonly string[]): Diagnostic[] {
  const start = lines.findIndex((line) => line.startsWith("error: "));
  if (start < 0) return [];
  const after = lines.slice(start);
  const message = after[0]!.slice("error: ".length).trim();
  return [{ code: "module", message, ...placeIn(after.find((line) => PLACE.test(line))) }];
}

function placeIn(line: string | undefined): { url?: string; line?: number } {
  const [, url, number] = line?.match(PLACE) ?? [];
  return url === undefined ? {} : { url, line: Number(number) };
}
