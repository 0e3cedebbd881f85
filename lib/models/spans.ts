import { crossEntropy, type Tensor } from "@tunebook/tensor";

/** Where a span begins and ends: the places of its first and last token. */
export interface Spans {
  /** int32 `[batch]` */
  starts: Tensor | ArrayLike<number>;
  /** int32 `[batch]` */
  ends: Tensor | ArrayLike<number>;
}

/**
 * The mean of two cross-entropies: over the places where the span might begin, and where it might
 * end ([Devlin et al. 2019](https://arxiv.org/abs/1810.04805), section 4.2).
 *
 * @param scores `[batch, time, 2]`, as the models for question answering give them.
 * @param spans The right places.
 * @returns A number.
 */
export function spanLoss(scores: Tensor, { starts, ends }: Spans): Tensor {
  return crossEntropy(scores.select(2, 0), starts)
    .add(crossEntropy(scores.select(2, 1), ends))
    .mul(0.5);
}

/** A span found in a text. */
export interface FoundSpan {
  /** The place of its first token. */
  start: number;
  /** The place of its last token. */
  end: number;
  /** The sum of the two scores. */
  score: number;
}

/** Which spans {@linkcode bestSpans} may find. */
export interface BestSpanOptions {
  /** int32 `[batch, time]`: a span may only lie where it is 1, such as in the context. */
  mask?: Tensor | undefined;
  /** The most tokens in a span; 30 unless given. */
  maxLength?: number;
}

/**
 * The best span of each text: the pair of start and end with the highest sum of scores, the end not
 * before the start.
 *
 * @param scores `[batch, time, 2]`
 * @throws {RangeError} If a text has no place for a span.
 *
 * @example
 * ```ts
 * import { bestSpans } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = tensor([[[0, 8], [5, 0], [1, 4]]]); // the best end comes before the best start
 * assertEquals(bestSpans(scores), [{ start: 1, end: 2, score: 9 }]);
 * ```
 */
export function bestSpans(
  scores: Tensor,
  { mask, maxLength = 30 }: BestSpanOptions = {},
): FoundSpan[] {
  const [batch, time] = scores.shape as [number, number];
  const values = scores.data, allowed = mask?.data;
  return Array.from({ length: batch }, (_, b) => {
    let best: FoundSpan | undefined;
    for (let start = 0; start < time; start++) {
      for (let end = start; end < Math.min(time, start + maxLength); end++) {
        if (allowed && !allowed[b * time + end]) break;
        const score = values[(b * time + start) * 2]! + values[(b * time + end) * 2 + 1]!;
        if (!best || score > best.score) best = { start, end, score };
      }
    }
    if (best) return best;
    throw new RangeError(`Expected a place for a span in text ${b} but the mask leaves none`);
  });
}
