import type { Proofs } from "@tunebook/notebook";
import { linear, noGrad } from "@tunebook/tensor";
import type { checks } from "../../../lessons/09-lora/checks.ts";
import { loraForward } from "../../../lessons/09-lora/solutions.ts";

/** Answers that prove the checks of lesson 09. */
export const proofs: Proofs<typeof checks> = {
  loraParameters: {
    right: [
      (layers, rank) => {
        let count = 0;
        for (const { inputs, outputs } of layers) count += rank * inputs + outputs * rank;
        return count;
      },
      (layers, rank) =>
        rank * layers.flatMap(({ inputs, outputs }) => [inputs, outputs])
          .reduce((a, b) => a + b, 0),
    ],
    wrong: {
      one_matrix: (layers, rank) => layers.reduce((sum, { inputs }) => sum + rank * inputs, 0),
      whole_weight: (layers) =>
        layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0),
      product: (layers, rank) =>
        layers.reduce((sum, { inputs, outputs }) => sum + rank * inputs * rank * outputs, 0),
      one_layer: ([first], rank) => rank * (first!.inputs + first!.outputs),
    },
  },
  loraForward: {
    right: [
      // The product as one matrix.
      (input, { weight, bias, a, b, alpha }) =>
        linear(input, weight.add(b.matmul(a).mul(alpha / a.shape[0]!)), bias),
      (input, { weight, bias, a, b, alpha }) => {
        const [rank] = a.shape;
        return linear(input, weight, bias).add(linear(linear(input.mul(alpha).div(rank!), a), b));
      },
    ],
    wrong: {
      no_factor: (input, parts) => loraForward(input, { ...parts, alpha: parts.a.shape[0]! }),
      alpha_alone: (input, parts) =>
        loraForward(input, { ...parts, alpha: parts.alpha * parts.a.shape[0]! }),
      upside_down: (input, parts) =>
        loraForward(input, { ...parts, alpha: parts.a.shape[0]! ** 2 / parts.alpha }),
      other_axis: (input, parts) =>
        loraForward(input, {
          ...parts,
          alpha: parts.alpha * parts.a.shape[0]! / parts.a.shape[1]!,
        }),
      no_base: (input, { a, b, alpha }) => linear(linear(input, a), b).mul(alpha / a.shape[0]!),
      no_bias: (input, parts) => loraForward(input, parts).sub(parts.bias),
      cut_off: (input, parts) => noGrad(() => loraForward(input, parts)),
    },
  },
  mergedWeight: {
    right: [
      ({ weight, a, b, alpha }) => b.mul(alpha / a.shape[0]!).matmul(a).add(weight),
      ({ weight, a, b, alpha }) => {
        const merged = noGrad(() => weight.clone());
        const [outputs, inputs] = weight.shape as [number, number], rank = a.shape[0]!;
        for (let row = 0; row < outputs; row++) {
          for (let column = 0; column < inputs; column++) {
            let sum = 0;
            for (let k = 0; k < rank; k++) {
              sum += b.data[row * rank + k]! * a.data[k * inputs + column]!;
            }
            const at = row * inputs + column;
            merged.data[at] = merged.data[at]! + alpha / rank * sum;
          }
        }
        return merged;
      },
    ],
    wrong: {
      no_factor: ({ weight, a, b }) => weight.add(b.matmul(a)),
      change_alone: ({ a, b, alpha }) => b.matmul(a).mul(alpha / a.shape[0]!),
      subtracted: ({ weight, a, b, alpha }) => weight.sub(b.matmul(a).mul(alpha / a.shape[0]!)),
      in_place: ({ weight, a, b, alpha }) => {
        weight.data.set(noGrad(() => weight.add(b.matmul(a).mul(alpha / a.shape[0]!))).data);
        return weight;
      },
    },
  },
  alphaFor: {
    right: [
      (known, rank, rslora) =>
        known.alpha * rank ** (rslora ? 0.5 : 1) / known.rank ** (known.rslora ? 0.5 : 1),
      (known, rank, rslora) => {
        let factor = known.alpha / known.rank;
        if (known.rslora) factor *= Math.sqrt(known.rank);
        return rslora ? factor * Math.sqrt(rank) : factor * rank;
      },
    ],
    wrong: {
      same_alpha: (known) => known.alpha,
      upside_down: (known, rank) => known.alpha * known.rank / rank,
      no_root: (known, rank) => known.alpha / known.rank * rank,
      factor: (known) => known.alpha / known.rank,
    },
  },
};
