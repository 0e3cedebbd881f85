import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/08-full-fine-tuning/checks.ts";
import type { AdamWSettings, AdamWState } from "../../../lessons/08-full-fine-tuning/types.ts";
import {
  adamWStep,
  choosePlan,
  decayGroups,
  nf4Bytes,
} from "../../../lessons/08-full-fine-tuning/solutions.ts";

/** Answers that prove the checks of lesson 08. */
export const proofs: Proofs<typeof checks> = {
  bytesToTrain: {
    right: [
      (parameters, trained) => 16 * trained + 4 * (parameters - trained),
      (parameters, trained) => {
        const weights = parameters, gradients = trained, moments = 2 * trained;
        return (weights + gradients + moments) * Float32Array.BYTES_PER_ELEMENT;
      },
    ],
    wrong: {
      all_train: (parameters) => 16 * parameters,
      one_moment: (parameters, trained) => 4 * (parameters + 2 * trained),
      numbers: (parameters, trained) => parameters + 3 * trained,
      trained_only: (_, trained) => 16 * trained,
      weight_twice: (parameters, trained) => 4 * parameters + 16 * trained,
    },
  },
  adamWStep: {
    right: [
      // A loop over the weights, with the decay as a factor.
      ({ weights, mean, square }, gradient, step, settings) => {
        const { learningRate, betas: [beta1, beta2], eps, weightDecay } = settings;
        const after = { weights: [...weights], mean: [...mean], square: [...square] };
        gradient.forEach((g, i) => {
          const m = after.mean[i] = beta1 * mean[i]! + (1 - beta1) * g;
          const v = after.square[i] = beta2 * square[i]! + (1 - beta2) * g * g;
          const divisor = Math.sqrt(v / (1 - beta2 ** step)) + eps;
          after.weights[i] = weights[i]! * (1 - learningRate * weightDecay) -
            learningRate * m / (1 - beta1 ** step) / divisor;
        });
        return after;
      },
      // The corrections as one factor of the rate, the means as steps towards the gradient.
      (state, gradient, step, { learningRate, betas, eps, weightDecay }) => {
        const mean = state.mean.map((m, i) => m + (1 - betas[0]) * (gradient[i]! - m));
        const square = state.square.map((v, i) => v + (1 - betas[1]) * (gradient[i]! ** 2 - v));
        const root = Math.sqrt(1 - betas[1] ** step);
        const rate = learningRate * root / (1 - betas[0] ** step);
        const weights = state.weights.map((w, i) =>
          w - learningRate * weightDecay * w -
          rate * mean[i]! / (Math.sqrt(square[i]!) + eps * root)
        );
        return { weights, mean, square };
      },
    ],
    wrong: {
      // The right step from a beginning that was never at zero.
      no_correction: (state, gradient, _, settings) => adamWStep(state, gradient, 1e6, settings),
      no_root: (state, gradient, step, settings) => {
        const after = adamWStep(state, gradient, step, settings);
        return withWeights(after, state, step, settings, (v) => v);
      },
      coupled: (state, gradient, step, settings) => {
        const decayed = gradient.map((g, i) => g + settings.weightDecay * state.weights[i]!);
        return adamWStep(state, decayed, step, { ...settings, weightDecay: 0 });
      },
      decay_without_rate: (state, gradient, step, settings) => {
        const weightDecay = settings.weightDecay / settings.learningRate;
        return adamWStep(state, gradient, step, { ...settings, weightDecay });
      },
      no_decay: (state, gradient, step, settings) =>
        adamWStep(state, gradient, step, { ...settings, weightDecay: 0 }),
      in_place: (state, gradient, step, settings) =>
        Object.assign(state, adamWStep(state, gradient, step, settings)),
      other_way: (state, gradient, step, settings) => {
        const { weights, ...rest } = adamWStep(state, gradient, step, settings);
        const factor = 2 * (1 - settings.learningRate * settings.weightDecay);
        return { ...rest, weights: weights.map((w, i) => factor * state.weights[i]! - w) };
      },
      keeps_corrected: (state, gradient, step, settings) => {
        const { weights, mean, square } = adamWStep(state, gradient, step, settings);
        const [first, second] = settings.betas.map((beta) => 1 - beta ** step) as [number, number];
        return {
          weights,
          mean: mean.map((m) => m / first),
          square: square.map((v) => v / second),
        };
      },
      weights_alone: (...given) => adamWStep(...given).weights as unknown as AdamWState,
    },
  },
  decayGroups: {
    right: [
      (parameters) => {
        const groups = { decay: [] as string[], noDecay: [] as string[] };
        for (const { name, shape, trains } of parameters) {
          if (trains) groups[shape.length >= 2 ? "decay" : "noDecay"].push(name);
        }
        return groups;
      },
      (parameters) => {
        const { decay = [], noDecay = [] } = Object.groupBy(
          parameters.filter(({ trains }) => trains),
          ({ shape: [, second] }) => second === undefined ? "noDecay" : "decay",
        );
        return { decay: decay.map(({ name }) => name), noDecay: noDecay.map(({ name }) => name) };
      },
    ],
    wrong: {
      by_name: (parameters) => ({
        decay: parameters.filter(({ name, trains }) => trains && !name.endsWith("bias"))
          .map(({ name }) => name),
        noDecay: parameters.filter(({ name, trains }) => trains && name.endsWith("bias"))
          .map(({ name }) => name),
      }),
      frozen_too: (parameters) => decayGroups(parameters.map((one) => ({ ...one, trains: true }))),
      swapped: (parameters) => {
        const { decay, noDecay } = decayGroups(parameters);
        return { decay: noDecay, noDecay: decay };
      },
    },
  },
  nf4Bytes: {
    right: [
      (numbers, blockSize) => numbers * (0.5 + 4 / blockSize),
      (numbers, blockSize) => {
        const blocks = numbers / blockSize, bits = blocks * (4 * blockSize + 32);
        return bits / 8;
      },
    ],
    wrong: {
      no_scales: (numbers) => numbers / 2,
      bits: (numbers, blockSize) => 8 * nf4Bytes(numbers, blockSize),
      byte_each: (numbers, blockSize) => numbers + 4 * numbers / blockSize,
      one_scale: (numbers) => numbers / 2 + 4,
    },
  },
  choosePlan: {
    right: [
      ({ memory, activations, parameters, added }) => {
        const room = memory - activations;
        if (16 * parameters <= room) return "full";
        if (2 * parameters + 16 * added <= room) return "lora";
        return 0.5625 * parameters + 16 * added <= room ? "qlora" : "none";
      },
      (situation) => {
        const { memory, activations, parameters, added } = situation;
        const needs = { qlora: 0.5625, lora: 2 };
        const fitting = (["lora", "qlora"] as const)
          .filter((plan) => needs[plan] * parameters + 16 * added + activations <= memory);
        return memory >= 16 * parameters + activations ? "full" : fitting[0] ?? "none";
      },
    ],
    wrong: {
      no_activations: (situation) => choosePlan({ ...situation, activations: 0 }),
      no_added: (situation) => choosePlan({ ...situation, added: 0 }),
      always_smallest: (situation) => choosePlan(situation) === "none" ? "none" : "qlora",
      no_none: (situation) => {
        const plan = choosePlan(situation);
        return plan === "none" ? "qlora" : plan;
      },
      full_as_weights: (situation) =>
        4 * situation.parameters + situation.activations <= situation.memory
          ? "full"
          : choosePlan(situation),
    },
  },
};

/** The weights of a step that divides by something else than the root of v. */
function withWeights(
  after: AdamWState,
  { weights }: AdamWState,
  step: number,
  { learningRate, betas: [beta1, beta2], eps, weightDecay }: AdamWSettings,
  divisor: (square: number) => number,
): AdamWState {
  return {
    ...after,
    weights: weights.map((w, i) => {
      const m = after.mean[i]! / (1 - beta1 ** step);
      const v = after.square[i]! / (1 - beta2 ** step);
      return w - learningRate * weightDecay * w - learningRate * m / (divisor(v) + eps);
    }),
  };
}
