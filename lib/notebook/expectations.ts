import { isDeepStrictEqual } from "node:util";
import { formatCell } from "./format.ts";

/** Thrown by the first expectation that an answer doesn't meet. */
export class Wrong extends Error {
  /** The error's name. */
  override name = "Wrong";
  /** What was expected, what was found and for which input, one a line. */
  readonly report: string;
  /** The misconception that explains the answer. */
  readonly misconception: string | undefined;

  /** An answer that doesn't meet what {@linkcode report} says was expected. */
  constructor(report: string, misconception?: string) {
    super(report);
    this.report = report;
    this.misconception = misconception;
  }
}

/** What helps to explain a failed comparison. */
export interface Context<Misconception extends string> {
  /** What the answer was given, to be shown when it fails. */
  input?: unknown;
  /** What somebody with this misconception would have answered here. */
  misconceptions?: { [name in Misconception]?: unknown };
}

/** What a check says about an answer; each expectation that fails ends the check. */
export class Expectations<Misconception extends string = string> {
  /**
   * The answer must have the structure and the values of `expected` (`0` and `-0` are the same).
   *
   * @throws {Wrong} if it hasn't, with the first misconception whose answer this is.
   */
  equal(found: unknown, expected: unknown, context: Context<Misconception> = {}): void {
    compare(found, expected, context, same);
  }

  /**
   * The answer must be a number, or numbers in arrays, within `tolerance` of `expected`: at most
   * `tolerance * max(1, |expected|)` away.
   *
   * @throws {Wrong} if it isn't, with the first misconception whose answer this is.
   */
  close(
    found: unknown,
    expected: unknown,
    { tolerance = 1e-6, ...context }: Context<Misconception> & { tolerance?: number } = {},
  ): void {
    compare(found, expected, context, (a, b) => near(a, b, tolerance));
  }

  /**
   * A condition of any other kind.
   *
   * @param condition What must hold.
   * @param otherwise What was expected, in words, what was found, and the misconception this shows.
   * @throws {Wrong} if it doesn't hold.
   */
  that(
    condition: boolean,
    otherwise: { expected: string; found: unknown; input?: unknown; misconception?: Misconception },
  ): void {
    if (condition) return;
    const { expected, found, input, misconception } = otherwise;
    throw new Wrong(describe(expected, found, input), misconception);
  }

  /** A whole number from `low` to `high`, both included, drawn afresh. */
  integer(low: number, high: number): number {
    return low + Math.floor(Math.random() * (high - low + 1));
  }

  /** One of the choices, drawn afresh. */
  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** The items in an order drawn afresh; the given array stays as it is. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const drawn = items.map((item) => ({ item, at: Math.random() }));
    return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item);
  }
}

function compare<Misconception extends string>(
  found: unknown,
  expected: unknown,
  { input, misconceptions = {} }: Context<Misconception>,
  agree: (found: unknown, expected: unknown) => boolean,
): void {
  if (agree(found, expected)) return;
  const report = describe(formatCell(legible(expected)), found, input);
  if (found === undefined) throw new Wrong(`${report}\nIs there a \`return\`?`);
  if (found instanceof Promise) throw new Wrong(`${report}\nThe answer must not be \`async\`.`);
  // A misconception that happens to give the right result here explains nothing.
  const shown = Object.entries(misconceptions)
    .find(([, theirs]) => !agree(theirs, expected) && agree(found, theirs));
  throw new Wrong(report, shown?.[0]);
}

function describe(expected: string, found: unknown, input: unknown): string {
  const lines = [
    `Expected: ${brief(expected)}`,
    `Found:    ${brief(found === undefined ? "undefined" : formatCell(legible(found)))}`,
  ];
  if (input !== undefined) lines.push(`For:      ${brief(formatCell(legible(input)))}`);
  return lines.join("\n");
}

/** With numbers as short as one can compare by eye, so that more of a list is seen. */
function legible(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(7));
  if (Array.isArray(value)) return value.map(legible);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, legible(one)]));
}

/** The beginning of a text that is too long to compare by eye. */
function brief(text: string, length = 400): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

function near(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
  }
  if (!isListOfNumbers(a) || !isListOfNumbers(b) || a.length !== b.length) return false;
  return Array.from(a).every((value, i) => near(value, b[i], tolerance));
}

function isListOfNumbers(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
