/**
 * Shapes large enough to be split over threads. What `tests/reference/make_large.py` says of its
 * formula and its samples holds here too.
 *
 * @module
 */
import { scope, type Tensor, tensor } from "@tunebook/tensor";
import { ATTENTION } from "./attention.ts";
import { LOSSES } from "./losses.ts";
import { OPS } from "./ops.ts";
import { assertClose, type Case, failuresOf, Reference, type Values } from "./reference.ts";

interface Draw {
  readonly shape: readonly number[];
  readonly seed: number;
  readonly scale?: number;
  readonly high?: number;
}

type LargeCase = Omit<Case, "inputs"> & { readonly inputs: readonly Draw[]; readonly up: Draw };

const SAMPLES = 101;
const CALLS = { ...OPS, ...LOSSES, ...ATTENTION };

function draw({ shape, seed, scale = 1, high }: Draw, requiresGrad = false): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = high === undefined ? new Float32Array(size) : new Int32Array(size);
  for (let i = 0; i < size; i++) {
    let h = Math.imul(i + 1 + seed * 1_000_003, 2654435761);
    h ^= h >>> 16;
    h = Math.imul(h, 2246822519);
    h ^= h >>> 13;
    const unit = (h >>> 0) / 2 ** 32;
    values[i] = high === undefined ? (unit - 0.5) * scale : Math.floor(unit * high);
  }
  return tensor(values, { shape, requiresGrad });
}

/** Compares the stored samples with the same elements of a tensor. */
function compare(what: string, actual: Tensor, expected: Values, one: LargeCase): void {
  const stride = Math.max(1, Math.floor(actual.size / SAMPLES));
  const sampled = actual.data.filter((_, i) => i % stride === 0);
  assertClose(what, tensor(sampled), expected, one);
}

/** Compares every case; returns how many there were and what failed. */
export async function compareLarge(): Promise<{ cases: number; failures: string[] }> {
  const reference = await Reference.read<LargeCase>("large");
  const failures = failuresOf(reference.cases, (one) =>
    scope(() => {
      const inputs = one.inputs.map((given, i) => draw(given, one.gradients.includes(i)));
      const output = [CALLS[one.op]!(inputs, one.options)].flat()[0]!;
      compare(`${one.id}.out0`, output, reference.get(one.id, "out0"), one);
      output.backward({ gradient: draw(one.up) });
      for (const i of one.gradients) {
        compare(`${one.id}.grad${i}`, inputs[i]!.grad!, reference.get(one.id, `grad${i}`), one);
      }
    }));
  return { cases: reference.cases.length, failures };
}
