import type { Proofs } from "@tunebook/notebook";
import { tensor } from "@tunebook/tensor";
import type { checks } from "../../../lessons/11-multi-task/checks.ts";

/** Answers that prove the checks of lesson 11. */
export const proofs: Proofs<typeof checks> = {
  weightsFromLosses: {
    right: [
      (losses) => {
        let total = 0;
        for (const loss of losses) total += 1 / loss;
        const height = losses.length / total; // what every weighted loss comes to
        return losses.map((loss) => height / loss);
      },
      (losses) => {
        const product = losses.reduce((a, b) => a * b);
        const others = losses.map((loss) => product / loss);
        const mean = others.reduce((a, b) => a + b) / others.length;
        return others.map((other) => other / mean);
      },
    ],
    wrong: {
      larger_for_larger: (losses) => {
        const mean = losses.reduce((a, b) => a + b) / losses.length;
        return losses.map((loss) => loss / mean);
      },
      unscaled: (losses) => losses.map((loss) => 1 / loss),
      sum_is_one: (losses) => shares(losses.map((loss) => 1 / loss)),
    },
  },
  temperatureShares: {
    right: [
      (examples, temperature) =>
        shares(examples.map((count) => Math.exp(Math.log(count) / temperature))),
      (examples, temperature) => {
        const result: number[] = [];
        let total = 0;
        for (const count of examples) total += Math.pow(count, 1 / temperature);
        for (const count of examples) result.push(Math.pow(count, 1 / temperature) / total);
        return result;
      },
    ],
    wrong: {
      no_temperature: (examples) => shares(examples),
      wrong_way: (examples, temperature) => shares(examples.map((count) => count ** temperature)),
      not_shares: (examples, temperature) => examples.map((count) => count ** (1 / temperature)),
      softmax: (examples, temperature) => {
        const largest = Math.max(...examples);
        return shares(examples.map((count) => Math.exp((count - largest) / temperature)));
      },
    },
  },
  uncertaintyLoss: {
    right: [
      (losses, logVariances) => {
        let total = logVariances.sum().mul(0.5);
        for (const [i, loss] of losses.entries()) {
          total = total.add(loss.mul(logVariances.select(0, i).mul(-1).exp()));
        }
        return total;
      },
      (losses, logVariances) => {
        const terms = losses.map((loss, i) => {
          const s = logVariances.select(0, i);
          return loss.div(s.exp()).add(s.div(2));
        });
        return terms.slice(1).reduce((sum, term) => sum.add(term), terms[0]!);
      },
    ],
    wrong: {
      no_penalty: (losses, s) =>
        losses.map((loss, i) => loss.mul(s.select(0, i).neg().exp())).reduce((a, b) => a.add(b)),
      whole_penalty: (losses, s) =>
        losses.map((loss, i) => loss.mul(s.select(0, i).neg().exp())).reduce((a, b) => a.add(b))
          .add(s.sum()),
      wrong_sign: (losses, s) =>
        losses.map((loss, i) => loss.mul(s.select(0, i).exp())).reduce((a, b) => a.add(b))
          .add(s.sum().mul(0.5)),
      no_gradient: (losses, logVariances) =>
        losses.map((loss, i) => {
          const s = tensor(logVariances.data[i]!);
          return loss.mul(s.neg().exp()).add(s.mul(0.5));
        }).reduce((a, b) => a.add(b)),
    },
  },
  withoutConflict: {
    right: [
      (gradient, other) => {
        const factor = Math.min(0, dot(gradient, other)) / dot(other, other);
        return gradient.map((x, i) => x - factor * other[i]!);
      },
      (gradient, other) => {
        const length = Math.hypot(...other);
        const unit = other.map((x) => x / length);
        const along = dot(gradient, unit);
        return along < 0 ? gradient.map((x, i) => x - along * unit[i]!) : gradient.slice();
      },
    ],
    wrong: {
      always: (gradient, other) => {
        const factor = dot(gradient, other) / dot(other, other);
        return gradient.map((x, i) => x - factor * other[i]!);
      },
      not_squared: (gradient, other) => {
        const factor = Math.min(0, dot(gradient, other)) / Math.hypot(...other);
        return gradient.map((x, i) => x - factor * other[i]!);
      },
      wrong_vector: (gradient, other) => {
        const factor = Math.min(0, dot(gradient, other)) / dot(other, other);
        return gradient.map((x) => x - factor * x);
      },
      elementwise: (gradient, other) => gradient.map((x, i) => x * other[i]! < 0 ? 0 : x),
      added: (gradient, other) => {
        const factor = Math.min(0, dot(gradient, other)) / dot(other, other);
        return gradient.map((x, i) => x + factor * other[i]!);
      },
    },
  },
  shareOfStep: {
    right: [
      (gradients) => {
        const sum: number[] = [];
        for (const gradient of gradients) {
          for (const [i, x] of gradient.entries()) sum[i] = (sum[i] ?? 0) + x;
        }
        const square = dot(sum, sum);
        return gradients.map((gradient) => dot(gradient, sum) / square);
      },
      (gradients) =>
        // A gradient's product with the sum is the sum of its products with all.
        shares(
          gradients.map((one) => gradients.reduce((total, other) => total + dot(one, other), 0)),
        ),
    ],
    wrong: {
      by_length: (gradients) => shares(gradients.map((gradient) => Math.hypot(...gradient))),
      with_itself: (gradients) => shares(gradients.map((gradient) => dot(gradient, gradient))),
      not_shares: (gradients) => {
        const sum = gradients[0]!.map((_, i) => gradients.reduce((a, g) => a + g[i]!, 0));
        return gradients.map((gradient) => dot(gradient, sum));
      },
      no_sign: (gradients) => {
        const sum = gradients[0]!.map((_, i) => gradients.reduce((a, g) => a + g[i]!, 0));
        return shares(gradients.map((gradient) => Math.abs(dot(gradient, sum))));
      },
    },
  },
};

function shares(numbers: readonly number[]): number[] {
  const total = numbers.reduce((a, b) => a + b, 0);
  return numbers.map((one) => one / total);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
