/**
 * Our side of the texts' bench: `texts_peer.ts MATERIAL`, then commands as `torch_texts.py`'s.
 *
 * @module
 */
import { DataLoader, Dataset } from "@tunebook/data";
import { GptForSequenceClassification } from "@tunebook/models";
import { crossEntropy, tensor } from "@tunebook/tensor";
import { Tokenizer } from "@tunebook/tokenizers";
import { AdamW, Trainer } from "@tunebook/training";
import { SIZES } from "./gpt.ts";
import { serve } from "./peer.ts";

const { lines, examples, classified, size, vocabSize, batchSize } = JSON.parse(
  await Deno.readTextFile(Deno.args[0]!),
);
const { V, T, B, d, L, H } = SIZES[size]!;
let tokenizer: Tokenizer | undefined;

/** Texts as a rectangle of tokens and a mask, `[batch, time]`. */
function rectangle(rows: number[][]) {
  const time = Math.max(...rows.map((row) => row.length)), shape = [rows.length, time];
  const ids = new Int32Array(rows.length * time), mask = new Int32Array(ids.length);
  for (const [i, row] of rows.entries()) {
    ids.set(row, i * time);
    mask.fill(1, i * time, i * time + row.length);
  }
  return { tokens: tensor(ids, { shape }), mask: tensor(mask, { shape }) };
}

const WORKS: Record<string, () => () => number | Promise<number>> = {
  train: () => () => {
    tokenizer = Tokenizer.train(lines, { vocabSize, minFrequency: 2 });
    return tokenizer.vocabSize;
  },
  encode: () => () =>
    lines.reduce((sum: number, line: string) => sum + tokenizer!.encode(line).length, 0),
  load: () => {
    const dataset = Dataset.from(examples as number[][]);
    const loader = new DataLoader(dataset, { batchSize, shuffle: true, collate: rectangle });
    return () => {
      let count = 0;
      for (const { tokens, mask } of loader.epoch(0)) {
        count += (mask.data as Int32Array).reduce((sum, one) => sum + one, 0);
        tokens.dispose();
        mask.dispose();
      }
      return count;
    };
  },
  epoch: () => {
    const model = new GptForSequenceClassification({
      vocabSize: V,
      maxPositions: T,
      dim: d,
      layers: L,
      heads: H,
      dropout: 0,
      labels: ["low", "high"],
    });
    const trainer = new Trainer({
      model,
      optimizer: new AdamW(model.parameters(), { learningRate: 1e-3 }),
      data: new DataLoader(Dataset.from(classified as { ids: number[]; label: number }[]), {
        batchSize: B,
        collate: (rows) => ({
          tokens: tensor(rows.map(({ ids }) => ids), { dtype: "int32" }),
          labels: rows.map(({ label }) => label),
        }),
      }),
      loss: ({ tokens, labels }) => crossEntropy(model.forward(tokens), labels),
      epochs: 1,
    });
    return async () => {
      const { steps } = (await trainer.run()).history;
      return steps.reduce((sum, { loss }) => sum + loss, 0) / steps.length;
    };
  },
};

await serve({}, async ([work]) => {
  const run = WORKS[work!]!(); // what is built for it isn't timed
  const start = performance.now();
  const result = await run();
  return { seconds: (performance.now() - start) / 1000, result };
});
Deno.exit(0);
