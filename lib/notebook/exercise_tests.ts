import { type Answers, type ExerciseDefinition, grade } from "./exercises.ts";
import { describeVerdict } from "./check.ts";

/** A lesson's checks, by the name of the exercise. */
// deno-lint-ignore no-explicit-any -- exercises differ in what they take; `Answers` ties them up
export type Checks = Record<string, ExerciseDefinition<any, any>>;

/**
 * Registers a test for each exercise of a lesson: the whole of its `exercises_test.ts`.
 *
 * An untouched stub is reported as ignored ("not yet"), a wrong answer fails with its hint, a right
 * one passes. `deno test -- --solutions` tests the given solutions instead. Nothing here asks for a
 * permission; a check that needs data is ignored, and says so, unless reading is allowed.
 *
 * @param checks The lesson's checks.
 * @param exercises The learner's answers: the module `exercises.ts`.
 * @param solutions The given solutions: the module `solutions.ts`.
 * @example
 * ```ts ignore
 * import { testExercises } from "@tunebook/notebook";
 * import { checks } from "./checks.ts";
 * import * as exercises from "./exercises.ts";
 * import * as solutions from "./solutions.ts";
 *
 * await testExercises(checks, exercises, solutions);
 * ```
 */
export async function testExercises<C extends Checks>(
  checks: C,
  exercises: Answers<C>,
  solutions: Answers<C>,
): Promise<void> {
  const answers = Deno.args.includes("--solutions") ? solutions : exercises;
  for (const [name, exercise] of Object.entries(checks)) {
    if (exercise.needsData && !mayReadData()) {
      Deno.test.ignore(`${name}: needs data, run \`deno test -A\``, () => {});
      continue;
    }
    // A test can only be ignored when it is registered, so the answer is graded before that.
    const verdict = await grade(exercise, answers[name]);
    if (verdict.state === "unsolved") {
      Deno.test.ignore(`${name}: not yet`, () => {});
      continue;
    }
    Deno.test(name, () => {
      if (verdict.state === "wrong") throw new NotRight(describeVerdict(exercise, verdict));
    });
  }
}

/** A wrong answer, as `deno test` reports it: the message says it all, a stack would add noise. */
class NotRight extends Error {
  override name = "NotRight";
  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

/** Whether files may be read and the network reached without a prompt. */
function mayReadData(): boolean {
  return (["read", "env"] as const)
    .every((name) => Deno.permissions.querySync({ name }).state === "granted");
}

/** Answers that prove a check: what it must accept and what it must catch. */
export type Proofs<C extends Checks> = {
  [Name in keyof C]: {
    /** Right answers in other styles than the given solution. */
    right: Answers<C>[Name][];
    /** For each misconception an answer that shows it. */
    wrong: Record<keyof C[Name]["misconceptions"] & string, Answers<C>[Name]>;
  };
};

/**
 * Proves a lesson's checks: the stub is "not yet", the solution and two right answers in other
 * styles pass, and every misconception is caught and named.
 *
 * @param lesson The lesson's modules and the answers that prove its checks.
 * @throws {Error} naming the exercise and the answer that was judged otherwise.
 */
export async function proveChecks<C extends Checks>(
  lesson: { checks: C; exercises: Answers<C>; solutions: Answers<C>; proofs: Proofs<C> },
): Promise<void> {
  for (const [name, exercise] of Object.entries(lesson.checks)) {
    const { right, wrong } = lesson.proofs[name]!;
    if (right.length < 2) throw new Error(`${name}: expected two right answers in other styles`);
    const judge = async (what: string, answer: unknown, expected: string, tries = 1) => {
      const verdict = await grade(exercise, answer);
      const found = verdict.state === "wrong"
        ? `wrong (${verdict.misconception ?? "no misconception"}) ${verdict.report}`
        : verdict.state;
      if (found.startsWith(expected)) return;
      if (tries > 1) return await judge(what, answer, expected, tries - 1);
      throw new Error(`${name}: expected ${what} to be ${expected} but found ${found}`);
    };
    await judge("the stub", lesson.exercises[name], "unsolved");
    await judge("the solution", lesson.solutions[name], "right");
    for (const [i, answer] of right.entries()) await judge(`right[${i}]`, answer, "right");
    for (const misconception of Object.keys(exercise.misconceptions)) {
      const answer = wrong[misconception as keyof typeof wrong];
      // Once in some thousand draws a wrong answer comes to the right number; not twice in a row.
      await judge(`wrong.${misconception}`, answer, `wrong (${misconception})`, 2);
    }
  }
}

/**
 * A cell's source with the given solutions put in the place of the learner's answers: every
 * `check(checks.name, …)` gets the `name` of the lesson's `solutions.ts`.
 *
 * @param source The source of a notebook cell.
 * @example
 * ```ts
 * import { fillSolutions } from "@tunebook/notebook";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   fillSolutions("await check(checks.double, double);"),
 *   'await check(checks.double, (await import("./solutions.ts")).double);',
 * );
 * ```
 */
export function fillSolutions(source: string): string {
  return source.replaceAll(
    /\bcheck\(\s*checks\.(\w+),\s*[\w.]+\s*\)/g,
    (_, name) => `check(checks.${name}, (await import("./solutions.ts")).${name})`,
  );
}
