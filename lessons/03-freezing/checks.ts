/**
 * What a right answer to each exercise of lesson 03 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { GradualUnfreezing } from "@tunebook/finetune";
import { Gpt } from "@tunebook/models";
import { Linear, mse } from "@tunebook/nn";
import { exercise } from "@tunebook/notebook";
import { scope, type Tensor, tensor } from "@tunebook/tensor";
import { SGD } from "@tunebook/training";
import type { Step } from "./types.ts";

type Layers = Record<"first" | "middle" | "last", number[][]>;

/** The checks, by the name of the function they judge. */
export const checks = {
  whatTrains: exercise({
    title: "Exercise 1: Which parameters train",
    hint: "`names.filter(…)` keeps the names you want; `name.startsWith(…)` looks at a beginning.",
    misconceptions: {
      tenth: "`h.1` also begins the name `h.10.attn.weight`, which is another block. What always " +
        "comes after a module's own name?",
      anywhere: "A module's path must stand at the beginning: `attn` inside `h.1.attn` is a part " +
        "of `h.1`, not a module of that path.",
      frozen: "These are the ones that stay frozen. Return those that train.",
    },
    check(whatTrains: (names: readonly string[], modules: readonly string[]) => string[], expect) {
      const block = expect.integer(1, 3);
      const blocks = [0, block, block * 10 + expect.integer(0, 9)];
      const names = [
        "wte.weight",
        ...blocks.flatMap((i) => ["attn", "mlp"].map((part) => `h.${i}.${part}.weight`)),
        `old.h.${block}.attn.weight`,
        "score.weight",
      ];
      const modules = [`h.${block}`, "score"];
      const chosen = (fits: (name: string, module: string) => boolean) =>
        names.filter((name) => modules.some((module) => fits(name, module)));
      const right = chosen((name, module) => name.startsWith(`${module}.`));
      expect.equal(whatTrains(names, modules), right, {
        input: { names, modules },
        misconceptions: {
          tenth: chosen((name, module) => name.startsWith(module)),
          anywhere: chosen((name, module) => name.includes(`${module}.`)),
          frozen: names.filter((name) => !right.includes(name)),
        },
      });
    },
  }),

  trainingBytes: exercise({
    title: "Exercise 2: The memory of a step",
    hint:
      "Weights: all of them. Gradients: one for each that trains. State: `slots` for each that " +
      "trains. Then times 4 bytes.",
    misconceptions: {
      numbers: "That is how many numbers there are. Each takes 4 bytes.",
      forgot_frozen: "A frozen weight is still held in memory: the forward pass needs it.",
      as_if_full: "That is what training everything takes. A frozen weight has no gradient, and " +
        "the optimizer keeps nothing about it.",
      no_gradients: "The gradients are missing: one number for each weight that trains.",
    },
    check(
      trainingBytes: (parameters: number, trained: number, slots: number) => number,
      expect,
    ) {
      // More than twice as many as train: fewer could make two mistakes come to the same.
      const parameters = expect.integer(200, 1000), trained = expect.integer(3, 90);
      const slots = expect.integer(1, 3);
      expect.close(
        trainingBytes(parameters, trained, slots),
        4 * (parameters + trained * (1 + slots)),
        {
          input: { parameters, trained, slots },
          misconceptions: {
            numbers: parameters + trained * (1 + slots),
            forgot_frozen: 4 * trained * (2 + slots),
            as_if_full: 4 * parameters * (2 + slots),
            no_gradients: 4 * (parameters + trained * slots),
          },
        },
      );
    },
  }),

  frozenStep: exercise({
    title: "Exercise 3: A step with frozen parts",
    hint:
      "Back from `y`: its gradient `forY` is 2 · (y − target), divided by how many numbers `y` has. " +
      "The gradient for `z` is `forY · last`, but 0 where `z` is 0. The gradient for `middle` is " +
      "that, transposed, times `h`.",
    misconceptions: {
      through_relu: "Where ReLU gave 0, no gradient passes: set the gradient for `z` to 0 there.",
      around_last: "`last` is frozen, but the gradient still passes *through* it on its way to " +
        "`middle`: multiply by its weights.",
      sum:
        "The loss is a mean: divide by how many numbers `y` has, not by nothing or by the batch.",
      uphill: "The loss would rise: go *against* the gradient.",
      changed: "An array that you were given has changed. Make new ones.",
      half: "Half of it. The square (y − target)² rises twice as fast as the difference.",
      unmoved: "The gradient is right. Now take the step with `middle`.",
    },
    check(
      frozenStep: (
        x: number[][],
        target: number[][],
        layers: Layers,
        learningRate: number,
      ) => Step,
      expect,
    ) {
      const [inputs, a, b, outputs, batch] = [3, 5, 4, 2, 3].map((size) =>
        size + expect.integer(0, 3)
      ) as [number, number, number, number, number];
      const draw = (rows: number, columns: number) =>
        Array.from(
          { length: rows },
          () => Array.from({ length: columns }, () => expect.integer(-100, 100) / 100),
        );
      const learningRate = expect.integer(1, 9) / 10;
      const drawAll = () => {
        const x = draw(batch, inputs), target = draw(batch, outputs);
        const layers = { first: draw(a, inputs), middle: draw(b, a), last: draw(outputs, b) };
        return { x, target, layers, right: libraryStep(x, target, layers, learningRate) };
      };
      // Where ReLU stops nothing, or lets nothing through, there is nothing to get wrong.
      const shows = ({ x, target, layers, right }: ReturnType<typeof drawAll>) =>
        (["relu", "last"] as const).every((skip) =>
          wrongGradient(x, target, layers, skip).flat()
            .some((g, i) => Math.abs(g - right.gradient.flat()[i]!) > 0.01)
        );
      let drawn = drawAll();
      while (!shows(drawn)) drawn = drawAll();
      const { x, target, layers, right } = drawn;
      const before = structuredClone({ x, target, layers });
      const input = { x, target, layers, learningRate };
      const found = frozenStep(x, target, layers, learningRate);
      expect.that(
        JSON.stringify({ x, target, layers }) === JSON.stringify(before),
        { expected: "x, target and layers as they were", found: layers, misconception: "changed" },
      );
      const tolerance = 1e-4;
      expect.close(found?.loss, right.loss, {
        input,
        tolerance,
        misconceptions: {
          sum: right.loss * batch * outputs,
        },
      });
      const without = (skip: "relu" | "last") => wrongGradient(x, target, before.layers, skip);
      const moved = (gradient: number[][], rate: number) =>
        before.layers.middle.map((row, i) => row.map((w, j) => w - rate * gradient[i]![j]!));
      expect.close(found.gradient, right.gradient, {
        input,
        tolerance,
        misconceptions: {
          through_relu: without("relu"),
          around_last: without("last"),
          sum: right.gradient.map((row) => row.map((g) => g * batch * outputs)),
          half: right.gradient.map((row) => row.map((g) => g / 2)),
        },
      });
      expect.close(found.middle, right.middle, {
        input,
        tolerance,
        misconceptions: {
          uphill: moved(right.gradient, -learningRate),
          unmoved: before.layers.middle,
        },
      });
    },
  }),

  thawedAt: exercise({
    title: "Exercise 4: Gradual unfreezing",
    hint: "`Math.floor(step / every)` places have thawed beside the head. `toReversed()` begins " +
      "with the head.",
    misconceptions: {
      from_the_input:
        "This thaws from the input up. The head begins, and the embeddings come last.",
      one_at_a_time: "What has thawed goes on training: return all of it, not only the newest.",
      late: "At step 0 the head already trains: it isn't the first to thaw, it begins.",
      input_first: "The right places, but from the input to the output. Begin with the head.",
    },
    check(
      thawedAt: (places: readonly string[], step: number, every: number) => string[],
      expect,
    ) {
      const layers = expect.integer(3, 5), every = expect.integer(2, 7);
      const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers, heads: 2 });
      const places = [
        "embeddings",
        ...Array.from({ length: layers }, (_, i) => `h.${i}`),
        "head",
      ];
      const gradual = new GradualUnfreezing(model), schedule = gradual.every(every);
      const steps = [0, every - 1, every, 2 * every, 2 * every + 1, 100 * every];
      for (const step of steps) {
        schedule.onStep({}, { step });
        const count = gradual.training.length;
        expect.equal(thawedAt(places, step, every), gradual.training, {
          input: { places, step, every },
          misconceptions: {
            from_the_input: places.slice(0, count),
            one_at_a_time: gradual.training.slice(-1),
            late: places.toReversed().slice(0, Math.floor(step / every)),
            input_first: places.slice(-count),
          },
        });
      }
    },
  }),

  placesToFreeze: exercise({
    title: "Exercise 5: As little as possible",
    hint:
      "For `frozen` from 0 up: what trains is `sizes.slice(frozen)`. Return the first that fits.",
    misconceptions: {
      most: "That fits, but freezes more than it must. Begin with nothing frozen.",
      from_the_head: "Freezing goes from the input up: the first places freeze first.",
      frozen_are_free: "Frozen weights still take 4 bytes each.",
      headless: "The head always trains. If that doesn't fit, the answer is `null`.",
    },
    check(placesToFreeze: (sizes: readonly number[], budget: number) => number | null, expect) {
      const sizes = [
        expect.integer(1000, 1400),
        ...Array.from({ length: expect.integer(4, 6) }, () => expect.integer(80, 160)),
        expect.integer(5, 20),
      ];
      const all = sizes.reduce((sum, size) => sum + size, 0), places = sizes.length;
      const trained = (frozen: number) => sizes.slice(frozen).reduce((sum, size) => sum + size, 0);
      const bytes = (frozen: number) => 4 * (all + 3 * trained(frozen));
      const least = (budget: number, of = bytes) => {
        const frozen = sizes.findIndex((_, i) => of(i) <= budget);
        return frozen < 0 ? null : frozen;
      };
      const wanted = expect.integer(1, places - 3);
      for (const budget of [bytes(wanted), bytes(wanted) + 1, bytes(0), 4 * all + 1]) {
        expect.equal(placesToFreeze(sizes, budget), least(budget), {
          input: { sizes, budget },
          misconceptions: {
            most: bytes(places - 1) <= budget ? places - 1 : null,
            from_the_head: least(
              budget,
              (frozen) => 4 * (all + 3 * trained(0) - 3 * trained(places - frozen)),
            ),
            frozen_are_free: least(budget, (frozen) => 16 * trained(frozen)),
            headless: least(budget) ?? (4 * all <= budget ? places : null),
          },
        });
      }
    },
  }),
};

/** The same step by the library. */
function libraryStep(
  x: number[][],
  target: number[][],
  layers: Layers,
  learningRate: number,
): Step {
  const layerOf = (weight: number[][]) => new Linear(1, 1, { bias: false, weight: tensor(weight) });
  const first = layerOf(layers.first), middle = layerOf(layers.middle), last = layerOf(layers.last);
  first.setRequiresGrad(false);
  middle.setRequiresGrad(true);
  last.setRequiresGrad(false);
  const optimizer = new SGD(middle.parameters(), { learningRate });
  const loss = scope(() => {
    const z = middle.forwardInto("relu", first.forwardInto("relu", tensor(x)));
    const loss = mse(last.forward(z), tensor(target));
    loss.backward();
    return loss.item();
  });
  const gradient = matrixOf(middle.weight.grad!);
  optimizer.step();
  return { loss, gradient, middle: matrixOf(middle.weight) };
}

function matrixOf(one: Tensor): number[][] {
  return one.toArray() as number[][];
}

/** The gradient of somebody who forgets that ReLU blocks, or goes around the frozen last layer. */
function wrongGradient(
  x: number[][],
  target: number[][],
  { first, middle, last }: Layers,
  forgets: "relu" | "last",
): number[][] {
  const times = (a: number[][], b: number[][]) =>
    a.map((row) => b.map((other) => row.reduce((sum, value, k) => sum + value * other[k]!, 0)));
  const relu = (a: number[][]) => a.map((row) => row.map((value) => Math.max(0, value)));
  const h = relu(times(x, first)), z = relu(times(h, middle)), y = times(z, last);
  const count = y.length * y[0]!.length;
  const forY = y.map((row, i) => row.map((value, j) => 2 * (value - target[i]![j]!) / count));
  const through = last[0]!.map((_, j) => last.map((row) => forgets === "last" ? 1 : row[j]!));
  const forZ = times(forY, through).map((row, i) =>
    row.map((g, j) => forgets === "relu" || z[i]![j]! > 0 ? g : 0)
  );
  return middle.map((row, i) =>
    row.map((_, j) => forZ.reduce((sum, one, n) => sum + one[i]! * h[n]![j]!, 0))
  );
}
