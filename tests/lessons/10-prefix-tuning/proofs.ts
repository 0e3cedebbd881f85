import type { Proofs } from "@tunebook/notebook";
import { concat, linear, noGrad, scaledDotProductAttention } from "@tunebook/tensor";
import type { checks } from "../../../lessons/10-prefix-tuning/checks.ts";
import type { Measured, PrefixParts } from "../../../lessons/10-prefix-tuning/types.ts";
import {
  attendWithPrefix,
  chooseMethod,
  ia3Forward,
} from "../../../lessons/10-prefix-tuning/solutions.ts";

/** Answers that prove the checks of lesson 10. */
export const proofs: Proofs<typeof checks> = {
  biasNames: {
    right: [
      (names) => names.filter((name) => /(^|\.)bias$/.test(name)).reverse(),
      (names) => {
        const found: string[] = [];
        for (const name of names) {
          if (name === "bias" || name.endsWith(".bias")) found.push(name);
        }
        return found;
      },
    ],
    wrong: {
      the_rest: (names) => names.filter((name) => !name.endsWith(".bias")),
      contains: (names) => names.filter((name) => name.includes("bias")),
      without_norms: (names) =>
        names.filter((name) => name.endsWith(".bias") && !name.includes("ln_")),
      shortened: (names) =>
        names.filter((name) => name.endsWith(".bias")).map((name) => name.slice(0, -5)),
    },
  },
  attendWithPrefix: {
    right: [
      // The softmax in two parts, without putting anything in front.
      ({ queries, keys, values, prefixKeys, prefixValues }) => {
        const scale = queries.shape[1]! ** -0.5;
        const own = queries.matmul(keys.transpose(0, 1)).mul(scale).exp();
        const front = queries.matmul(prefixKeys.transpose(0, 1)).mul(scale).exp();
        const sum = own.sum(1, true).add(front.sum(1, true));
        return own.matmul(values).add(front.matmul(prefixValues)).div(sum);
      },
      ({ queries, keys, values, prefixKeys, prefixValues }) =>
        scaledDotProductAttention(
          queries.unsqueeze(0),
          concat([prefixKeys, keys], 0).unsqueeze(0),
          concat([prefixValues, values], 0).unsqueeze(0),
          { numHeads: 1 },
        ).squeeze(0),
    ],
    wrong: {
      no_prefix: ({ queries, keys, values }) =>
        weighted(queries.matmul(keys.transpose(0, 1)).div(Math.sqrt(queries.shape[1]!)), values, 1),
      no_scale: (parts) => weighted(scores(parts), together(parts), 1),
      no_root: (parts) => weighted(scores(parts).div(parts.queries.shape[1]!), together(parts), 1),
      prefix_asks: (parts) =>
        attendWithPrefix({ ...parts, queries: concat([parts.prefixKeys, parts.queries], 0) }),
      wrong_axis: (parts) =>
        weighted(scores(parts).div(Math.sqrt(parts.queries.shape[1]!)), together(parts), 0),
      other_order: (parts) =>
        weighted(
          scores(parts).div(Math.sqrt(parts.queries.shape[1]!)),
          concat([parts.values, parts.prefixValues], 0),
          1,
        ),
      cut_off: (parts) => noGrad(() => attendWithPrefix(parts)),
    },
  },
  ia3Forward: {
    right: [
      // Scaling rows or columns of W is the same: this is how IA³ is merged.
      (input, { weight, bias, factors, isFeedforward }) =>
        isFeedforward
          ? linear(input, weight.mul(factors), bias)
          : linear(input, weight.mul(factors.unsqueeze(1)), bias.mul(factors)),
      (input, { weight, bias, factors, isFeedforward }) =>
        isFeedforward
          ? linear(factors.mul(input), weight, bias)
          : factors.mul(linear(input, weight, bias)),
    ],
    wrong: {
      no_factors: (input, { weight, bias }) => linear(input, weight, bias),
      wrong_side: (input, parts) =>
        ia3Forward(input, { ...parts, isFeedforward: !parts.isFeedforward }),
      bare_bias: (input, { weight, bias, factors, isFeedforward }) =>
        isFeedforward
          ? linear(input.mul(factors), weight, bias)
          : linear(input, weight).mul(factors).add(bias),
      added: (input, { weight, bias, factors, isFeedforward }) =>
        isFeedforward
          ? linear(input.add(factors), weight, bias)
          : linear(input, weight, bias).add(factors),
      cut_off: (input, parts) => noGrad(() => ia3Forward(input, parts)),
    },
  },
  chooseMethod: {
    right: [
      (methods, { mostParameters, mustMerge, tolerance }) => {
        const fits = (one: Measured) =>
          one.parameters <= mostParameters && (!mustMerge || one.mergeable);
        let best = -Infinity;
        for (const one of methods) if (fits(one)) best = Math.max(best, one.accuracy);
        let chosen: Measured | null = null;
        for (const one of methods) {
          if (!fits(one) || one.accuracy < best - tolerance) continue;
          if (chosen === null || one.parameters < chosen.parameters) chosen = one;
        }
        return chosen?.name ?? null;
      },
      (methods, { mostParameters, mustMerge, tolerance }) => {
        const sorted = methods
          .filter((one) => one.parameters <= mostParameters && one.mergeable >= mustMerge)
          .toSorted((a, b) => a.parameters - b.parameters);
        return sorted.find((one) =>
          sorted.every((other) => other.accuracy - one.accuracy <= tolerance)
        )?.name ?? null;
      },
    ],
    wrong: {
      best_of_all: (methods) => methods.toSorted((a, b) => b.accuracy - a.accuracy)[0]!.name,
      ignores_tolerance: (methods, situation) =>
        chooseMethod(methods, { ...situation, tolerance: 0 }),
      smallest: (methods, situation) => chooseMethod(methods, { ...situation, tolerance: 1 }),
      unmerged: (methods, situation) => chooseMethod(methods, { ...situation, mustMerge: false }),
      measured_by_all: (methods, { mostParameters, mustMerge, tolerance }) => {
        const best = Math.max(...methods.map(({ accuracy }) => accuracy));
        const good = methods.filter((one) =>
          one.parameters <= mostParameters && (one.mergeable || !mustMerge) &&
          one.accuracy >= best - tolerance
        );
        return good[0]?.name ?? null;
      },
      only_unmerged: (methods, situation) =>
        chooseMethod(
          methods.filter(({ mergeable }) => mergeable === situation.mustMerge),
          situation,
        ),
      none_fits: (methods, situation) =>
        chooseMethod(methods, situation) ?? undefined as unknown as null,
    },
  },
};

type Tensor = PrefixParts["queries"];

function scores({ queries, keys, prefixKeys }: PrefixParts): Tensor {
  return queries.matmul(concat([prefixKeys, keys], 0).transpose(0, 1));
}

function together({ values, prefixValues }: PrefixParts): Tensor {
  return concat([prefixValues, values], 0);
}

function weighted(scores: Tensor, values: Tensor, axis: number): Tensor {
  return scores.softmax(axis).matmul(values);
}
