import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/03-freezing/checks.ts";
import { frozenStep, thawedAt } from "../../../lessons/03-freezing/solutions.ts";

type Matrix = readonly (readonly number[])[];

/** Answers that prove the checks of lesson 03. */
export const proofs: Proofs<typeof checks> = {
  whatTrains: {
    right: [
      (names, modules) => {
        const found: string[] = [];
        for (const name of names) {
          const parts = name.split(".");
          const paths = parts.map((_, i) => parts.slice(0, i).join("."));
          if (modules.some((module) => paths.includes(module))) found.push(name);
        }
        return found;
      },
      (names, modules) => {
        const pattern = new RegExp(`^(${modules.join("|").replaceAll(".", "\\.")})\\.`);
        return names.filter((name) => pattern.test(name));
      },
    ],
    wrong: {
      tenth: (names, modules) => names.filter((name) => modules.some((m) => name.startsWith(m))),
      anywhere: (names, modules) =>
        names.filter((name) => modules.some((m) => name.includes(`${m}.`))),
      frozen: (names, modules) =>
        names.filter((name) => !modules.some((m) => name.startsWith(`${m}.`))),
    },
  },
  trainingBytes: {
    right: [
      (parameters, trained, slots) => {
        const weights = 4 * parameters, gradients = 4 * trained;
        return weights + gradients + slots * 4 * trained;
      },
      (parameters, trained, slots) =>
        [parameters, trained, ...Array<number>(slots).fill(trained)]
          .reduce((sum, numbers) => sum + numbers * Float32Array.BYTES_PER_ELEMENT, 0),
    ],
    wrong: {
      numbers: (parameters, trained, slots) => parameters + trained + slots * trained,
      forgot_frozen: (_, trained, slots) => 4 * trained * (1 + 1 + slots),
      as_if_full: (parameters, _, slots) => 4 * parameters * (1 + 1 + slots),
      no_gradients: (parameters, trained, slots) => 4 * (parameters + slots * trained),
    },
  },
  frozenStep: {
    right: [
      (x, target, layers, rate) => byLoops(x, target, layers, rate),
      (x, target, layers, rate) => {
        // The gradient as the mean of what each example says.
        const each = x.map((row, i) => byLoops([row], [target[i]!], layers, rate));
        const average = (of: (i: number) => number) =>
          each.reduce((sum, _, i) => sum + of(i), 0) / each.length;
        const gradient = layers.middle.map((row, j) =>
          row.map((_, k) => average((i) => each[i]!.gradient[j]![k]!))
        );
        return {
          loss: average((i) => each[i]!.loss),
          gradient,
          middle: layers.middle.map((row, j) => row.map((w, k) => w - rate * gradient[j]![k]!)),
        };
      },
    ],
    wrong: {
      through_relu: (x, target, layers, rate) => byLoops(x, target, layers, rate, "relu"),
      around_last: (x, target, layers, rate) => byLoops(x, target, layers, rate, "last"),
      sum: (x, target, layers, rate) => byLoops(x, target, layers, rate, "mean"),
      uphill: (x, target, layers, rate) => {
        const { loss, gradient } = frozenStep(x, target, layers, rate);
        const middle = layers.middle.map((row, j) =>
          row.map((w, k) => w + rate * gradient[j]![k]!)
        );
        return { loss, gradient, middle };
      },
      half: (x, target, layers, rate) => {
        const { loss, gradient, middle } = frozenStep(x, target, layers, rate);
        return { loss, gradient: gradient.map((row) => row.map((g) => g / 2)), middle };
      },
      unmoved: (x, target, layers, rate) => {
        const { loss, gradient } = frozenStep(x, target, layers, rate);
        return { loss, gradient, middle: layers.middle.map((row) => [...row]) };
      },
      changed: (x, target, layers, rate) => {
        const step = frozenStep(x, target, layers, rate);
        for (const [j, row] of step.middle.entries()) layers.middle[j] = row;
        return step;
      },
    },
  },
  thawedAt: {
    right: [
      (places, step, every) => {
        const thawed: string[] = [];
        for (let i = places.length - 1, from = 0; i >= 0 && from <= step; i--, from += every) {
          thawed.push(places[i]!);
        }
        return thawed;
      },
      (places, step, every) =>
        places.filter((_, i) => (places.length - 1 - i) * every <= step).reverse(),
    ],
    wrong: {
      from_the_input: (places, step, every) =>
        places.slice(0, thawedAt(places, step, every).length),
      one_at_a_time: (places, step, every) => thawedAt(places, step, every).slice(-1),
      late: (places, step, every) => places.toReversed().slice(0, Math.floor(step / every)),
      input_first: (places, step, every) => thawedAt(places, step, every).reverse(),
    },
  },
  placesToFreeze: {
    right: [
      (sizes, budget) => {
        const all = sizes.reduce((a, b) => a + b, 0);
        let trained = all, frozen = 0;
        while (4 * all + 12 * trained > budget) {
          if (frozen === sizes.length - 1) return null;
          trained -= sizes[frozen++]!;
        }
        return frozen;
      },
      (sizes, budget) => {
        const all = sizes.reduce((a, b) => a + b, 0);
        const fits = sizes.map((_, i) =>
          sizes.slice(i).reduce((sum, size) => sum + 12 * size, 4 * all) <= budget
        );
        return fits.includes(true) ? fits.indexOf(true) : null;
      },
    ],
    wrong: {
      most: (sizes, budget) => {
        const all = sizes.reduce((a, b) => a + b, 0);
        return 4 * all + 12 * sizes.at(-1)! <= budget ? sizes.length - 1 : null;
      },
      from_the_head: (sizes, budget) => {
        const all = sizes.reduce((a, b) => a + b, 0);
        for (let trained = all, frozen = 0; frozen < sizes.length; frozen++) {
          if (4 * all + 12 * trained <= budget) return frozen;
          trained -= sizes.at(-1 - frozen)!;
        }
        return null;
      },
      frozen_are_free: (sizes, budget) => {
        const trained = (i: number) => sizes.slice(i).reduce((a, b) => a + b, 0);
        const first = sizes.findIndex((_, i) => 16 * trained(i) <= budget);
        return first < 0 ? null : first;
      },
      headless: (sizes, budget) => {
        const all = sizes.reduce((a, b) => a + b, 0);
        for (let trained = all, frozen = 0; frozen <= sizes.length; frozen++) {
          if (4 * all + 12 * trained <= budget) return frozen;
          trained -= sizes[frozen] ?? 0;
        }
        return null;
      },
    },
  },
};

/** The step example by example and number by number; `forgets` says what goes wrong, if anything. */
function byLoops(
  x: Matrix,
  target: Matrix,
  { first, middle, last }: Record<"first" | "middle" | "last", Matrix>,
  rate: number,
  forgets?: "relu" | "last" | "mean",
) {
  const through = (weights: Matrix, input: readonly number[]) =>
    weights.map((row) => row.reduce((sum, w, i) => sum + w * input[i]!, 0));
  const gradient = middle.map((row) => row.map(() => 0));
  const count = forgets === "mean" ? 1 : target.length * target[0]!.length;
  let loss = 0;
  for (const [n, input] of x.entries()) {
    const h = through(first, input).map((value) => Math.max(value, 0));
    const z = through(middle, h).map((value) => Math.max(value, 0));
    const errors = through(last, z).map((value, i) => value - target[n]![i]!);
    for (const [i, error] of errors.entries()) {
      loss += error * error / count;
      for (const [j, value] of z.entries()) {
        if (value === 0 && forgets !== "relu") continue;
        const weight = forgets === "last" ? 1 : last[i]![j]!;
        for (const [k, from] of h.entries()) {
          gradient[j]![k]! += 2 * error / count * weight * from;
        }
      }
    }
  }
  return {
    loss,
    gradient,
    middle: middle.map((row, j) => row.map((w, k) => w - rate * gradient[j]![k]!)),
  };
}
