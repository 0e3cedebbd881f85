import type { TokenExample, TokenTask } from "@tunebook/finetune";
import { crossEntropy } from "@tunebook/tensor";
import { accuracy, f1 } from "@tunebook/training";
import { bareTokens, frameOf } from "../encoding.ts";
import { highest } from "./classification.ts";
import { drawParts } from "./parts.ts";
import type { Problem, ReadingOptions, Row } from "./problem.ts";

/** A text whose words have labels. */
export interface WordsRow extends Row {
  /** For each token the label of the word that ends with it, or {@linkcode NO_WORD}. */
  readonly targets: Int32Array;
}

/** The target of tokens that are no word's last, which the loss passes over. */
const NO_WORD = -100;

/** What is needed of a task: its labels and parts. */
export type TokenData = Pick<TokenTask, "labels" | "train" | "validation" | "test">;

/**
 * Token classification, made ready. A word is judged at its last token, the only one at which a model
 * that reads from left to right has seen all of it. `score` is `macroF1`, since most words have the
 * same label; beside it `accuracy`.
 */
export function tokenProblem(
  task: TokenData,
  options: ReadingOptions,
): Problem<WordsRow, number[]> {
  const { tokenizer, maxLength } = options;
  const rowsOf = (examples: Iterable<TokenExample>) =>
    Array.from(examples, (example) => wordsRow(example, tokenizer, maxLength));
  const { train, validation, test } = drawParts(task, options);
  return {
    kind: "tokens",
    labels: task.labels,
    parts: { train: rowsOf(train), validation: rowsOf(validation), test: rowsOf(test) },
    paddingId: tokenizer.paddingId,
    weight: (rows) => rows.reduce((sum, row) => sum + judged(row).length, 0),
    loss(scores, rows) {
      const time = scores.shape[1]!, targets = new Int32Array(rows.length * time).fill(NO_WORD);
      for (const [i, row] of rows.entries()) targets.set(row.targets, i * time);
      return crossEntropy(scores.reshape(rows.length * time, -1), targets, {
        ignoreIndex: NO_WORD,
      });
    },
    answers(scores, rows) {
      const time = scores.shape[1]!, all = highest(scores);
      return rows.map((row, i) => judged(row).map((at) => all[i * time + at]!));
    },
    measure(rows, answers) {
      const truth = rows.flatMap((row) => judged(row).map((at) => row.targets[at]!));
      const found = answers.flat(), macroF1 = f1(truth, found);
      return { score: macroF1, macroF1, accuracy: accuracy(truth, found) };
    },
  };
}

/** The tokens at which words are judged. */
function judged({ targets }: WordsRow): number[] {
  const places: number[] = [];
  for (const [at, target] of targets.entries()) if (target !== NO_WORD) places.push(at);
  return places;
}

function wordsRow(
  { words, wordLabels }: TokenExample,
  tokenizer: ReadingOptions["tokenizer"],
  maxLength: number,
): WordsRow {
  const { before, after } = frameOf(tokenizer);
  const ids = [...before], targets = before.map(() => NO_WORD);
  for (const [i, word] of words.entries()) {
    const tokens = bareTokens(tokenizer, word);
    if (ids.length + tokens.length + after.length > maxLength) break;
    ids.push(...tokens);
    targets.push(...tokens.map((_, at) => at === tokens.length - 1 ? wordLabels[i]! : NO_WORD));
  }
  ids.push(...after);
  targets.push(...after.map(() => NO_WORD));
  if (targets.every((target) => target === NO_WORD)) {
    throw new RangeError(
      `Expected maxLength to leave room for a word but found ${maxLength}; raise it`,
    );
  }
  return { ids: Int32Array.from(ids), targets: Int32Array.from(targets) };
}
