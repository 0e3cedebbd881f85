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
  TaskHead,
} from "./head.ts";

/** Puts each text in a class. */
export class ClassificationHead extends TaskHead {
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

  /** What the body gives → scores `[batch, labels]` */
  forward(encoded: Encoded): Tensor {
    return this.classifier.forward(this.dropout.forward(encoded.pooled()));
  }

  /** The mean cross-entropy; targets are labels, int32 `[batch]`. */
  loss(scores: Tensor, targets: Targets): Tensor {
    return crossEntropy(scores, checkLabels(this.task, this.#labelsIn(targets), this.labels));
  }

  /** The label with the highest score. */
  answers(scores: Tensor): number[] {
    return [...scores.argmax(1).data];
  }

  /** The labels. */
  right(targets: Targets): number[] {
    return [...this.#labelsIn(targets).data];
  }

  /** Accuracy, and F1 averaged over the labels. */
  score(answers: readonly Answer[], right: readonly Answer[]): Scores {
    const found = answers as number[], actual = right as number[];
    return { accuracy: accuracy(actual, found), macroF1: f1(actual, found) };
  }

  #labelsIn(targets: Targets): Tensor {
    if ("starts" in targets || targets.ndim !== 1) {
      throw this.misfit("a label for each text, int32 [batch]", targets);
    }
    return targets;
  }

  /** How many labels. */
  override describe(): string {
    return `${this.labels.length} labels`;
  }
}
