/**
 * Linear probes: how much of a task can be read off each layer of a frozen model.
 *
 * @module
 */

import { baseGpt, baseTokenizer, untrainedGpt } from "@tunebook/base";
import { Dataset } from "@tunebook/data";
import { drawExamples } from "@tunebook/experiments";
import { agreementTask, periodTask, type TextExample } from "@tunebook/finetune";
import { type Gpt, pool } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { scope, type Tensor, tensor } from "@tunebook/tensor";
import { accuracy, inEvaluation } from "@tunebook/training";
import { ridge } from "./ridge.ts";

/** How strongly the weights are held small; validation chooses. */
const PENALTIES = [0.1, 1, 10];

/** Examples as a probe sees them: a vector each, and the class. */
export interface Described {
  /** The vectors. */
  vectors: readonly Float32Array[];
  /** The classes, from 0. */
  labels: readonly number[];
}

/** How right a probe is. */
export interface ProbeScore {
  /** On what the penalty was chosen by. */
  validation: number;
  /** On the test part. */
  test: number;
}

/** Fits a linear probe to vectors of a frozen model, and measures it. */
export function probe(
  train: Described,
  validation: Described,
  test: Described,
  classes: number,
): ProbeScore {
  const prepare = standardizer(train.vectors);
  const [known, checked, asked] = [train, validation, test].map(({ vectors }) =>
    vectors.map(prepare)
  ) as [Float64Array[], Float64Array[], Float64Array[]];
  const tried = ridge(known, train.labels, classes, PENALTIES).map((answer) => ({
    validation: accuracy(validation.labels, checked.map(answer)),
    test: accuracy(test.labels, asked.map(answer)),
  }));
  return tried.reduce((a, b) => b.validation > a.validation ? b : a);
}

/** Every feature to mean 0 and variance 1, over the root of how many there are: lengths near 1. */
function standardizer(vectors: readonly Float32Array[]): (vector: Float32Array) => Float64Array {
  const size = vectors[0]!.length;
  const mean = new Float64Array(size), scale = new Float64Array(size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) mean[i]! += vector[i]! / vectors.length;
  }
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) scale[i]! += (vector[i]! - mean[i]!) ** 2 / vectors.length;
  }
  for (let i = 0; i < size; i++) {
    // A feature that is nearly constant says nothing, and would be blown up.
    scale[i] = scale[i]! > 1e-10 ? 1 / Math.sqrt(scale[i]! * size) : 0;
  }
  return (vector) => Float64Array.from(vector, (value, i) => (value - mean[i]!) * scale[i]!);
}

/** The ways in which the tokens of a text become one vector. */
const POOLINGS = ["last", "mean"] as const;

/** What the layers of a language model say of a text: the embeddings first, then each block. */
export interface ReadText {
  /** What the text is an example of. */
  label: number;
  /** The last token's vector, layer by layer. */
  last: readonly Float32Array[];
  /** The mean of the tokens' vectors, layer by layer. */
  mean: readonly Float32Array[];
}

/** Reads texts, and keeps what each layer says of them. */
export async function readTexts(
  body: Gpt,
  examples: readonly TextExample[],
): Promise<ReadText[]> {
  const tokenizer = await baseTokenizer();
  const read = new Map<TextExample, ReadText>();
  const byLength = examples.toSorted((a, b) => a.text.length - b.text.length);
  for (const batch of Dataset.from(byLength).batch(32)) {
    inEvaluation(body, () =>
      scope(() => {
        const { ids, attentionMask, shape } = tokenizer.encodeBatch(batch.map(({ text }) => text));
        const mask = tensor(attentionMask, { shape });
        const trace = { hiddenStates: [] as Tensor[] };
        body.forward(tensor(ids, { shape }), { mask, trace });
        const pooled = POOLINGS.map((pooling) =>
          trace.hiddenStates.map((layer) => pool(layer, pooling, mask))
        );
        for (const [i, example] of batch.entries()) {
          const [last = [], mean = []] = pooled.map((layers) =>
            layers.map(({ data, shape }) =>
              Float32Array.from(data.subarray(i * shape[1]!, (i + 1) * shape[1]!))
            )
          );
          read.set(example, { label: example.label, last, mean });
        }
      }));
  }
  return examples.map((example) => read.get(example)!);
}

/** Which texts. */
export type ProbedTask = "agreement" | "period";

/** Which weights. */
export type TextStart = "pretrained" | "random";

/** A layer's probe. */
export interface LayerProbe extends ProbeScore {
  /** How the tokens became one vector; validation chose. */
  pooling: typeof POOLINGS[number];
}

/** How large a probing is. */
export interface ProbeSize {
  /** Training examples. */
  labels: number;
  /** Validation examples. */
  validation: number;
  /** Test examples. */
  test: number;
}

/** What was read of the parts that all seeds share. */
const known = new Map<string, Promise<Record<"validation" | "test", ReadText[]>>>();

/** Probes every layer of the pretrained model, or of one with random weights. */
export async function probeLayers(
  name: ProbedTask,
  start: TextStart,
  seed: number,
  size: ProbeSize,
): Promise<LayerProbe[]> {
  const task = name === "agreement" ? await agreementTask() : await periodTask();
  manualSeed(0);
  const model = await (start === "random" ? untrainedGpt() : baseGpt());
  const body = model.transformer;
  const { validation, test } = await known.getOrInsertComputed(
    JSON.stringify([name, start, size]),
    async () => ({
      validation: await readTexts(body, task.validation.take(size.validation).toArray()),
      test: await readTexts(body, task.test.take(size.test).toArray()),
    }),
  );
  const drawn = drawExamples(task.train, size.labels, seed, ({ label }) => label);
  const train = await readTexts(body, drawn);
  for (const one of model.stateDict().values()) one.dispose();
  return train[0]!.last.map((_, layer) => {
    const tried = POOLINGS.map((pooling) => {
      const at = (texts: readonly ReadText[]): Described => ({
        vectors: texts.map((text) => text[pooling][layer]!),
        labels: texts.map(({ label }) => label),
      });
      return { pooling, ...probe(at(train), at(validation), at(test), task.labels.length) };
    });
    return tried.reduce((a, b) => b.validation > a.validation ? b : a);
  });
}
