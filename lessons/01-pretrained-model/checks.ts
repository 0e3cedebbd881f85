/**
 * What a right answer to each exercise of lesson 01 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { nextTokenLoss } from "@tunebook/models";
import { exercise, type Expectations } from "@tunebook/notebook";
import { Random, tensor } from "@tunebook/tensor";

/** Different token ids. */
function drawTokens(expect: Expectations<never>, count: number): number[] {
  return expect.shuffle(Array.from({ length: 20 }, (_, i) => i)).slice(0, count);
}

/** The checks, by the name of the function they judge. */
export const checks = {
  nextTokenTasks: exercise({
    title: "Exercise 1: Questions without a teacher",
    hint:
      "At place `i` the context is `tokens.slice(0, i + 1)`; what comes next is `tokens[i + 1]`.",
    misconceptions: {
      itself: "The model is to guess the *next* token. The last token of its context is known.",
      past_the_end: "After the last token nothing comes: there is nothing to learn from it.",
      one_only: "The model sees everything before, not the last token alone.",
      from_nothing: "The first context is empty here. Begin where the model has seen one token.",
      shared: "All contexts are the same array, which went on growing. Give each its own copy.",
    },
    check(
      nextTokenTasks: (tokens: readonly number[]) => { context: number[]; target: number }[],
      expect,
    ) {
      const tokens = drawTokens(expect as Expectations<never>, expect.integer(3, 6));
      const at = (i: number) => tokens.slice(0, i + 1);
      const places = tokens.slice(0, -1).map((_, i) => i);
      expect.equal(
        nextTokenTasks(tokens),
        places.map((i) => ({ context: at(i), target: tokens[i + 1] })),
        {
          input: tokens,
          misconceptions: {
            itself: tokens.map((target, i) => ({ context: at(i), target })),
            past_the_end: tokens.map((_, i) => ({ context: at(i), target: tokens[i + 1] })),
            one_only: places.map((i) => ({ context: [tokens[i]], target: tokens[i + 1] })),
            from_nothing: tokens.map((target, i) => ({ context: tokens.slice(0, i), target })),
            shared: places.map((i) => ({ context: tokens.slice(0, -1), target: tokens[i + 1] })),
          },
        },
      );
    },
  }),

  perplexity: exercise({
    title: "Exercise 2: Perplexity",
    hint: "`-Math.log(p)` is the surprise. Take the mean, then `Math.exp`.",
    misconceptions: {
      summed: "That is e to the *sum* of the surprises. Divide by how many there are first.",
      loss: "That is the loss. Its exponential is the perplexity.",
      inverse_mean: "That is one over the mean probability. Surprises are averaged as logarithms.",
      bits: "Powers and logarithms must have the same base: `Math.log` goes with `Math.exp`.",
      no_minus: "That is below 1. Surprise is *minus* the logarithm.",
    },
    check(perplexity: (probabilities: readonly number[]) => number, expect) {
      const probabilities = Array.from(
        { length: expect.integer(3, 6) },
        () => expect.integer(1, 60) / 100,
      );
      probabilities.push(0.9, 0.05);
      const n = probabilities.length;
      const sum = probabilities.reduce((total, p) => total - Math.log(p), 0);
      expect.close(perplexity(probabilities), Math.exp(sum / n), {
        input: probabilities,
        misconceptions: {
          summed: Math.exp(sum),
          loss: sum / n,
          inverse_mean: n / probabilities.reduce((a, b) => a + b, 0),
          bits: 2 ** (sum / n),
          no_minus: Math.exp(-sum / n),
        },
      });
    },
  }),

  withTemperature: exercise({
    title: "Exercise 3: Temperature",
    hint: "Divide each score by the temperature *before* the exponential.",
    misconceptions: {
      times: "A low temperature makes the model bold: divide by it. You multiplied.",
      after:
        "Dividing the probabilities changes nothing once they add up to 1 again. Divide the scores.",
      unnormalised: "Probabilities add up to 1: divide by their sum.",
      overflow: "With large scores the exponential overflows. Take the largest score off first.",
    },
    check(
      withTemperature: (scores: readonly number[], temperature: number) => number[],
      expect,
    ) {
      const scores = Array.from(
        { length: expect.integer(3, 7) },
        () => expect.integer(-30, 30) / 10,
      );
      scores.push(3.5, -3.5);
      const temperature = expect.pick([0.5, 2, 3]);
      const powers = (factor: number) => scores.map((score) => Math.exp(score * factor));
      const shares = (list: number[]) => list.map((one) => one / list.reduce((a, b) => a + b, 0));
      expect.close(withTemperature(scores, temperature), shares(powers(1 / temperature)), {
        input: { scores, temperature },
        misconceptions: {
          times: shares(powers(temperature)),
          after: shares(powers(1)),
          unnormalised: powers(1 / temperature),
        },
      });
      const large = withTemperature([1000, 1000], 1);
      expect.that(Array.isArray(large) && large.every((share) => Math.abs(share - 0.5) < 1e-6), {
        expected: "[0.5, 0.5]",
        found: large,
        input: { scores: [1000, 1000], temperature: 1 },
        misconception: "overflow",
      });
    },
  }),

  lossByHand: exercise({
    title: "Exercise 4: The loss and its gradient",
    hint: "Row `t` predicts `tokens[t + 1]`. Use your `withTemperature(row, 1)` for the softmax.",
    misconceptions: {
      unshifted: "Row `t` has seen token `t`: it must predict the one *after* it.",
      summed: "The loss is a mean: divide by the number of predictions, one less than the tokens.",
      last_counts: "After the last token there is nothing to predict; its gradient is 0.",
      sign: "The gradient points uphill: softmax less 1 at the right token, not the reverse.",
      no_target: "At the right token 1 is taken off the softmax, before you divide.",
      short: "The gradient has a row for every place: the last place gets a row of zeros.",
    },
    check(
      lossByHand: (
        logits: readonly number[][],
        tokens: readonly number[],
      ) => { loss: number; gradient: number[][] },
      expect,
    ) {
      const time = expect.pick([3, 5, 7]), vocabulary = expect.pick([5, 9, 11]);
      const random = new Random(expect.integer(0, 1e6));
      const drawn = random.normal([1, time, vocabulary]);
      const tokens = Array.from({ length: time }, () => expect.integer(0, vocabulary - 1));
      // The library's own, with its gradient.
      const logits = tensor(drawn.data.slice(), { shape: drawn.shape, requiresGrad: true });
      const loss = nextTokenLoss(logits, tensor([tokens], { dtype: "int32" }));
      const value = loss.item();
      loss.backward();
      const rowsOf = (data: ArrayLike<number>) =>
        Array.from(
          { length: time },
          (_, t) => Array.from({ length: vocabulary }, (_, v) => data[t * vocabulary + v]!),
        );
      const gradient = rowsOf(logits.grad!.data), rows = rowsOf(drawn.data);
      const input = { logits: rows, tokens };
      const found = lossByHand(rows, tokens);
      const entropy = (from: number, ends: number) => {
        let sum = 0;
        for (let t = 0; t < ends; t++) {
          const total = rows[t]!.reduce((a, b) => a + Math.exp(b), 0);
          sum -= Math.log(Math.exp(rows[t]![tokens[t + from]!]!) / total);
        }
        return sum;
      };
      const predictions = time - 1;
      expect.close(found?.loss, value, {
        input,
        tolerance: 1e-4,
        misconceptions: {
          unshifted: entropy(0, time) / time,
          summed: entropy(1, predictions),
          last_counts: entropy(1, predictions) / time,
        },
      });
      expect.close(found?.gradient?.flat(), gradient.flat(), {
        input,
        tolerance: 1e-4,
        misconceptions: {
          summed: gradient.flat().map((one) => one * predictions),
          sign: gradient.flat().map((one) => -one),
          last_counts: [
            ...gradient.slice(0, -1).flat(),
            ...softmax(rows.at(-1)!).map((share) => share / predictions),
          ],
          no_target: rows.flatMap((row, t) =>
            softmax(row).map((share) => t < predictions ? share / predictions : 0)
          ),
          short: gradient.slice(0, -1).flat(),
        },
      });
    },
  }),
};

function softmax(scores: readonly number[]): number[] {
  const powers = scores.map((score) => Math.exp(score));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
