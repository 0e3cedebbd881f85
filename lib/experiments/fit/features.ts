import { type Layer, Module } from "@tunebook/nn";
import { pool, type Pooling, TextModel } from "@tunebook/models";
import { ones, type Tensor, tensor } from "@tunebook/tensor";
import { inEvaluation } from "@tunebook/training";
import { type Batch, padBatch, type Problem, type Row } from "../problems/problem.ts";
import { chunksOf } from "./evaluate.ts";

/** Stands in a frozen body's place and hands through what the body once computed. */
class RememberedBody extends Module {
  /** The body's pooler, which heads of BERT call. */
  pooler: Layer | undefined;

  constructor(body: Module & { pooler?: Layer }) {
    super();
    this.pooler = body.pooler;
  }

  forward(features: Tensor): Tensor {
    return features;
  }
}

/** What bodies computed of rows, for the body that was last used: other runs of it reuse them. */
const memory = { body: "", features: new WeakMap<Int32Array, Float32Array>() };

/** Whether all that trains is in the model's head. */
export function hasFrozenBody(model: Module): model is TextModel {
  return model instanceof TextModel && model.bodyName !== "" &&
    model.module(model.bodyName).parameters().every((parameter) => !parameter.requiresGrad);
}

/**
 * Computes once what the frozen body makes of all rows, and puts something in the body's place that
 * hands it through.
 *
 * @returns How rows become batches from now on, and how to put the body back.
 */
export function rememberFeatures<R extends Row>(
  model: TextModel,
  problem: Problem<R>,
  rows: readonly R[],
): { collate: (rows: readonly R[]) => Batch<R>; restore: () => void } {
  const body = model.module(model.bodyName) as TextModel & { pooler?: Layer };
  const pooling = problem.kind === "classification"
    ? (model.config as { pooling?: Pooling }).pooling
    : undefined;
  const { dim } = model.config as unknown as { dim: number };
  const key = `${fingerprint(body)} ${pooling}`;
  if (memory.body !== key) Object.assign(memory, { body: key, features: new WeakMap() });
  const { features } = memory;
  const missing = rows.filter(({ ids }) => !features.has(ids));
  for (const chunk of chunksOf(missing)) {
    inEvaluation(model, () => {
      const { input, inputs } = padBatch(chunk, problem.paddingId);
      const hidden = body.forward(input, inputs);
      const kept = pooling === undefined ? hidden : pool(hidden, pooling, inputs.mask);
      const width = kept.size / chunk.length;
      for (const [i, { ids }] of chunk.entries()) {
        const size = pooling === undefined ? ids.length * dim : dim;
        features.set(ids, Float32Array.from(kept.data.subarray(i * width, i * width + size)));
      }
    });
  }
  model.replaceModule(model.bodyName, new RememberedBody(body));
  return {
    collate: (batch) => padFeatures(batch, features, dim),
    restore: () => model.replaceModule(model.bodyName, body),
  };
}

function padFeatures<R extends Row>(
  rows: readonly R[],
  features: WeakMap<Int32Array, Float32Array>,
  dim: number,
): Batch<R> {
  const all = rows.map(({ ids }) => features.get(ids)!);
  const longest = Math.max(...all.map(({ length }) => length));
  const data = new Float32Array(rows.length * longest);
  for (const [i, own] of all.entries()) data.set(own, i * longest);
  const time = longest / dim;
  return {
    rows,
    input: tensor(data, { shape: [rows.length, time, dim] }),
    inputs: time === 1 ? { mask: ones([rows.length, 1], { dtype: "int32" }) } : {},
  };
}

/** Tells bodies with different weights apart: FNV-1a over the weights' bits, twice. */
function fingerprint(body: Module): string {
  let a = 0x811c9dc5, b = 0x01234567;
  for (const tensor of body.stateDict().values()) {
    const { buffer, byteOffset, length } = tensor.data;
    for (const bits of new Int32Array(buffer, byteOffset, length)) {
      a = Math.imul(a ^ bits, 0x01000193);
      b = Math.imul(b + bits, 0x85ebca6b) ^ (b >>> 15);
    }
  }
  return `${a} ${b}`;
}
