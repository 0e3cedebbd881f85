/**
 * Grades the exercises of one lesson in a process of its own, so that an answer that never ends can be
 * ended: `grade.ts FOLDER` writes a line of JSON.
 *
 * @module
 */
import { toFileUrl } from "../files.ts";
import { type ExerciseDefinition, grade, type Verdict } from "@tunebook/notebook";

/** An exercise and how its answer fares. */
export interface Graded {
  /** Its name in `exercises.ts`. */
  name: string;
  /** Its title. */
  title: string;
  /** The nudge for those who have not begun. */
  hint: string;
  /** How the answer fares. */
  verdict: Verdict;
}

/** Grades what stands in a folder's `exercises.ts` by its `checks.ts`. */
export async function gradeFolder(folder: string): Promise<Graded[]> {
  const base = toFileUrl(folder);
  const { checks } = await import(new URL("checks.ts", base).href) as {
    // deno-lint-ignore no-explicit-any -- exercises differ in what they take
    checks: Record<string, ExerciseDefinition<any, any>>;
  };
  const answers: Record<string, unknown> = await import(new URL("exercises.ts", base).href);
  const graded: Graded[] = [];
  for (const [name, exercise] of Object.entries(checks)) {
    const { title, hint } = exercise;
    graded.push({ name, title, hint, verdict: await grade(exercise, answers[name]) });
  }
  return graded;
}

if (import.meta.main) {
  const graded = await gradeFolder(Deno.args[0]!);
  console.log(`\n${JSON.stringify(graded)}`);
  Deno.exit(0); // what an answer left running must not keep anyone waiting
}
