/**
 * What a right answer to each exercise of lesson 11 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import {
  PcGradWeighting,
  temperatureSampling,
  UncertaintyWeighting,
  type Weighting,
} from "@tunebook/finetune";
import { exercise, type Expectations } from "@tunebook/notebook";
import { scope, type Tensor, tensor } from "@tunebook/tensor";

/** The checks, by the name of the function they judge. */
export const checks = {
  weightsFromLosses: exercise({
    title: "Exercise 1: Weights from losses",
    hint: "Start with `1 / loss`. What must you multiply by so that the sum is right?",
    misconceptions: {
      larger_for_larger:
        "Here the largest loss got the largest weight, so it dominates even more. Turn it round.",
      unscaled: "The ratios are right. Now scale the weights: they must add up to the number of " +
        "tasks.",
      sum_is_one: "These add up to 1. Add up to the number of tasks instead: equal weights are " +
        "then 1 each, as before.",
    },
    check(weightsFromLosses: (losses: readonly number[]) => number[], expect) {
      const scales = Array.from({ length: expect.integer(2, 5) }, (_, i) => 10 ** i);
      const losses = expect.shuffle(scales.map((scale) => scale * expect.integer(2, 9)));
      const inverse = losses.map((loss) => 1 / loss);
      const shares = sharesOf(inverse);
      const found = weightsFromLosses(losses);
      const sum = Array.isArray(found) ? found.reduce((a, b) => a + b, 0) : NaN;
      // Whatever they add up to: are their ratios right?
      const ratios = Array.isArray(found) && near(sharesOf(found), shares);
      expect.that(!ratios || Math.abs(sum - 1) < 1e-6 || Math.abs(sum - losses.length) < 1e-6, {
        expected: `weights that add up to ${losses.length}`,
        found,
        input: losses,
        misconception: "unscaled",
      });
      expect.close(found, shares.map((share) => share * losses.length), {
        input: losses,
        tolerance: 1e-9,
        misconceptions: {
          larger_for_larger: sharesOf(losses).map((share) => share * losses.length),
          sum_is_one: shares,
        },
      });
    },
  }),

  temperatureShares: exercise({
    title: "Exercise 2: Shares at a temperature",
    hint: "`count ** (1 / temperature)` for every task, then divide each by their sum.",
    misconceptions: {
      no_temperature: "These are the shares at temperature 1. Where does T come in?",
      wrong_way: "The counts were raised to the power T. That makes the large task even larger; " +
        "the power is 1/T.",
      not_shares: "The ratios are right. Shares add up to 1.",
      softmax: "This is a softmax of the counts. Here the temperature is a root, no exponential.",
    },
    check(temperatureShares: (examples: readonly number[], t: number) => number[], expect) {
      const examples = Array.from(
        { length: expect.integer(2, 5) },
        (_, i) => expect.integer(2, 9) * 10 ** (i % 3),
      );
      const temperature = expect.pick([1.5, 2, 3, 5]);
      const weights = temperatureSampling({ temperature })(examples, 0);
      const largest = Math.max(...examples);
      const found = temperatureShares(examples, temperature);
      const sum = Array.isArray(found) ? found.reduce((a, b) => a + b, 0) : NaN;
      // Whatever they add up to: are their ratios right?
      const ratios = Array.isArray(found) && near(sharesOf(found), sharesOf(weights));
      expect.that(!ratios || Math.abs(sum - 1) < 1e-6, {
        expected: "shares that add up to 1",
        found,
        input: { examples, temperature },
        misconception: "not_shares",
      });
      expect.close(found, sharesOf(weights), {
        input: { examples, temperature },
        tolerance: 1e-9,
        misconceptions: {
          no_temperature: sharesOf(examples),
          wrong_way: sharesOf(examples.map((count) => count ** temperature)),
          softmax: sharesOf(examples.map((count) => Math.exp((count - largest) / temperature))),
        },
      });
    },
  }),

  uncertaintyLoss: exercise({
    title: "Exercise 3: Uncertainty weighting by hand",
    hint: "For each task: `loss.mul(s.neg().exp()).add(s.mul(0.5))`, and then the sum of all.",
    misconceptions: {
      no_penalty:
        "Without `s / 2` nothing keeps s from growing until every loss is multiplied by " +
        "nothing.",
      whole_penalty: "The second part is half of s: log σ, not log σ².",
      wrong_sign: "A large s means an uncertain task, which counts less: exp(−s), not exp(s).",
      no_gradient: "The value is right, but s got no gradient, or the wrong one. Don't take the " +
        "numbers out with `item()`; compute with the tensors.",
    },
    check(uncertaintyLoss: (losses: readonly Tensor[], s: Tensor) => Tensor, expect) {
      scope(() => {
        const count = expect.integer(2, 5), size = expect.pick([1, 3, 7]);
        // All of one sign, so that their sum is never nothing.
        const sign = expect.pick([1, -1]);
        const start = draw(expect, count, 0.2, 1.5).map((s) => sign * Math.abs(s));
        const points = Array.from({ length: count }, () => draw(expect, size, 0.5, 2));
        const theirs = outcome(points, start, uncertaintyLoss);
        expect.that(!("number" in theirs), {
          expected: "a tensor, so that `backward()` finds its way to s",
          found: theirs.value,
          misconception: "no_gradient",
        });
        const names = points.map((_, i) => `task ${i}`);
        const weighting = new UncertaintyWeighting(names);
        weighting.logVariances.data.set(start);
        const ours = outcome(
          points,
          weighting.logVariances,
          (losses) => combine(weighting, losses),
        );
        const input = { losses: ours.losses, logVariances: start };
        const value = (penalty: number, power: number) =>
          start.reduce((sum, s, i) => sum + Math.exp(power * s) * ours.losses[i]! + penalty * s, 0);
        expect.close(theirs.value, ours.value, {
          input,
          tolerance: 1e-4,
          misconceptions: {
            no_penalty: value(0, -1),
            whole_penalty: value(1, -1),
            wrong_sign: value(0.5, 1),
          },
        });
        for (const which of ["ofLogVariances", "ofModel"] as const) {
          expect.that(near(theirs[which], ours[which]), {
            expected: `gradients ${JSON.stringify(ours[which])}`,
            found: theirs[which],
            input,
            misconception: "no_gradient",
          });
        }
      });
    },
  }),

  withoutConflict: exercise({
    title: "Exercise 4: PCGrad's projection",
    hint: "`factor = dot(gradient, other) / dot(other, other)` is how much of `other` is in the " +
      "gradient. Take `factor` times `other` away, but only when it is negative.",
    misconceptions: {
      always: "These two don't conflict: what they share helps both. Leave the gradient as it is.",
      not_squared: "Divide by the *square* of the other's length, `dot(other, other)`.",
      wrong_vector:
        "That took away a multiple of the gradient itself, which only makes it shorter. Take away " +
        "a multiple of `other`.",
      elementwise: "Two gradients conflict as a whole, by their inner product, not place by place.",
      added: "Now it points against the other even more. The product is negative: subtract " +
        "product / square times `other`.",
    },
    check(withoutConflict: (a: readonly number[], b: readonly number[]) => number[], expect) {
      const size = expect.pick([3, 5, 9]);
      const one = draw(expect, size, 0.6, 2), two = draw(expect, size, 0.6, 2);
      // The same pair agreeing and conflicting: one of the two turned round.
      const product = dot(one, two);
      const flipped = two.map((x) => -x);
      const [friend, foe] = product > 0 ? [two, flipped] : [flipped, two];
      const along = (sign: number, by: number, which: readonly number[]) =>
        one.map((x, i) => x - sign * by * which[i]!);
      const p = dot(one, foe), square = dot(foe, foe);
      expect.close(withoutConflict(one, friend), one, {
        input: { gradient: one, other: friend },
        tolerance: 1e-9,
        misconceptions: {
          always: along(1, dot(one, friend) / square, friend),
          elementwise: one.map((x, i) => x * friend[i]! < 0 ? 0 : x),
        },
      });
      expect.close(withoutConflict(one, foe), along(1, p / square, foe), {
        input: { gradient: one, other: foe },
        tolerance: 1e-9,
        misconceptions: {
          not_squared: along(1, p / Math.sqrt(square), foe),
          wrong_vector: along(1, p / square, one),
          added: along(-1, p / square, foe),
          elementwise: one.map((x, i) => x * foe[i]! < 0 ? 0 : x),
        },
      });
      // And both ways at once, as the library's weighting adds them up.
      const expected = surgery(one, foe);
      const back = withoutConflict(foe, one);
      expect.close(withoutConflict(one, foe).map((x, i) => x + back[i]!), expected, {
        input: { gradient: one, other: foe },
        tolerance: 1e-4,
      });
    },
  }),

  shareOfStep: exercise({
    title: "Exercise 5: Whose step is it?",
    hint:
      "First add the gradients up, place by place. A share is `dot(gradient, sum)` divided by " +
      "`dot(sum, sum)`.",
    misconceptions: {
      by_length:
        "These are shares of the lengths. A long gradient at right angles to the step has " +
        "no part in it: use inner products with the sum.",
      with_itself: "The inner product of each gradient with itself leaves out where the others " +
        "go. Take it with the sum.",
      not_shares: "Divide by `dot(sum, sum)`, so that the shares add up to 1.",
      no_sign: "A task that would go the other way has a negative share. Keep the sign.",
    },
    check(shareOfStep: (gradients: readonly (readonly number[])[]) => number[], expect) {
      const size = expect.pick([3, 5, 8]);
      const gradients = Array.from({ length: expect.integer(2, 3) }, (_, task) =>
        // The first is always the largest, so that the sum is never near zero.
        draw(expect, size, task === 0 ? 6 : 0.5, task === 0 ? 9 : 2));
      // One goes the other way for certain.
      gradients.push(gradients[0]!.map((x) => -Math.round(10 * x) / 100));
      const sum = gradients[0]!.map((_, i) => gradients.reduce((total, g) => total + g[i]!, 0));
      const products = gradients.map((gradient) => dot(gradient, sum));
      const expected = products.map((one) => one / dot(sum, sum));
      const found = shareOfStep(gradients);
      const total = Array.isArray(found) ? found.reduce((a, b) => a + b, 0) : NaN;
      // Whatever they add up to: are their ratios right?
      const ratios = Array.isArray(found) && near(sharesOf(found), expected);
      expect.that(!ratios || Math.abs(total - 1) < 1e-6, {
        expected: "shares that add up to 1",
        found,
        input: gradients,
        misconception: "not_shares",
      });
      expect.close(found, expected, {
        input: gradients,
        tolerance: 1e-9,
        misconceptions: {
          by_length: sharesOf(gradients.map((gradient) => Math.hypot(...gradient))),
          with_itself: sharesOf(gradients.map((gradient) => dot(gradient, gradient))),
          no_sign: sharesOf(products.map(Math.abs)),
        },
      });
    },
  }),
};

/** What draws inputs. */
type Draws = Pick<Expectations, "integer" | "pick">;

/** Numbers of either sign, in size from `low` to `high`, to two digits. */
function draw(expect: Draws, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, () => {
    const size = expect.integer(Math.round(100 * low), Math.round(100 * high)) / 100;
    return expect.pick([size, -size]);
  });
}

function sharesOf(numbers: readonly number[]): number[] {
  const total = numbers.reduce((a, b) => a + b, 0);
  return numbers.map((one) => one / total);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** A loss for each task, the sum of squares of its own parameters, and what becomes of them. */
function outcome(
  points: readonly number[][],
  start: readonly number[] | Tensor,
  combined: (losses: readonly Tensor[], s: Tensor) => Tensor,
) {
  const parameters = points.map((one) => tensor(one, { requiresGrad: true }));
  const s = "requiresGrad" in start ? start : tensor([...start], { requiresGrad: true });
  const losses = parameters.map((one) => one.mul(one).sum());
  const values = losses.map((loss) => loss.item());
  const total = combined(losses, s);
  const isNumber = typeof total === "number";
  const value = isNumber ? total as number : total?.item();
  if (total?.requiresGrad) total.backward();
  const numbers = (of: Tensor) => of.grad === null ? [] : [...of.grad.data];
  return {
    losses: values,
    ...(isNumber && { number: true }),
    value,
    ofLogVariances: numbers(s),
    ofModel: parameters.flatMap(numbers),
  };
}

/** A weighting's loss of losses that are there already. */
function combine(weighting: Weighting, losses: readonly Tensor[]): Tensor {
  return weighting.combine({
    losses: losses.map((loss, i) => ({ task: weighting.tasks[i]!, compute: () => loss })),
    parameters: [],
    shared: [],
    lastShared: [],
  });
}

/** The gradient that the library's PCGrad gives to two losses whose gradients are these. */
function surgery(one: readonly number[], two: readonly number[]): number[] {
  return scope(() => {
    const shared = tensor(one.map(() => 0), { requiresGrad: true });
    const weighting = new PcGradWeighting(["one", "two"]);
    const loss = weighting.combine({
      losses: ([["one", one], ["two", two]] as const).map(([task, gradient]) => ({
        task,
        compute: () => shared.mul(tensor([...gradient])).sum(),
      })),
      parameters: [shared],
      shared: [shared],
      lastShared: [shared],
    });
    loss.backward();
    return [...shared.grad!.data];
  });
}

function near(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length &&
    a.every((x, i) => Math.abs(x - b[i]!) <= 1e-4 * Math.max(1, Math.abs(b[i]!)));
}
