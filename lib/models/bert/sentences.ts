import type { Tensor } from "@tunebook/tensor";
import type { ModelInputs } from "../inputs.ts";
import { pool } from "../pooling.ts";
import { Bert } from "./model.ts";

/** Below this a vector counts as zero, as in PyTorch's `F.normalize`. */
const TINY = 1e-12;

/**
 * BERT that makes one vector of a text, so that texts which mean the same lie close: the mean of its
 * tokens' vectors, brought to length 1
 * ([Reimers & Gurevych 2019](https://arxiv.org/abs/1908.10084)). MiniLM's `all-MiniLM-L6-v2` is
 * trained for it.
 *
 * @example
 * ```ts
 * import { BertForSentenceEmbedding } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const size = { vocabSize: 100, dim: 8, layers: 2, heads: 2, hidden: 16 };
 * const texts = tensor([[5, 99], [7, 1]], { dtype: "int32" });
 * const [a, b] = new BertForSentenceEmbedding(size).eval().forward(texts).split(1);
 * assertAlmostEquals(a!.mul(a!).sum().item(), 1, 1e-5);
 * const _likeness = a!.mul(b!).sum().item(); // the cosine of the angle between the two
 * ```
 */
export class BertForSentenceEmbedding extends Bert {
  /** Tokens `[batch, time]` → unit vectors `[batch, dim]` */
  override forward(input: Tensor, inputs: ModelInputs = {}): Tensor {
    const mean = pool(super.forward(input, inputs), "mean", inputs.mask);
    return mean.div(mean.norm(1, true).maximum(TINY));
  }
}
