import { display, insideNotebook, type MimeBundle } from "./jupyter.ts";
import { type ExerciseDefinition, grade, type Verdict } from "./exercises.ts";
import { escapeHtml } from "./html.ts";

/**
 * Checks an answer in a notebook cell and shows how it fared: a neutral "not yet" box with the hint
 * on request, what was expected and found with the hint for that way of going wrong, or a green
 * line. It never throws, so a notebook runs to its end with exercises unsolved. In a terminal it
 * prints the same as text.
 *
 * @param exercise The exercise, from the lesson's `checks.ts`.
 * @param answer The answer; `undefined` counts as unsolved.
 * @example
 * ```ts
 * import { check, exercise, todo } from "@tunebook/notebook";
 *
 * const double = exercise({
 *   title: "Double a number",
 *   hint: "Twice a number is the number plus itself.",
 *   misconceptions: { squared: "`n * n` is the square." },
 *   check(answer: (n: number) => number, expect) {
 *     const n = expect.integer(3, 99);
 *     expect.equal(answer(n), 2 * n, { input: n, misconceptions: { squared: n * n } });
 *   },
 * });
 * await check(double, (n) => todo(n)); // Double a number: not yet
 * await check(double, (n) => n + n); // Double a number: right
 * ```
 */
export async function check<Answer, Misconception extends string>(
  exercise: ExerciseDefinition<Answer, Misconception>,
  answer: Answer | undefined,
): Promise<void> {
  const verdict = await grade(exercise, answer);
  const bundle = insideNotebook()
    ? viewVerdict(exercise, verdict)
    : { "text/plain": describeVerdict(exercise, verdict) };
  display(bundle, { check: verdict.state });
}

/** A verdict in lines of text. */
export function describeVerdict(
  { title, hint }: { title: string; hint: string },
  verdict: Verdict,
): string {
  switch (verdict.state) {
    case "unsolved":
      return `${title}: not yet\nHint: ${hint}`;
    case "right":
      return `${title}: right`;
    case "wrong":
      return `${title}: not right\n${verdict.report}\nHint: ${verdict.hint}`;
  }
}

const COLOURS: Record<Verdict["state"], string> = {
  unsolved: "#808080",
  wrong: "#d97706",
  right: "#16a34a",
};

function viewVerdict(exercise: { title: string; hint: string }, verdict: Verdict): MimeBundle {
  const title = `<strong>${code(exercise.title)}</strong>`;
  const body = {
    unsolved: () =>
      `${title}: not yet<details><summary>Hint</summary>${code(exercise.hint)}</details>`,
    right: () => `${title}: ✓ right`,
    wrong: () => {
      const { report, hint } = verdict as Verdict & { state: "wrong" };
      return `${title}: not right<pre>${escapeHtml(report)}</pre>${code(hint)}`;
    },
  }[verdict.state]();
  const style = `border-left:4px solid ${COLOURS[verdict.state]};padding:4px 12px;margin:6px 0`;
  return {
    "text/html": `<div style="${style}">${body}</div>`,
    "text/plain": describeVerdict(exercise, verdict),
  };
}

/** Text as HTML, with `backquoted` parts as code. */
function code(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
