import type { CommonConfig, Pooling } from "@tunebook/models";
import { Module } from "@tunebook/nn";
import type { Scores } from "@tunebook/training";
import type { Tensor } from "@tunebook/tensor";
import type { Targets } from "../batch.ts";

/** What all kinds of heads take. */
export interface HeadOptions {
  /**
   * What the loss is multiplied by: how badly scaled losses behave can be tried out with it.
   *
   * @default {1}
   */
  readonly lossScale?: number;
}

/** Which head a task needs; the ready tasks say it themselves. */
export type HeadKind =
  & (
    | { readonly kind: "classification"; readonly labels: readonly string[] }
    | { readonly kind: "tokens"; readonly labels: readonly string[] }
    | { readonly kind: "questions" }
  )
  & HeadOptions;

/** What heads read of the body's configuration; Gpt's, Bert's and Llama's have it. */
export interface BodyConfig extends CommonConfig {
  /** Width of a token. */
  dim: number;
  /** The standard deviation of the initial weights. */
  initializerRange: number;
  /** Which tokens speak for a text. */
  pooling: Pooling;
  /** Probability of zeroing an element before a classifier; `null` is as `hiddenDropout`. */
  classifierDropout: number | null;
  /** The body's own dropout, where it has one for all places. */
  hiddenDropout?: number;
}

/** What the body gives a head. */
export interface Encoded {
  /** `[batch, time, dim]` */
  readonly hidden: Tensor;
  /** Makes one vector of each text: `[batch, dim]`. */
  pooled(): Tensor;
}

/** Where an answer begins and ends: the places of its first and last token. */
export interface AnswerSpan {
  /** The first token's place. */
  readonly start: number;
  /** The last token's place. */
  readonly end: number;
}

/**
 * What a head says of one text, or what is right: a label, a label for each token (−100 where none
 * counts), or a span.
 */
export type Answer = number | readonly number[] | AnswerSpan;

/** A task's own part on top of the shared body: scores, their loss, and what they mean. */
export abstract class TaskHead extends Module {
  /** The task it is for. */
  readonly task: string;

  /** A head of the given task. */
  constructor(task: string) {
    super();
    this.task = task;
  }

  /** What the body gives → scores */
  abstract forward(encoded: Encoded): Tensor;

  /**
   * The mean loss.
   *
   * @param scores What {@linkcode TaskHead.forward} gave.
   * @param targets What is right.
   * @param answerMask Where an answer may lie, for spans.
   * @returns A number.
   * @throws {RangeError} If a label is beyond the head's.
   * @throws {TypeError} If the targets are of another kind of task.
   */
  abstract loss(scores: Tensor, targets: Targets, answerMask?: Tensor): Tensor;

  /**
   * What the scores say, text by text.
   *
   * @param scores What {@linkcode TaskHead.forward} gave.
   * @param answerMask Where an answer may lie, for spans.
   */
  abstract answers(scores: Tensor, answerMask?: Tensor): Answer[];

  /** A batch's targets, text by text, to compare answers with. */
  abstract right(targets: Targets): Answer[];

  /** How good answers are; the first score is the one the task is judged by. */
  abstract score(answers: readonly Answer[], right: readonly Answer[]): Scores;

  /** For errors: what was given in place of the right kind of targets. */
  protected misfit(expected: string, targets: Targets): TypeError {
    const found = "starts" in targets
      ? "starts and ends of spans"
      : `labels [${targets.shape.join(", ")}]`;
    return new TypeError(
      `Expected ${expected} for the task ${JSON.stringify(this.task)} but found ${found}; ` +
        "is the batch of another task?",
    );
  }
}

/** The probability of zeroing an element before a classifier. */
export function dropoutOf({ classifierDropout, hiddenDropout = 0 }: BodyConfig): number {
  return classifierDropout ?? hiddenDropout;
}

/** The labels of targets. @throws {RangeError} If one is beyond what the head has. */
export function checkLabels(task: string, targets: Tensor, labels: readonly string[]): Tensor {
  const { data } = targets;
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!;
    if (label === IGNORED || (label >= 0 && label < labels.length)) continue;
    throw new RangeError(
      `Expected labels from 0 to ${labels.length - 1}, since the head of ${JSON.stringify(task)} ` +
        `has ${labels.length} (${labels.slice(0, 5).join(", ")}${
          labels.length > 5 ? ", …" : ""
        }), ` +
        `but found ${label}; give the model as many labels for this task as its data has`,
    );
  }
  return targets;
}

/** The label that doesn't count. */
export const IGNORED = -100;
