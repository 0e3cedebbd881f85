/**
 * What `deno task learn` shows, as text.
 *
 * @module
 */
import { describeVerdict } from "@tunebook/notebook";
import { type LessonState, nextPlace } from "./course.ts";

const WIDTH = 30;

/** How an exercise fares, as a sign of one character. */
const SIGNS = { right: "●", wrong: "◐", unsolved: "○" } as const;

/** The course in a line a lesson, and a bar. */
export function showProgress(lessons: readonly LessonState[]): string {
  const all = lessons.flatMap(({ exercises }) => exercises);
  const right = all.filter(({ verdict }) => verdict.state === "right").length;
  const filled = all.length === 0 ? 0 : Math.round(WIDTH * right / all.length);
  const longest = Math.max(0, ...lessons.map(({ name }) => name.length));
  const lines = lessons.map(({ name, exercises, problem }) =>
    `  ${name.padEnd(longest)}  ${
      problem === undefined
        ? exercises.map(({ verdict }) => SIGNS[verdict.state]).join(" ")
        : "does not run"
    }`
  );
  return `${"█".repeat(filled)}${
    "░".repeat(WIDTH - filled)
  } ${right} of ${all.length} exercises\n` +
    lines.join("\n");
}

/** The exercise to do next, and how its answer fares. */
export function showNext(lessons: readonly LessonState[], { hint = false } = {}): string {
  const place = nextPlace(lessons);
  if (place === undefined) return "All exercises are right. Well done!";
  const { lesson, exercise, problem } = place;
  const file = `my/${lesson}/exercises.ts`;
  if (exercise === undefined) return `${file} does not run:\n${problem}`;
  const { title, name, verdict } = exercise;
  const where = `${title}: write \`${name}\` in ${file}, and save it.`;
  if (verdict.state === "wrong") return `${where}\n${describeVerdict(exercise, verdict)}`;
  return hint ? `${where}\nHint: ${exercise.hint}` : `${where} (h shows a hint)`;
}
