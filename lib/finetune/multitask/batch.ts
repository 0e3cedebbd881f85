import type { ModelInputs, Spans } from "@tunebook/models";
import type { Tensor } from "@tunebook/tensor";

/** What is right for a batch, which depends on the kind of its task's head. */
export type Targets = Tensor | Spans;

/** Texts of one task, ready for the model. */
export interface TextBatch {
  /** Tokens, int32 `[batch, time]`. */
  input: Tensor;
  /** Mask and token types. */
  inputs?: ModelInputs;
  /**
   * What is right. `"classification"`: labels, int32 `[batch]`. `"tokens"`: labels, int32
   * `[batch, time]`, −100 where none counts. `"questions"`: where the spans begin and end.
   */
  targets: Targets;
  /** For `"questions"`, int32 `[batch, time]`: 1 where an answer may lie, such as the context. */
  answerMask?: Tensor;
}

/** A batch with the name of its task. */
export interface LabelledBatch extends TextBatch {
  /** The task, as the model's head is called. */
  task: string;
}

/** A batch of a task that computes its loss itself, in place of the head. */
export interface OwnLossBatch extends Omit<TextBatch, "targets" | "answerMask"> {
  /** The task, as the model's head is called. */
  task: string;
  /** The mean loss of what the head says. */
  loss(scores: Tensor): Tensor;
}

/** A batch of a task, which says what is right or computes its loss itself. */
export type TaskBatch = LabelledBatch | OwnLossBatch;

/** What one step trains on: a batch of one task, or one of each. */
export type MixedBatch = readonly TaskBatch[];
