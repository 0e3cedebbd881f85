/**
 * What a right answer to each exercise of lesson 08 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { fullFineTuning, quantize } from "@tunebook/finetune";
import { Gpt } from "@tunebook/models";
import { Linear, Module } from "@tunebook/nn";
import { exercise } from "@tunebook/notebook";
import { Random, type Tensor, tensor } from "@tunebook/tensor";
import { AdamW } from "@tunebook/training";
import type { AdamWSettings, AdamWState, NamedParameter, Plan, Situation } from "./types.ts";

/** A model of one layer, for the library to quantise. */
class OneLayer extends Module {
  constructor(readonly layer: Linear) {
    super();
  }

  forward(input: Tensor): Tensor {
    return this.layer.forward(input);
  }
}

/** The ways in which a plan goes wrong. */
type Misconception =
  | "no_activations"
  | "no_added"
  | "always_smallest"
  | "no_none"
  | "full_as_weights";

/** What a step with something left out or done otherwise would have made of the weights. */
function otherStep(
  { weights, mean, square }: AdamWState,
  gradient: readonly number[],
  step: number,
  { learningRate, betas: [beta1, beta2], eps, weightDecay }: AdamWSettings,
  { corrected = true, root = true, coupled = false, sign = 1, decay = learningRate * weightDecay },
): number[] {
  return weights.map((w, i) => {
    const g = gradient[i]! + (coupled ? weightDecay * w : 0);
    const m = beta1 * mean[i]! + (1 - beta1) * g;
    const v = beta2 * square[i]! + (1 - beta2) * g * g;
    const [first, second] = corrected ? [1 - beta1 ** step, 1 - beta2 ** step] : [1, 1];
    const size = root ? Math.sqrt(v / second) : v / second;
    return w - (coupled ? 0 : decay * w) - sign * learningRate * (m / first) / (size + eps);
  });
}

/** The checks, by the name of the function they judge. */
export const checks = {
  bytesToTrain: exercise({
    title: "Exercise 1: What training keeps in memory",
    hint: "A weight for every parameter. A gradient, a mean and a mean square only for those " +
      "that train. Each is four bytes.",
    misconceptions: {
      all_train: "You gave frozen parameters gradients and moments. They need their weight alone.",
      one_moment:
        "Each parameter that trains has three numbers beside its weight: the gradient, the " +
        "running mean of the gradient, and that of its square. One of them is missing.",
      numbers: "That is how many numbers there are. Each takes four bytes.",
      trained_only: "That is what the trained ones need. The frozen ones are in memory as well: " +
        "each has its weight.",
      weight_twice: "The weights of those that train are counted twice: once among all, and once " +
        "among four numbers. Beside its weight each has three.",
    },
    check(bytesToTrain: (parameters: number, trained: number) => number, expect) {
      const trained = expect.integer(3, 4000), parameters = trained + expect.integer(5, 9000);
      expect.equal(bytesToTrain(parameters, trained), 4 * parameters + 12 * trained, {
        input: { parameters, trained },
        misconceptions: {
          all_train: 16 * parameters,
          one_moment: 4 * parameters + 8 * trained,
          numbers: parameters + 3 * trained,
          trained_only: 16 * trained,
          weight_twice: 4 * parameters + 16 * trained,
        },
      });
    },
  }),

  adamWStep: exercise({
    title: "Exercise 2: One step of AdamW by hand",
    hint: "New m and v first. Then m / (1 - β₁ᵗ) and v / (1 - β₂ᵗ). The weight loses η λ times " +
      "itself, and η times the corrected m over (√v + ε).",
    misconceptions: {
      no_correction: "m and v begin at zero and are too small at first. Divide them by 1 - β₁ᵗ " +
        "and 1 - β₂ᵗ.",
      no_root: "Divide by the square root of v, not by v.",
      coupled: "You added the decay to the gradient: that is Adam. AdamW takes it from the " +
        "weight itself, so that √v doesn't divide it.",
      decay_without_rate: "The decay is multiplied by the learning rate too.",
      no_decay: "The weight decay is missing.",
      in_place: "The lists you were given have changed. Make new ones, such as with `map`.",
      other_way: "The weights moved the other way. The loss rises along the gradient: subtract.",
      keeps_corrected: "The weights are right. But the mean and the square you return are the " +
        "corrected ones: the next step wants m and v themselves, and corrects them anew.",
      weights_alone: "Return all that is known after the step: `{ weights, mean, square }`.",
    },
    check(
      adamWStep: (
        state: AdamWState,
        gradient: readonly number[],
        step: number,
        settings: AdamWSettings,
      ) => AdamWState,
      expect,
    ) {
      const random = new Random(expect.integer(0, 1e6)), size = expect.pick([3, 5, 7]);
      const draw = () => [...random.normal([size]).data] as number[];
      const settings: AdamWSettings = {
        learningRate: expect.pick([0.1, 0.05]),
        betas: [expect.pick([0.9, 0.8]), expect.pick([0.99, 0.95])],
        eps: 1e-6,
        weightDecay: expect.pick([0.1, 0.3]),
      };
      // None near zero: decay left out or done otherwise must show.
      const parameter = tensor(draw().map((w) => w + Math.sign(w)), { requiresGrad: true });
      const optimizer = new AdamW([parameter], settings);
      const moveOnce = (gradient: number[]) => {
        optimizer.zeroGrad();
        parameter.mul(tensor(gradient)).sum().backward();
        optimizer.step();
      };
      // After one step of the library: the first looks the same with decay in the gradient and without.
      const first = draw(), [beta1, beta2] = settings.betas;
      moveOnce(first);
      let state: AdamWState = {
        weights: [...parameter.data] as number[],
        mean: first.map((g) => (1 - beta1) * g),
        square: first.map((g) => (1 - beta2) * g * g),
      };
      for (const step of [2, 3, 4]) {
        const gradient = draw(), before = structuredClone(state);
        moveOnce(gradient);
        const input = { state: before, gradient, step, settings };
        const found = adamWStep(state, gradient, step, settings);
        expect.that(JSON.stringify(state) === JSON.stringify(before), {
          expected: "the state given to stay as it is",
          found: state,
          input,
          misconception: "in_place",
        });
        const whole = [found?.weights, found?.mean, found?.square].every(Array.isArray);
        expect.that(whole || found === undefined, {
          expected: "an object { weights, mean, square }",
          found,
          input,
          misconception: "weights_alone",
        });
        const other = (how: Parameters<typeof otherStep>[4]) =>
          otherStep(before, gradient, step, settings, how);
        expect.close(found?.weights, [...parameter.data], {
          tolerance: 1e-4,
          input,
          misconceptions: {
            no_correction: other({ corrected: false }),
            no_root: other({ root: false }),
            coupled: other({ coupled: true }),
            decay_without_rate: other({ decay: settings.weightDecay }),
            no_decay: other({ decay: 0 }),
            other_way: other({ sign: -1 }),
          },
        });
        const mean = before.mean.map((m, i) => beta1 * m + (1 - beta1) * gradient[i]!);
        const square = before.square.map((v, i) => beta2 * v + (1 - beta2) * gradient[i]! ** 2);
        expect.close(found.mean, mean, {
          tolerance: 1e-4,
          input,
          misconceptions: { keeps_corrected: mean.map((m) => m / (1 - beta1 ** step)) },
        });
        expect.close(found.square, square, {
          tolerance: 1e-4,
          input,
          misconceptions: { keeps_corrected: square.map((v) => v / (1 - beta2 ** step)) },
        });
        state = found;
      }
    },
  }),

  decayGroups: exercise({
    title: "Exercise 3: What decays and what doesn't",
    hint: "Keep what trains. Then look at `shape.length`: two axes or more decay.",
    misconceptions: {
      by_name: "The weights of norms are called `weight`, and have one axis: they don't decay.",
      frozen_too: "Frozen parameters are in neither group: the optimizer has nothing to do there.",
      swapped: "The groups are swapped.",
    },
    check(
      decayGroups: (
        parameters: readonly NamedParameter[],
      ) => { decay: string[]; noDecay: string[] },
      expect,
    ) {
      const dim = 2 * expect.integer(2, 5);
      const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim, layers: 2, heads: 2 });
      const tensors = [...model.namedParameters()];
      tensors.forEach(([name, one]) => one.requiresGrad = !name.startsWith("h.0."));
      const input = tensors.map(([name, { shape, requiresGrad }]) => {
        return { name, shape: [...shape], trains: requiresGrad };
      });
      const names = new Map(tensors.map(([name, one]) => [one, name]));
      // The library's groups, of what trains; the recipe thaws everything, which `input` doesn't see.
      const training = new Set(input.filter(({ trains }) => trains).map(({ name }) => name));
      const [decay, noDecay] = fullFineTuning(model, { totalSteps: 1 }).optimizer.groups.map(
        ({ parameters }) =>
          parameters.map((one) => names.get(one)!).filter((name) => training.has(name)),
      );
      const split = (list: typeof input, decays: (one: NamedParameter) => boolean) => ({
        decay: list.filter(decays).map(({ name }) => name),
        noDecay: list.filter((one) => !decays(one)).map(({ name }) => name),
      });
      expect.equal(decayGroups(input), { decay, noDecay }, {
        input,
        misconceptions: {
          by_name: split(
            input.filter(({ trains }) => trains),
            ({ name }) => !name.endsWith("bias"),
          ),
          frozen_too: split(input, ({ shape }) => shape.length > 1),
          swapped: { decay: noDecay, noDecay: decay },
        },
      });
    },
  }),

  nf4Bytes: exercise({
    title: "Exercise 4: The memory of a matrix in four bits",
    hint: "Eight bits are a byte, so a byte holds two codes. A block's scale takes four bytes.",
    misconceptions: {
      no_scales: "The scales are missing: one for each block, four bytes each.",
      bits: "You counted bits. Eight of them are a byte.",
      byte_each: "Four bits are half a byte: two codes fit in one.",
      one_scale: "Each block has a scale of its own, not the matrix as a whole.",
    },
    check(nf4Bytes: (numbers: number, blockSize: number) => number, expect) {
      const blockSize = expect.pick([16, 32, 64]);
      const inputs = blockSize * expect.integer(1, 3), outputs = expect.integer(2, 4) * 2 + 1;
      const model = new OneLayer(new Linear(inputs, outputs, { bias: false }));
      const { after } = quantize(model, { targetModules: ["layer"], blockSize });
      const numbers = inputs * outputs, scales = 4 * numbers / blockSize;
      expect.equal(nf4Bytes(numbers, blockSize), after, {
        input: { numbers, blockSize },
        misconceptions: {
          no_scales: numbers / 2,
          bits: 4 * numbers + 8 * scales,
          byte_each: numbers + scales,
          one_scale: numbers / 2 + 4,
        },
      });
    },
  }),

  choosePlan: exercise({
    title: "Exercise 5: A plan for a machine",
    hint: "Write the three plans with their bytes in a list, add the activations to each, and " +
      "`find` the first that fits.",
    misconceptions: {
      no_activations: "It fits only without the activations. They are in memory as well.",
      no_added: "It fits only without what LoRA adds: 16 bytes for each added parameter.",
      always_smallest: "That plan fits, and so does one that stands before it.",
      no_none: "No plan fits this machine: say `none`.",
      full_as_weights: "Full fine-tuning needs more than the weights: gradients and moments " +
        "as well, 16 bytes a parameter.",
    },
    check(choosePlan: (situation: Situation) => Plan, expect) {
      const parameters = 16 * expect.integer(1e6, 9e6), added = expect.integer(1e4, 9e4);
      // More than twice what is added takes: which of the two was forgotten must show.
      const activations = expect.integer(4e6, 9e6);
      const needs = { full: 16, lora: 2, qlora: 0.5625 };
      const bytesOf = (plan: keyof typeof needs) =>
        needs[plan] * parameters + (plan === "full" ? 0 : 16 * added) + activations;
      const ask = (
        memory: number,
        expected: Plan,
        misconceptions: Partial<Record<Misconception, Plan>>,
      ) => {
        const input = { memory, activations, parameters, added };
        expect.equal(choosePlan(input), expected, { input, misconceptions });
      };
      ask(4 * parameters + activations, "lora", {
        full_as_weights: "full",
        always_smallest: "qlora",
      });
      ask(bytesOf("full"), "full", { always_smallest: "qlora" });
      ask(bytesOf("full") - 1, "lora", { no_activations: "full" });
      ask(bytesOf("lora"), "lora", { always_smallest: "qlora" });
      ask(bytesOf("lora") - activations / 2, "qlora", { no_activations: "lora" });
      ask(bytesOf("lora") - 1, "qlora", { no_added: "lora" });
      ask(bytesOf("qlora"), "qlora", { no_none: "none" });
      ask(bytesOf("qlora") - activations - 1, "none", { no_none: "qlora" });
    },
  }),
};
