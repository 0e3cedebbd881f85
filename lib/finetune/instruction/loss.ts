import { crossEntropy, type Tensor, tensor } from "@tunebook/tensor";
import { IGNORED, type InstructionExample } from "./encode.ts";

/** Examples as a rectangle, the shorter ones padded on the right. */
export interface InstructionBatch {
  /** int32 `[batch, time]` */
  tokens: Tensor;
  /** int32 `[batch, time]`: 1 for tokens, 0 for padding. */
  mask: Tensor;
  /** int32 `[batch, time]`: the tokens to be predicted, −100 elsewhere. */
  labels: Tensor;
}

/** Puts examples into one rectangle; for a `DataLoader`'s `collate`. */
export function collateInstructions(
  examples: readonly InstructionExample[],
  paddingId: number,
): InstructionBatch {
  const time = Math.max(...examples.map(({ ids }) => ids.length));
  const shape = [examples.length, time];
  const rectangle = (rows: readonly number[][], filler: number) =>
    tensor(rows.flatMap((row) => [...row, ...Array(time - row.length).fill(filler)]), {
      shape,
      dtype: "int32",
    });
  return {
    tokens: rectangle(examples.map(({ ids }) => ids), paddingId),
    mask: rectangle(examples.map(({ ids }) => ids.map(() => 1)), 0),
    labels: rectangle(examples.map(({ labels }) => labels), IGNORED),
  };
}

/**
 * How many tokens of a batch are predicted: all with a label but each text's first, which nothing
 * comes before. Give it as `weight` to `Trainer` where batches are accumulated, so that every token
 * counts alike.
 */
export function learntTokens({ labels }: Pick<InstructionBatch, "labels">): number {
  const time = labels.shape[1]!;
  return (labels.data as Int32Array).filter((label, i) => i % time > 0 && label !== IGNORED).length;
}

/**
 * The mean over all tokens to be predicted of −log p(token | those before it), in nats; 0 if there
 * are none. The mean is over the batch's tokens, not over its texts: a long answer counts for more
 * than a short one, as in TRL's `SFTTrainer`.
 *
 * @param logits Scores `[batch, time, vocabSize]`.
 * @param labels int32 `[batch, time]`, −100 where nothing is to be learnt.
 *
 * @example
 * ```ts
 * import { completionLoss } from "@tunebook/finetune";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = tensor([[[0, 0], [3, 0], [0, 0]]]); // of three tokens, each one of two
 * const labels = tensor([[-100, -100, 0]], { dtype: "int32" }); // only the last is an answer
 * assertAlmostEquals(completionLoss(logits, labels).item(), Math.log(1 + Math.exp(-3)), 1e-6);
 * ```
 */
export function completionLoss(logits: Tensor, labels: Tensor): Tensor {
  const [batch, time] = labels.shape as [number, number];
  // Position t predicts label t + 1. Shifting the labels spares a copy of the logits.
  const targets = new Int32Array(batch * time).fill(IGNORED);
  for (let b = 0; b < batch; b++) {
    targets.set((labels.data as Int32Array).subarray(b * time + 1, (b + 1) * time), b * time);
  }
  const shifted = tensor(targets, { shape: [batch, time], dtype: "int32" });
  return crossEntropy(logits, shifted, { reduction: "sum" }).div(
    Math.max(1, learntTokens({ labels })),
  );
}
