import { crossEntropy, type Tensor, tensor } from "@tunebook/tensor";

/** What crossEntropy doesn't count. */
const IGNORED = -100;

/** What {@linkcode nextTokenLoss} counts. */
export interface NextTokenLossOptions {
  /** `[batch, time]`: tokens where it is 0 needn't be predicted, such as padding, or a question. */
  mask?: Tensor | undefined;
}

/**
 * How surprised a language model is by each next token, on average: the mean over all tokens but each
 * text's first of −log p(token | those before it), in nats. Its exponential is the perplexity.
 *
 * @param logits Scores `[batch, time, vocabSize]`.
 * @param tokens The same tokens the model was given, int32 `[batch, time]`; those that are −100
 * don't count.
 * @returns A number.
 */
export function nextTokenLoss(
  logits: Tensor,
  tokens: Tensor,
  { mask }: NextTokenLossOptions = {},
): Tensor {
  const [batch, time] = tokens.shape as [number, number];
  const targets = new Int32Array(batch * time).fill(IGNORED);
  const ids = tokens.data, counts = mask?.data;
  // Position t predicts token t + 1. Shifting the targets spares a copy of the logits.
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t + 1 < time; t++) {
      const next = b * time + t + 1;
      if (!counts || counts[next]) targets[next - 1] = ids[next]!;
    }
  }
  return crossEntropy(logits, tensor(targets, { shape: [batch, time] }), { ignoreIndex: IGNORED });
}
