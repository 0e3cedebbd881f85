import { Dropout, type Layer } from "@tunebook/nn";
import { accuracy, f1, type Scores } from "@tunebook/training";
import { crossEntropy, type Tensor } from "@tunebook/tensor";
import { projection } from "../../../models/init.ts";
import type { Targets } from "../batch.ts";
import {
  type Answer,
  type BodyConfig,
  checkLabels,
  dropoutOf,
  type Encoded,
  IGNORED,
  TaskHead,
} from "./head.ts";

/** Puts each token in a class. */
export class TokenHead extends TaskHead {
  /** The labels' names, in the order of the scores. */
  readonly labels: readonly string[];
  /** Before the scores. */
  dropout: Dropout;
  /** `[dim]` → a score for each label. */
  classifier: Layer;

  /** Draws the initial weights. */
  constructor(task: string, labels: readonly string[], config: BodyConfig) {
    super(task);
    this.labels = [...labels];
    this.dropout = new Dropout(dropoutOf(config));
    const { dim, initializerRange: deviation } = config;
    this.classifier = projection(dim, labels.length, { deviation });
  }

  /** What the body gives → scores `[batch, time, labels]` */
  forward({ hidden }: Encoded): Tensor {
    return this.classifier.forward(this.dropout.forward(hidden));
  }

  /** The mean cross-entropy over the tokens that count; targets are labels, int32 `[batch, time]`. */
  loss(scores: Tensor, targets: Targets): Tensor {
    return crossEntropy(scores, checkLabels(this.task, this.#labelsIn(targets), this.labels));
  }

  /** For each token the label with the highest score. */
  answers(scores: Tensor): number[][] {
    return scores.argmax(2).toArray() as number[][];
  }

  /** The labels, −100 where none counts. */
  right(targets: Targets): number[][] {
    return this.#labelsIn(targets).toArray() as number[][];
  }

  /** F1 averaged over the labels, and accuracy, over all tokens that count. */
  score(answers: readonly Answer[], right: readonly Answer[]): Scores {
    const found: number[] = [], actual: number[] = [];
    for (const [i, row] of (right as number[][]).entries()) {
      for (const [t, label] of row.entries()) {
        if (label === IGNORED) continue;
        actual.push(label);
        found.push((answers[i] as number[])[t]!);
      }
    }
    return { macroF1: f1(actual, found), accuracy: accuracy(actual, found) };
  }

  #labelsIn(targets: Targets): Tensor {
    if ("starts" in targets || targets.ndim !== 2) {
      throw this.misfit("a label for each token, int32 [batch, time]", targets);
    }
    return targets;
  }

  /** How many labels. */
  override describe(): string {
    return `${this.labels.length} labels`;
  }
}
