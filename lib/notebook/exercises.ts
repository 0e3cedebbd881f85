/**
 * Exercises and what a right answer does.
 *
 * A lesson's `exercises.ts` holds stubs that call {@linkcode todo}, its `checks.ts` one
 * {@linkcode exercise} for each. The same checks serve a notebook cell (`check`) and `deno test`
 * (`testExercises`).
 *
 * @module
 */

import { formatCell } from "./format.ts";
import { Expectations, Wrong } from "./expectations.ts";

/** Thrown by an answer that hasn't been written yet. */
export class Unsolved extends Error {
  /** The error's name. */
  override name = "Unsolved";
  constructor() {
    super("TODO: this exercise isn't solved yet");
  }
}

/**
 * Stands where an answer will be written.
 *
 * @param _inputs The function's parameters, so that the stub mentions them all.
 * @throws {Unsolved} always.
 * @example
 * ```ts
 * import { todo, Unsolved } from "@tunebook/notebook";
 * import { assertThrows } from "@std/assert";
 *
 * function countWords(text: string): number {
 *   return todo(text);
 * }
 * assertThrows(() => countWords("one two"), Unsolved);
 * ```
 */
export function todo(..._inputs: unknown[]): never {
  throw new Unsolved();
}

/** What an exercise is made of. */
export interface ExerciseDefinition<Answer, Misconception extends string = string> {
  /** A short name in plain words: "Count the vocabulary". */
  title: string;
  /** A nudge in the right direction, shown on request while the exercise is unsolved. */
  hint: string;
  /** The ways of going wrong that the lesson names, each with the hint that helps. */
  misconceptions: { [name in Misconception]: string };
  /** True when the check reads a corpus; `deno test` then needs `-A`. */
  needsData?: boolean;
  /**
   * Puts the answer to the test: calls it on inputs drawn afresh (`expect.integer`, `expect.pick`)
   * and states what must hold (`expect.equal`, `expect.close`, `expect.that`). The first
   * expectation that fails ends the check.
   */
  check(answer: Answer, expect: Expectations<Misconception>): void | Promise<void>;
}

/** The answers a lesson's checks ask for: one for each, under the same name. */
export type Answers<Checks> = {
  [Name in keyof Checks]: Checks[Name] extends
    { check(answer: infer Answer, ...rest: never[]): unknown } ? Answer
    : never;
};

/**
 * Defines an exercise.
 *
 * @example
 * ```ts
 * import { exercise, grade } from "@tunebook/notebook";
 * import { assertEquals } from "@std/assert";
 *
 * const countWords = exercise({
 *   title: "Count the words",
 *   hint: "`text.split(…)` cuts a text into pieces.",
 *   misconceptions: { counts_letters: "`text.length` counts letters; count words." },
 *   check(answer: (text: string) => number, expect) {
 *     const words = Array.from({ length: expect.integer(2, 9) }, () => expect.pick(["a", "tree"]));
 *     const text = words.join(" ");
 *     expect.equal(answer(text), words.length, {
 *       input: text,
 *       misconceptions: { counts_letters: text.length },
 *     });
 *   },
 * });
 * const verdict = await grade(countWords, (text) => text.length);
 * assertEquals(verdict.state, "wrong");
 * assertEquals((await grade(countWords, (text) => text.split(" ").length)).state, "right");
 * ```
 */
export function exercise<Answer, const Misconception extends string>(
  definition: ExerciseDefinition<Answer, Misconception>,
): ExerciseDefinition<Answer, Misconception> {
  return definition;
}

/** How an answer fared. */
export type Verdict =
  | { state: "unsolved" }
  | { state: "right" }
  | {
    state: "wrong";
    /** What was expected, what was found and for which input, one a line. */
    report: string;
    /** The name of the misconception the answer shows, where it shows one. */
    misconception?: string;
    /** What to think about next. */
    hint: string;
  };

/**
 * Checks one answer and never throws: an answer that throws is wrong.
 *
 * An answer counts as unsolved when it is `undefined`, when it is {@linkcode todo} itself, or when
 * it calls `todo`.
 *
 * @param exercise The exercise, from the lesson's `checks.ts`.
 * @param answer The answer: usually a function.
 */
export async function grade<Answer, Misconception extends string>(
  exercise: ExerciseDefinition<Answer, Misconception>,
  answer: Answer | undefined,
): Promise<Verdict> {
  if (answer === undefined || answer === todo) return { state: "unsolved" };
  try {
    await exercise.check(answer, new Expectations<Misconception>());
    return { state: "right" };
  } catch (error) {
    if (error instanceof Unsolved) return { state: "unsolved" };
    if (!(error instanceof Wrong)) {
      return { state: "wrong", report: `It threw ${formatCell(error)}`, hint: exercise.hint };
    }
    const { report, misconception } = error;
    if (misconception === undefined) return { state: "wrong", report, hint: exercise.hint };
    const hint = exercise.misconceptions[misconception as Misconception];
    return { state: "wrong", report, misconception, hint };
  }
}
