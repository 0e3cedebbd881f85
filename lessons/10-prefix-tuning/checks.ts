/**
 * What a right answer to each exercise of lesson 10 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { applyPeft, bitFit, ia3 } from "@tunebook/finetune";
import { Gpt } from "@tunebook/models";
import { Linear, Module } from "@tunebook/nn";
import { exercise } from "@tunebook/notebook";
import { concat, noGrad, Random, scaledDotProductAttention, type Tensor } from "@tunebook/tensor";
import type { Ia3Parts, Measured, PrefixParts, Situation } from "./types.ts";

/** A model of one layer, for the library's IA³ to scale. */
class OneLayer extends Module {
  constructor(readonly layer: Linear) {
    super();
  }

  forward(input: Tensor): Tensor {
    return this.layer.forward(input);
  }
}

/** A copy that trains, or doesn't. */
function copy(of: Tensor, requiresGrad = false): Tensor {
  const made = noGrad(() => of.clone());
  made.requiresGrad = requiresGrad;
  return made;
}

/** Attention of a text with what stands in front, as somebody with a misconception would do it. */
function attention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { scale = 1 / Math.sqrt(queries.shape[1]!), axis = 1 } = {},
): unknown {
  return noGrad(() =>
    queries.matmul(keys.transpose(0, 1)).mul(scale).softmax(axis).matmul(values).toArray()
  );
}

/** The checks, by the name of the function they judge. */
export const checks = {
  biasNames: exercise({
    title: "Exercise 1: What BitFit trains",
    hint: "`name.split('.')` cuts a name into its parts, and `.at(-1)` is the last.",
    misconceptions: {
      the_rest: "These are the weights: they stay frozen. Return the biases.",
      contains:
        "A name may hold the word elsewhere, such as `bias_table.weight`. Only the last part " +
        "says what a parameter is.",
      without_norms: "Norms have biases too, such as `ln_f.bias`, and BitFit trains them.",
      shortened: "Return the whole names, not parts of them.",
    },
    check(biasNames: (names: readonly string[]) => string[], expect) {
      const model = new Gpt({
        vocabSize: 9,
        maxPositions: 8,
        dim: 4,
        layers: expect.integer(1, 3),
        heads: 2,
      });
      const names = Array.from(model.namedParameters(), ([name]) => name);
      const given = expect.shuffle([...names, "bias_table.weight", "h.0.debias.weight"]);
      const theirs = [...applyPeft(model, bitFit()).adapter("default").tensors.keys()].sort();
      const found = biasNames(given);
      const sorted = (list: readonly string[]) => [...list].sort();
      expect.equal(Array.isArray(found) ? sorted(found) : found, theirs, {
        input: given,
        misconceptions: {
          the_rest: sorted(given.filter((name) => !theirs.includes(name))),
          contains: sorted(given.filter((name) => name.includes("bias"))),
          without_norms: sorted(theirs.filter((name) => !/ln_/.test(name))),
          shortened: sorted(theirs.map((name) => name.replace(/\.bias$/, ""))),
        },
      });
    },
  }),

  attendWithPrefix: exercise({
    title: "Exercise 2: A prefix in attention",
    hint:
      "Put the prefix's keys above the text's with `concat`, and the values likewise. Then it is " +
      "attention as always: products, divided by √dim, `softmax(1)`, times the values.",
    misconceptions: {
      no_prefix: "That is attention without the prefix.",
      no_scale: "Divide the scores by the square root of `dim` before the softmax.",
      no_root: "You divided the scores by `dim`. Divide them by its square root.",
      prefix_asks:
        "One row for each token: the prefix has keys and values, but it asks nothing, so " +
        "the queries stay as they are.",
      wrong_axis: "The weights of each token must sum to 1 over what it looks at: `softmax(1)`.",
      other_order:
        "Keys and values stand in different orders: a key's weight then goes to another " +
        "key's value. Put the prefix in front in both.",
      cut_off: "The values are right, but no gradient reaches the prefix: nothing would train. " +
        "Compute with the tensors themselves, without `noGrad`, `detach` or `.data`.",
    },
    check(attendWithPrefix: (parts: PrefixParts) => Tensor, expect) {
      const random = new Random(expect.integer(0, 1e6));
      const time = expect.pick([3, 5, 7]), dim = expect.pick([5, 7, 9]);
      const length = expect.pick([2, 4, 6]);
      const draw = (rows: number) => random.normal([rows, dim]);
      const parts: PrefixParts = {
        queries: draw(time),
        keys: draw(time),
        values: draw(time),
        prefixKeys: copy(draw(length), true),
        prefixValues: copy(draw(length), true),
      };
      const { queries, keys, values } = parts;
      const theirs = { keys: copy(parts.prefixKeys, true), values: copy(parts.prefixValues, true) };
      const expected = scaledDotProductAttention(
        queries.unsqueeze(0),
        keys.unsqueeze(0),
        values.unsqueeze(0),
        {
          numHeads: 1,
          prefixKeys: theirs.keys.unsqueeze(0),
          prefixValues: theirs.values.unsqueeze(0),
        },
      ).squeeze(0);
      const found = attendWithPrefix(parts);
      const rows = found?.shape?.[0];
      const about = `${time} tokens, ${length} in the prefix, dim ${dim}`;
      const allKeys = noGrad(() => concat([parts.prefixKeys, keys], 0));
      const allValues = noGrad(() => concat([parts.prefixValues, values], 0));
      expect.that(rows !== time + length, {
        expected: `${time} rows, one for each token`,
        found: `${rows} rows`,
        input: about,
        misconception: "prefix_asks",
      });
      expect.close(found?.toArray?.(), expected.toArray(), {
        tolerance: 1e-4,
        input: about,
        misconceptions: {
          no_prefix: attention(queries, keys, values),
          no_scale: attention(queries, allKeys, allValues, { scale: 1 }),
          no_root: attention(queries, allKeys, allValues, { scale: 1 / dim }),
          wrong_axis: attention(queries, allKeys, allValues, { axis: 0 }),
          other_order: attention(
            queries,
            allKeys,
            noGrad(() => concat([values, parts.prefixValues], 0)),
          ),
        },
      });
      const connected = {
        expected: "an output from which gradients flow to the prefix's keys and values",
        input: about,
        misconception: "cut_off" as const,
      };
      expect.that(found.requiresGrad, { ...connected, found: "one that needs no gradient" });
      const weights = random.normal([time, dim]);
      expected.mul(weights).sum().backward();
      found.mul(weights).sum().backward();
      for (
        const [name, mine, own] of [
          ["keys", parts.prefixKeys, theirs.keys],
          ["values", parts.prefixValues, theirs.values],
        ] as const
      ) {
        expect.that(mine.grad !== null, { ...connected, found: `no gradient of its ${name}` });
        expect.close(mine.grad!.toArray(), own.grad!.toArray(), {
          tolerance: 1e-4,
          input: `the gradient of the prefix's ${name}; ${about}`,
        });
      }
    },
  }),

  ia3Forward: exercise({
    title: "Exercise 3: IA³ by hand",
    hint:
      "`mul(factors)` multiplies each column by its factor. In the feed-forward it comes before " +
      "the layer, otherwise after it.",
    misconceptions: {
      no_factors: "That is the layer alone. Where do the factors come in?",
      wrong_side: "Before and after are swapped: the feed-forward's factors are for what goes in.",
      bare_bias: "What comes out of the layer includes its bias, and all of it is scaled.",
      added: "IA³ multiplies by the factors; you added them.",
      cut_off: "The values are right, but no gradient reaches the factors: nothing would train. " +
        "Compute with the tensors themselves, without `noGrad`, `detach` or `.data`.",
    },
    check(ia3Forward: (input: Tensor, parts: Ia3Parts) => Tensor, expect) {
      const random = new Random(expect.integer(0, 1e6));
      for (const isFeedforward of expect.shuffle([false, true])) {
        const dim = expect.pick([5, 7, 9]), layer = new Linear(dim, dim);
        const peft = applyPeft(
          new OneLayer(layer),
          ia3({ targetModules: ["layer"], feedforwardModules: isFeedforward ? ["layer"] : [] }),
        );
        const [theirs] = peft.adapter("default").tensors.values() as Iterable<Tensor> as [Tensor];
        theirs.data.set(random.normal([dim], 1, 0.7).data);
        const factors = noGrad(() => theirs.flatten().clone());
        factors.requiresGrad = true;
        const weight = copy(layer.weight), bias = copy(layer.bias!);
        const input = random.normal([expect.pick([2, 3, 5]), dim]);
        const about = `x [${input.shape}], W [${dim}, ${dim}], isFeedforward ${isFeedforward}`;
        const expected = peft.forward(input);
        const found = ia3Forward(input, { weight, bias, factors, isFeedforward });
        const plain = (x: Tensor) => x.matmul(weight.transpose(0, 1)).add(bias);
        const as = (compute: () => Tensor) => noGrad(() => compute().toArray());
        const before = () => plain(input.mul(factors)), after = () => plain(input).mul(factors);
        expect.close(found?.toArray?.(), expected.toArray(), {
          tolerance: 1e-4,
          input: about,
          misconceptions: {
            no_factors: as(() => plain(input)),
            wrong_side: as(isFeedforward ? after : before),
            bare_bias: as(() => plain(input).sub(bias).mul(factors).add(bias)),
            added: as(() => isFeedforward ? plain(input.add(factors)) : plain(input).add(factors)),
          },
        });
        const connected = {
          expected: "an output from which gradients flow to the factors",
          input: about,
          misconception: "cut_off" as const,
        };
        expect.that(found.requiresGrad, { ...connected, found: "one that needs no gradient" });
        const weights = random.normal(expected.shape);
        expected.mul(weights).sum().backward();
        found.mul(weights).sum().backward();
        expect.that(factors.grad !== null, { ...connected, found: "no gradient" });
        expect.close(factors.grad!.toArray(), theirs.grad!.flatten().toArray(), {
          tolerance: 1e-4,
          input: `the gradient of the factors; ${about}`,
        });
      }
    },
  }),

  chooseMethod: exercise({
    title: "Exercise 4: Choose a method",
    hint:
      "`filter` what fits; `Math.max` of its accuracies is the best; `filter` what is at most " +
      "`tolerance` below; sort by parameters.",
    misconceptions: {
      best_of_all: "The most accurate of all doesn't fit. First leave out what breaks a limit.",
      ignores_tolerance: "A smaller method is within the tolerance of the best.",
      smallest:
        "The smallest that fits isn't good enough. It may be at most `tolerance` below the " +
        "best that fits.",
      unmerged: "It must be merged, and this method can't be.",
      measured_by_all: "You took the tolerance from the best of all methods, which doesn't fit.",
      only_unmerged: "Who needn't merge may still take a method that can be merged.",
      none_fits: "When nothing fits, return `null`.",
    },
    check(chooseMethod: (methods: readonly Measured[], of: Situation) => string | null, expect) {
      const accuracy = 0.8 + expect.integer(0, 9) / 100, size = expect.integer(3, 9);
      const method = (name: string, below: number, parameters: number, mergeable = true) => ({
        name,
        accuracy: accuracy - below,
        parameters: parameters * size,
        mergeable,
      });
      const methods = expect.shuffle([
        method("giant", -0.08, 100_000),
        method("best", 0, 5000),
        method("near", 0.01, 900),
        method("weak", 0.2, 10),
        method("apart", 0.005, 300, false),
      ]);
      const situation = { mostParameters: 6000 * size, mustMerge: true, tolerance: 0.02 };
      expect.equal(chooseMethod(methods, situation), "near", {
        input: { methods, situation },
        misconceptions: {
          best_of_all: "giant",
          ignores_tolerance: "best",
          smallest: "weak",
          unmerged: "apart",
          measured_by_all: null,
        },
      });
      const relaxed = { ...situation, mustMerge: false };
      expect.equal(chooseMethod(methods, relaxed), "apart", { input: { methods, relaxed } });
      const contest = { ...relaxed, tolerance: 0 };
      expect.equal(chooseMethod(methods, contest), "best", {
        input: { methods, contest },
        misconceptions: { only_unmerged: "apart" },
      });
      const strict = { ...situation, mostParameters: size };
      const nothing = chooseMethod(methods, strict);
      expect.that(nothing === null, {
        expected: "null, since nothing fits",
        found: nothing,
        input: { methods, strict },
        misconception: "none_fits",
      });
    },
  }),
};
