import { GptForCausalLM, GptForSequenceClassification } from "@tunebook/models";
import { type Tensor, tensor } from "@tunebook/tensor";

/** The size of the models in these tests. */
export const SMALL = {
  vocabSize: 29,
  maxPositions: 16,
  dim: 12,
  layers: 3,
  heads: 3,
  dropout: 0,
};

/** A language model with tied embeddings. */
export function languageModel(): GptForCausalLM {
  return new GptForCausalLM(SMALL);
}

/** A classifier. */
export function classifier(): GptForSequenceClassification {
  return new GptForSequenceClassification({ ...SMALL, labels: ["a", "b", "c"] });
}

/** Tokens `[batch, time]`, the same each time. */
export function texts(batch = 2, time = 7): Tensor {
  const values = Array.from({ length: batch * time }, (_, i) => 1 + (i * 11) % 28);
  return tensor(values, { shape: [batch, time], dtype: "int32" });
}
