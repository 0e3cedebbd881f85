/**
 * What a right answer to each exercise of lesson 09 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { applyPeft, lora } from "@tunebook/finetune";
import { Linear, Module } from "@tunebook/nn";
import { exercise, type Expectations } from "@tunebook/notebook";
import { noGrad, Random, type Tensor, tensor } from "@tunebook/tensor";
import type { LayerSize, LoraParts, LoraSetting } from "./types.ts";

/** A model of one layer, for the library's LoRA to stand beside. */
class OneLayer extends Module {
  constructor(readonly layer: Linear) {
    super();
  }

  forward(input: Tensor): Tensor {
    return this.layer.forward(input);
  }
}

/** Sizes, weights and inputs drawn afresh, and the library's model with the same weights. */
function drawn(expect: Expectations<never>) {
  const random = new Random(expect.integer(0, 1e6));
  const inputs = expect.pick([5, 7, 11]), outputs = expect.pick([5, 9, 13]);
  // Never 1 and never alpha: a factor left out must show.
  const rank = expect.integer(2, 4), alpha = rank * expect.pick([3, 5, 1.5]);
  const layer = new Linear(inputs, outputs);
  const peft = applyPeft(
    new OneLayer(layer),
    lora({ rank, loraAlpha: alpha, targetModules: ["layer"] }),
  );
  const named = [...peft.adapter("default").tensors];
  const own = (name: string) => named.find(([path]) => path.includes(name))![1];
  const [a, b] = [own("lora_A"), own("lora_B")];
  b.data.set(random.normal(b.shape).data);
  const copy = (of: Tensor, requiresGrad: boolean) =>
    tensor(of.data.slice(), { shape: of.shape, requiresGrad });
  const parts: LoraParts = {
    weight: copy(layer.weight, false),
    bias: copy(layer.bias!, false),
    a: copy(a, true),
    b: copy(b, true),
    alpha,
  };
  const input = random.normal([expect.pick([2, 3, 5]), inputs]);
  return { random, peft, parts, input, theirs: { a, b }, rank };
}

/** Values to three digits, for reports. */
function asInput({ weight, a, alpha }: LoraParts, input?: Tensor): string {
  const [outputs, inputs] = weight.shape;
  return `${input ? `x [${input.shape}], ` : ""}W [${outputs}, ${inputs}], rank ${
    a.shape[0]
  }, alpha ${alpha}`;
}

/** What somebody with a factor of their own would have computed. */
function withFactor(input: Tensor, { weight, bias, a, b }: LoraParts, factor: number): Tensor {
  return noGrad(() => {
    const learned = input.matmul(a.transpose(0, 1)).matmul(b.transpose(0, 1)).mul(factor);
    return input.matmul(weight.transpose(0, 1)).add(bias).add(learned);
  });
}

/** The checks, by the name of the function they judge. */
export const checks = {
  loraParameters: exercise({
    title: "Exercise 1: How many parameters LoRA trains",
    hint: "A is `[rank, inputs]`, so it holds `rank * inputs` numbers. What does B hold?",
    misconceptions: {
      one_matrix: "That is A alone. B trains too, and has one row for each output.",
      whole_weight: "That is W itself, which stays frozen. Count A and B.",
      product:
        "You multiplied where the two matrices stand side by side: A's numbers and B's are " +
        "added up.",
      one_layer: "That is one layer's. Add up all of them.",
    },
    check(loraParameters: (layers: readonly LayerSize[], rank: number) => number, expect) {
      const one = ({ inputs, outputs }: LayerSize) => rank * (inputs + outputs);
      const theirs = () => ({
        one_matrix: sum(({ inputs }) => rank * inputs),
        whole_weight: sum(({ inputs, outputs }) => inputs * outputs),
        product: sum(({ inputs, outputs }) => rank * inputs * rank * outputs),
        one_layer: one(layers[0]!),
      });
      const sum = (of: (layer: LayerSize) => number) =>
        layers.reduce((total, layer) => total + of(layer), 0);
      const rank = expect.integer(2, 9);
      let layers: LayerSize[];
      do {
        layers = Array.from({ length: expect.integer(2, 5) }, () => ({
          inputs: expect.integer(5, 60),
          outputs: expect.integer(5, 60),
        }));
        // Drawn anew if two ways of going wrong happen to give the same.
      } while (new Set([sum(one), ...Object.values(theirs())]).size < 5);
      expect.equal(loraParameters(layers, rank), sum(one), {
        input: { layers, rank },
        misconceptions: theirs(),
      });
    },
  }),

  loraForward: exercise({
    title: "Exercise 2: A LoRA layer by hand",
    hint:
      "Write `x.matmul(a.transpose(0, 1))` first: `[batch, rank]`. Then the same with B, times " +
      "`alpha / rank`. Add it to what the frozen layer gives.",
    misconceptions: {
      no_factor: "The factor `alpha / rank` is missing.",
      alpha_alone: "You multiplied by alpha. Divide it by the rank too.",
      upside_down: "You divided the rank by alpha. The factor is `alpha / rank`.",
      other_axis:
        "You divided alpha by the number of inputs. The rank is the number of rows of A, " +
        "`a.shape[0]`.",
      no_base: "That is LoRA's part alone. The frozen layer still does its work beside it.",
      no_bias: "The layer's bias is missing.",
      cut_off:
        "The values are right, but no gradient reaches A and B: nothing would train. Compute " +
        "with the tensors themselves, without `noGrad`, `detach` or `.data`.",
    },
    check(loraForward: (input: Tensor, parts: LoraParts) => Tensor, expect) {
      const { random, peft, parts, input, theirs } = drawn(expect as Expectations<never>);
      const { weight, bias, alpha, a } = parts, rank = a.shape[0]!;
      const expected = peft.forward(input);
      const found = loraForward(input, parts);
      const about = asInput(parts, input);
      const learned = withFactor(input, parts, alpha / rank);
      expect.close(found?.toArray?.(), expected.toArray(), {
        tolerance: 1e-4,
        input: about,
        misconceptions: {
          no_factor: withFactor(input, parts, 1).toArray(),
          alpha_alone: withFactor(input, parts, alpha).toArray(),
          upside_down: withFactor(input, parts, rank / alpha).toArray(),
          other_axis: withFactor(input, parts, alpha / a.shape[1]!).toArray(),
          no_base: noGrad(() => learned.sub(input.matmul(weight.transpose(0, 1))).sub(bias))
            .toArray(),
          no_bias: noGrad(() => learned.sub(bias)).toArray(),
        },
      });
      expect.that(found.requiresGrad, {
        expected: "an output from which gradients flow to A and B",
        found: "one that needs no gradient",
        input: about,
        misconception: "cut_off",
      });
      const weights = random.normal(expected.shape);
      expected.mul(weights).sum().backward();
      found.mul(weights).sum().backward();
      for (const name of ["a", "b"] as const) {
        expect.that(parts[name].grad !== null, {
          expected: `a gradient of ${name.toUpperCase()}`,
          found: "none",
          input: about,
          misconception: "cut_off",
        });
        expect.close(parts[name].grad!.toArray(), theirs[name].grad!.toArray(), {
          tolerance: 1e-4,
          input: `the gradient of ${name.toUpperCase()}; ${about}`,
        });
      }
    },
  }),

  mergedWeight: exercise({
    title: "Exercise 3: Merging by hand",
    hint: "B is `[outputs, rank]` and A is `[rank, inputs]`: which product has the shape of W?",
    misconceptions: {
      no_factor: "The factor `alpha / rank` is missing.",
      change_alone: "That is the change alone. Merging adds it to W.",
      subtracted: "You took the change away: that is how one unmerges.",
      in_place: "The W given has changed. Merged a second time, the change would count twice. " +
        "`add` makes a new tensor.",
    },
    check(mergedWeight: (parts: LoraParts) => Tensor, expect) {
      const { peft, parts, input } = drawn(expect as Expectations<never>);
      const { weight, bias, a, b, alpha } = parts;
      const before = weight.data.slice();
      const found = mergedWeight(parts);
      const expected = noGrad(() => {
        peft.merge();
        const merged = peft.model.layer as unknown as { base_layer: Linear };
        return merged.base_layer.weight.clone();
      });
      const base = tensor(before, { shape: weight.shape });
      const learned = noGrad(() => expected.sub(base));
      const about = asInput(parts);
      expect.that(weight.data.every((value, i) => value === before[i]), {
        expected: "the W given to stay as it is",
        found: "a W with other numbers",
        input: about,
        misconception: "in_place",
      });
      expect.close(found?.toArray?.(), expected.toArray(), {
        tolerance: 1e-4,
        input: about,
        misconceptions: {
          no_factor: noGrad(() => base.add(b.matmul(a))).toArray(),
          change_alone: learned.toArray(),
          subtracted: noGrad(() => base.sub(learned)).toArray(),
        },
      });
      // What it is for: one product gives what W and LoRA gave together.
      const together = noGrad(() => input.matmul(found.transpose(0, 1)).add(bias)).toArray();
      const apart = withFactor(input, parts, alpha / a.shape[0]!).toArray();
      expect.close(together, apart, { tolerance: 1e-4, input: about });
    },
  }),

  alphaFor: exercise({
    title: "Exercise 4: Choose alpha for another rank",
    hint: "Write down the factor of the setting that works: α / rank, or α / √rank. The new α " +
      "divided in the new way must give the same.",
    misconceptions: {
      same_alpha: "With the same alpha, a higher rank counts less: the factor divides by the rank.",
      upside_down: "That goes the wrong way: if the rank doubles, α / rank halves, so alpha must " +
        "double.",
      no_root: "rsLoRA divides by the square root of the rank.",
      factor: "That is the factor of the setting that works. Which α gives it at the new rank?",
    },
    check(alphaFor: (known: LoraSetting, rank: number, rslora: boolean) => number, expect) {
      const known = {
        rank: expect.pick([2, 4, 8]),
        alpha: expect.pick([8, 16, 24]),
      };
      // Never the square of the known one: two ways of going wrong would give the same.
      const rank = expect.pick([12, 24, 32]);
      const divisor = (rank: number, root: boolean) => root ? Math.sqrt(rank) : rank;
      const ask = (
        known: LoraSetting,
        rslora: boolean,
        misconceptions: Partial<
          Record<"same_alpha" | "upside_down" | "no_root" | "factor", number>
        >,
      ) => {
        const factor = known.alpha / divisor(known.rank, known.rslora);
        expect.close(alphaFor(known, rank, rslora), factor * divisor(rank, rslora), {
          input: { known, rank, rslora },
          misconceptions,
        });
      };
      ask({ ...known, rslora: false }, false, {
        same_alpha: known.alpha,
        upside_down: known.alpha * known.rank / rank,
        factor: known.alpha / known.rank,
      });
      const no_root = known.alpha / known.rank * rank;
      ask({ ...known, rslora: false }, true, { no_root });
      ask({ ...known, rslora: true }, false, { no_root });
      ask({ ...known, rslora: true }, true, { no_root });
    },
  }),
};
