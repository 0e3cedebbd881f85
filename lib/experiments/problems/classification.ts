import type { ClassificationTask, TextExample } from "@tunebook/finetune";
import { crossEntropy, type Tensor, tensor } from "@tunebook/tensor";
import { accuracy, f1 } from "@tunebook/training";
import { encodeText } from "../encoding.ts";
import { drawParts } from "./parts.ts";
import type { Problem, ReadingOptions, Row } from "./problem.ts";

/** A text with its label. */
export interface LabelledRow extends Row {
  /** The label's place. */
  readonly label: number;
}

/** What is needed of a task: its labels and parts. */
export type ClassificationData = Pick<
  ClassificationTask,
  "labels" | "train" | "validation" | "test"
>;

/**
 * Classification, made ready: `score` is `accuracy`, beside it `macroF1`.
 *
 * @param classWeights A factor for the loss of each class.
 */
export function classificationProblem(
  task: ClassificationData,
  options: ReadingOptions & { classWeights?: readonly number[] | undefined },
): Problem<LabelledRow, number> {
  const { tokenizer, maxLength, cutAt, classWeights } = options;
  const rowsOf = (examples: Iterable<TextExample>): LabelledRow[] =>
    Array.from(examples, ({ text, label }) => ({
      ids: encodeText(tokenizer, text, maxLength, cutAt),
      label,
    }));
  const { train, validation, test } = drawParts(task, options, (example) => example.label);
  const truth = (rows: readonly LabelledRow[]) => rows.map((row) => row.label);
  return {
    kind: "classification",
    labels: task.labels,
    parts: { train: rowsOf(train), validation: rowsOf(validation), test: rowsOf(test) },
    paddingId: tokenizer.paddingId,
    weight: (rows) =>
      classWeights ? rows.reduce((sum, row) => sum + classWeights[row.label]!, 0) : rows.length,
    loss: (scores, rows) =>
      crossEntropy(scores, truth(rows), classWeights && { weight: tensor([...classWeights]) }),
    answers: (scores) => highest(scores),
    measure(rows, answers) {
      const score = accuracy(truth(rows), answers);
      return { score, accuracy: score, macroF1: f1(truth(rows), answers) };
    },
  };
}

/** The place of the highest score in each row of `[.., classes]`. */
export function highest(scores: Tensor): number[] {
  const classes = scores.shape.at(-1)!, data = scores.data;
  return Array.from({ length: data.length / classes }, (_, row) => {
    let best = 0;
    for (let i = 1; i < classes; i++) {
      if (data[row * classes + i]! > data[row * classes + best]!) best = i;
    }
    return best;
  });
}
