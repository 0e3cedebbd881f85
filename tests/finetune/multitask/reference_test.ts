import {
  DwaWeighting,
  EqualWeighting,
  GradNormWeighting,
  PcGradWeighting,
  StaticWeighting,
  UncertaintyWeighting,
  type Weighting,
} from "@tunebook/finetune";
import { crossEntropy, scope, type Tensor, tensor } from "@tunebook/tensor";
import { SGD } from "@tunebook/training";
import { assert } from "@std/assert";
import { projectConflicts } from "../../../lib/finetune/multitask/weighting/pcgrad.ts";
import { assertClose, type Case, Reference, toTensor } from "../../tensor_reference/reference.ts";

/** A run of a weighting on the toy network; `tests/reference/make_multitask.py` writes them. */
interface WeightingCase extends Pick<Case, "id" | "op" | "options"> {
  /** The toy tasks that take part, by number. */
  readonly tasks: readonly number[];
  readonly steps: number;
  /** What each task's loss is multiplied by. */
  readonly scales: readonly number[];
  readonly rate: number;
  readonly weightingRate: number;
  /** What the weighting trains. */
  readonly own: readonly string[];
  /** In how many of the steps gradients point against each other. */
  readonly conflicts?: number;
}

const CLOSE = { tolerance: 1e-4, absolute: 1e-5 };
const SHARED = ["first", "last"];
const reference = await Reference.read<WeightingCase>("multitask");

for (const one of reference.cases.filter(({ op }) => op !== "project")) {
  Deno.test(`${one.id} weighs and steps as PyTorch does`, () => scope(() => compare(one)));
}

Deno.test("some of the steps have conflicts, some have none", () => {
  for (const { op, conflicts, steps, id } of reference.cases) {
    if (op === "pcgrad") assert(conflicts! > 0 && conflicts! < steps, id);
  }
});

Deno.test("conflicts are projected away as in PyTorch", () => {
  const { options } = reference.cases.find(({ op }) => op === "project")!;
  const gradients = [0, 1, 2, 3].map((i) => {
    const { data } = reference.get("project", `in${i}`);
    return [data.slice(0, 5) as Float32Array, undefined, data.slice(5) as Float32Array];
  });
  for (const [i, [head, gap, tail]] of projectConflicts(gradients, options.orders).entries()) {
    const found = tensor([...head!, ...tail!]);
    assertClose(`gradient ${i}`, found, reference.get("project", `out${i}`), CLOSE);
    assert(gap === undefined);
  }
});

function compare(one: WeightingCase): void {
  const { id } = one;
  const names = [...SHARED, ...one.tasks.map((k) => `head${k}`)];
  const parameters = new Map(
    names.map((name) => [name, toTensor(reference.get("toy", `start.${name}`), true)]),
  );
  const weighting = weightingOf(one);
  const own = new Map(weighting.namedParameters());
  assert([...own.keys()].join() === one.own.join());
  const optimizer = new SGD([
    { parameters: parameters.values(), learningRate: one.rate },
    ...own.size > 0 ? [{ parameters: own.values(), learningRate: one.weightingRate }] : [],
  ], { learningRate: 0 });
  const shared = SHARED.map((name) => parameters.get(name)!);
  for (let step = 0; step < one.steps; step++) {
    optimizer.zeroGrad();
    const before = tensor(Object.values(weighting.current()));
    const loss = weighting.combine({
      losses: one.tasks.map((k, i) => ({
        task: `task${k}`,
        compute: () => lossOf(parameters, k, step).mul(one.scales[i]!),
      })),
      parameters: [...parameters.values()],
      shared,
      lastShared: shared.slice(1),
    });
    const found = loss.reshape(1).detach().clone();
    loss.backward();
    assertClose(`weights at ${step}`, before, reference.get(id, `weights.${step}`), CLOSE);
    assertClose(`loss at ${step}`, found, reference.get(id, `loss.${step}`), CLOSE);
    if (step === 0) {
      for (const [name, parameter] of [...parameters, ...own]) {
        assertClose(`${name}.grad`, parameter.grad!, reference.get(id, `grad.${name}`), CLOSE);
      }
    }
    optimizer.step();
  }
  for (const [name, parameter] of [...parameters, ...own]) {
    assertClose(name, parameter, reference.get(id, `after.${name}`), CLOSE);
  }
}

function lossOf(parameters: ReadonlyMap<string, Tensor>, task: number, step: number): Tensor {
  const times = (x: Tensor, name: string) => x.matmul(parameters.get(name)!.transpose(0, 1));
  const x = toTensor(reference.get("toy", `x${task}.${step}`));
  const scores = times(times(times(x, "first").tanh(), "last").tanh(), `head${task}`);
  return crossEntropy(scores, toTensor(reference.get("toy", `y${task}.${step}`)));
}

function weightingOf({ op, options, tasks }: WeightingCase): Weighting {
  const names = tasks.map((k) => `task${k}`);
  switch (op) {
    case "equal":
      return new EqualWeighting(names);
    case "static":
      return new StaticWeighting(
        Object.fromEntries(names.map((name, i) => [name, options.weights[i]])),
      );
    case "uncertainty":
      return new UncertaintyWeighting(names);
    case "dwa":
      return new DwaWeighting(names, options);
    case "gradnorm":
      return new GradNormWeighting(names, options);
    default:
      return new PcGradWeighting(names);
  }
}
