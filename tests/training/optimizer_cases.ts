/**
 * The optimizers compared with PyTorch's: every parameter after each of five steps.
 *
 * @module
 */
import type { Tensor } from "@tunebook/tensor";
import { Adam, AdamW, clipGradNorm, Muon, type Optimizer, SGD } from "@tunebook/training";
import { assertClose, failuresOf, Reference, toTensor } from "../tensor_reference/reference.ts";

// deno-lint-ignore no-explicit-any -- every optimizer has options of its own
type Options = any;

interface OptimizerCase {
  readonly id: string;
  readonly op: string;
  readonly options: Options;
  readonly parameters: number;
  readonly steps: number;
  readonly groups: readonly { readonly parameters: readonly number[]; readonly options: Options }[];
  readonly clip: number | null;
  /** The learning rate of all groups from a step on. */
  readonly change: Readonly<Record<string, number>>;
  /** Pairs of parameter and step without a gradient. */
  readonly missing: readonly (readonly [number, number])[];
  readonly tolerance: number;
}

const KINDS: Readonly<Record<string, (groups: Options, options: Options) => Optimizer<Options>>> = {
  SGD: (groups, options) => new SGD(groups, options),
  Adam: (groups, options) => new Adam(groups, options),
  AdamW: (groups, options) => new AdamW(groups, options),
  Muon: (groups, options) => new Muon(groups, options),
};

/** Compares every case; returns how many there were and what failed. */
export async function compareOptimizers(): Promise<{ cases: number; failures: string[] }> {
  const reference = await Reference.read<OptimizerCase>("optimizers");
  return {
    cases: reference.cases.length,
    failures: failuresOf(reference.cases, (one) => run(reference, one)),
  };
}

function run(reference: Reference<OptimizerCase>, one: OptimizerCase): void {
  const parameters = Array.from(
    { length: one.parameters },
    (_, i) => toTensor(reference.get(one.id, `start${i}`), true),
  );
  const groups = one.groups.map(({ parameters: indices, options }) => ({
    parameters: indices.map((i) => parameters[i]!),
    ...options,
  }));
  const optimizer = KINDS[one.op]!(groups, one.options);
  for (let step = 0; step < one.steps; step++) {
    const rate = one.change[step];
    if (rate !== undefined) { for (const group of optimizer.groups) group.learningRate = rate; }
    for (const [i, parameter] of parameters.entries()) {
      const missing = one.missing.some(([p, s]) => p === i && s === step);
      parameter.grad = missing ? null : toTensor(reference.get(one.id, `grad${i}.${step}`));
    }
    if (one.clip !== null) {
      const norm = clipGradNorm(parameters, one.clip);
      const expected = reference.get(one.id, `norm.${step}`).data[0]!;
      if (!(Math.abs(norm - expected) <= 1e-4 * expected)) {
        throw new Error(`${one.id}: expected the norm ${expected} but found ${norm}`);
      }
    }
    optimizer.step();
    for (const [i, parameter] of parameters.entries()) {
      const what = `${one.id}: parameter ${i} after step ${step}`;
      assertClose(what, parameter as Tensor, reference.get(one.id, `param${i}.${step}`), one);
    }
  }
  optimizer.dispose();
}
