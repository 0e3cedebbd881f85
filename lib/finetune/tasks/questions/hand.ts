import { Dataset } from "@tunebook/data";
import type { QuestionExample } from "../task.ts";
import csv from "../hand_questions.csv" with { type: "text" };

/** A question written by hand, with the answers that two AI annotators marked independently. */
export interface HandQuestion extends QuestionExample {
  /** The answer of the second, who saw context and question alone; undefined where none is marked. */
  second?: { start: number; end: number };
}

/**
 * The questions written by hand on the test addresses, from `hand_questions.csv`. An AI wrote them
 * one by one, reading the paragraphs, not by rules, in other words than the text's wherever that was
 * natural. Agreement between two independent AI annotators: exact match 0.922, token F1 0.973
 * ({@linkcode spanAgreement}); the second saw the paragraphs and the questions, not the answers.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { handQuestions } from "@tunebook/finetune";
 *
 * const questions = handQuestions();
 * assert(questions.length >= 150);
 * ```
 *
 * @returns The questions in order of time.
 * @throws {TypeError} If an answer of the file doesn't stand where the file says; it names the
 *   question.
 */
export function handQuestions(): Dataset<HandQuestion> {
  return Dataset.fromCsv(csv).map((row) => {
    const first = spanOf(row, "answer", "start", "end");
    if (!first) throw new TypeError(`Expected an answer to "${row.question}" but found none`);
    const second = spanOf(row, "second_answer", "second_start", "second_end");
    return {
      question: row.question!,
      context: row.context!,
      ...first,
      form: "hand",
      group: row.address!,
      ...(second ? { second } : {}),
    };
  });
}

function spanOf(
  row: Record<string, string>,
  answer: string,
  start: string,
  end: string,
): { start: number; end: number } | undefined {
  if (row[answer] === "") return undefined;
  const span = { start: Number(row[start]), end: Number(row[end]) };
  const found = row.context!.slice(span.start, span.end);
  if (found === row[answer]) return span;
  throw new TypeError(
    `Expected the ${answer} "${row[answer]}" to "${row.question}" from ${row[start]} to ` +
      `${row[end]} of its context but found "${found}" there`,
  );
}
