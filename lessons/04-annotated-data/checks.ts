/**
 * What a right answer to each exercise of lesson 04 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { classWeights, cohenKappa } from "@tunebook/data";
import { exercise } from "@tunebook/notebook";
import { crossEntropy, tensor } from "@tunebook/tensor";

const CAREFUL_RUNS = 100;

/** The checks, by the name of the function they judge. */
export const checks = {
  balancedWeights: exercise({
    title: "Exercise 1: A weight for each class",
    hint: "`counts.reduce(…)` adds the counts up; `counts.length` is the number of classes.",
    misconceptions: {
      share: "These are the classes' shares: the common class would weigh most. Turn it round.",
      inverse:
        "The right proportions, but the loss would shrink. The average example must weigh 1.",
      without_classes: "Divide by the number of classes too.",
    },
    check(balancedWeights: (counts: readonly number[]) => number[], expect) {
      const counts = expect.shuffle([2, 5, 9, 14, 33]).slice(0, expect.integer(2, 5));
      const examples = counts.reduce((sum, count) => sum + count, 0);
      const found = balancedWeights(counts);
      const labels = counts.flatMap((count, label) => Array<number>(count).fill(label));
      expect.close(found, [...classWeights(labels).values()], {
        input: counts,
        misconceptions: {
          share: counts.map((count) => count / examples),
          inverse: counts.map((count) => 1 / count),
          without_classes: counts.map((count) => examples / count),
        },
      });
    },
  }),

  kappa: exercise({
    title: "Exercise 2: Agreement beyond chance",
    hint: "By chance both say `good` with the share of `good` in the first, times the share of " +
      "`good` in the second. Add that up over the labels.",
    misconceptions: {
      agreement: "That is how often they agree. Two people who always say `good` agree as well.",
      equal_shares: "You took every label for equally frequent. Each annotator has habits: count " +
        "how often each of them uses each label.",
      undivided: "Right so far. Now divide by what could have been reached: 1 − expected.",
    },
    check(kappa: (first: readonly string[], second: readonly string[]) => number, expect) {
      const [good, bad, mixed] = [
        expect.integer(10, 16),
        expect.integer(3, 5),
        expect.integer(2, 3),
      ];
      const pairs = expect.shuffle([
        ...Array.from({ length: good }, (_, i) => ["good", i < 3 ? "bad" : "good"]),
        ...Array.from({ length: bad }, (_, i) => ["bad", i < 1 ? "good" : "bad"]),
        ...Array.from({ length: mixed }, () => ["mixed", "mixed"]),
      ]);
      const first = pairs.map(([label]) => label!), second = pairs.map(([, label]) => label!);
      const found = kappa(first, second), right = cohenKappa(first, second);
      const observed = 1 - 4 / pairs.length, expected = (observed - right) / (1 - right);
      expect.close(found, right, {
        input: { first, second },
        misconceptions: {
          agreement: observed,
          equal_shares: (observed - 1 / 3) / (1 - 1 / 3),
          undivided: observed - expected,
        },
      });
    },
  }),

  spoil: exercise({
    title: "Exercise 3: Labels spoiled on purpose",
    hint: "Keep a list of places that may still be drawn, and take each drawn one out of it.",
    misconceptions: {
      in_place: "The labels you were given have changed. Work on a copy: `[...labels]`.",
      too_few:
        "Fewer labels are wrong than were asked for. Was a place drawn twice? Or did a label " +
        "drawn anew happen to be the right one?",
      by_chance: "The number of wrong labels differs from run to run. Don't toss a coin for each " +
        "label; draw exactly so many places.",
      same_places: "The same places are spoiled at every run. Draw them with `random`.",
      same_mistake: "A class is always taken for the same other one. Every wrong label must be " +
        "possible.",
    },
    check(
      spoil: (
        labels: readonly number[],
        share: number,
        classes: number,
        random: () => number,
      ) => number[],
      expect,
    ) {
      const classes = expect.integer(3, 4), share = expect.pick([0.1, 0.25, 0.4]);
      const right = Array.from({ length: expect.integer(41, 59) }, (_, i) => i % classes);
      const wanted = Math.round(share * right.length);
      const input = { labels: right, share, classes };
      const places = new Set<number>(), mistakes = new Set<string>(), counts: number[] = [];
      for (let run = 0; run < CAREFUL_RUNS; run++) {
        const given = [...right], found = spoil(given, share, classes, Math.random);
        expect.that(given.every((label, i) => label === right[i]), {
          expected: "the labels given stay as they are",
          found: given,
          input,
          misconception: "in_place",
        });
        expect.that(
          Array.isArray(found) && found.length === right.length &&
            found.every((label) => Number.isInteger(label) && label >= 0 && label < classes),
          { expected: `${right.length} labels from 0 to ${classes - 1}`, found, input },
        );
        const wrong = [...right.keys()].filter((i) => found[i] !== right[i]);
        counts.push(wrong.length);
        for (const i of wrong) {
          places.add(i);
          mistakes.add(`${right[i]} ${found[i]}`);
        }
      }
      const expected = `${wanted} wrong labels`;
      const most = Math.max(...counts), fewest = Math.min(...counts);
      expect.that(most <= wanted, { expected, found: most, input, misconception: "by_chance" });
      expect.that(fewest >= wanted, { expected, found: fewest, input, misconception: "too_few" });
      expect.that(places.size > wanted, {
        expected: `other places at each of ${CAREFUL_RUNS} runs`,
        found: [...places],
        input,
        misconception: "same_places",
      });
      expect.that(mistakes.size === classes * (classes - 1), {
        expected: `all ${classes * (classes - 1)} mistakes that one can make`,
        found: mistakes.size,
        input,
        misconception: "same_mistake",
      });
    },
  }),

  nearDuplicatePairs: exercise({
    title: "Exercise 4: Near-duplicates",
    hint: "`a.intersection(b).size` and `a.union(b).size` count for two Sets.",
    misconceptions: {
      of_shorter: "You divided by the shorter text. Then a text of three words is a duplicate of " +
        "every long text that has them. Divide by the words that *either* has.",
      of_longer: "You divided by the longer text. The words that *either* has are more.",
      with_itself: "Every text is a duplicate of itself. Start `j` behind `i`.",
      both_orders: "Each pair came twice, as [i, j] and as [j, i].",
      repeated_words: "A word that a text repeats counts once. Make Sets before you count.",
    },
    check(
      nearDuplicatePairs: (
        texts: readonly (readonly string[])[],
        threshold: number,
      ) => [number, number][],
      expect,
    ) {
      const words = expect.shuffle([
        ...["the", "food", "was", "cold", "and", "late", "we", "waited", "an", "hour", "great"],
        ...["phone", "for", "this", "price", "battery", "lasts", "all", "day"],
      ]);
      const a = words.slice(0, 6), b = words.slice(6, 12), other = words.slice(12, 19);
      const texts = [
        a,
        expect.shuffle([...a.slice(0, 5), other[0]!]),
        a.slice(0, 3),
        b,
        expect.shuffle([...b, ...b]),
        other,
        // Four of six words: two thirds of each, and half of what either has.
        [...b.slice(0, 4), other[1]!, other[2]!],
      ];
      const threshold = expect.pick([0.55, 0.6, 0.65]);
      const found = nearDuplicatePairs(texts, threshold);
      const right = [[0, 1], [3, 4]];
      expect.equal(found, right, {
        input: { texts, threshold },
        misconceptions: {
          of_shorter: [[0, 1], [0, 2], [1, 2], [3, 4], [3, 6], [4, 6]],
          of_longer: [[0, 1], [3, 4], [3, 6], [4, 6]],
          with_itself: [[0, 0], [0, 1], [1, 1], [2, 2], [3, 3], [3, 4], [4, 4], [5, 5], [6, 6]],
          both_orders: [[0, 1], [1, 0], [3, 4], [4, 3]],
          repeated_words: [[0, 1], [4, 6]],
        },
      });
    },
  }),

  weightedLoss: exercise({
    title: "Exercise 5: The loss with class weights",
    hint:
      "An example's weight is `weights[labels[i]]`. The loss is a *weighted mean*: divide by the " +
      "sum of these weights.",
    misconceptions: {
      unweighted: "That is the plain mean. Multiply each example's loss by its label's weight.",
      by_count:
        "You divided by the number of examples. A weighted mean divides by the sum of the " +
        "weights.",
      uphill: "The gradient has the wrong sign: it is p − 1 at the label, p elsewhere.",
      undivided: "The loss was divided by the sum of the weights; so must its gradient be.",
      plain_gradient:
        "The loss is right. In its gradient, too, each example has its label's weight.",
    },
    check(
      weightedLoss: (
        scores: readonly (readonly number[])[],
        labels: readonly number[],
        weights: readonly number[],
      ) => { loss: number; gradient: number[][] },
      expect,
    ) {
      const classes = expect.integer(2, 4), count = expect.pick([3, 5, 7]);
      // Class 0 is known well and weighs little; the others are not, and weigh much.
      const labels = expect.shuffle([
        0,
        1,
        ...Array.from({ length: count - 2 }, (_, i) => i % classes),
      ]);
      const scores = labels.map((label) =>
        Array.from({ length: classes }, (_, c) => {
          const mine = c === label ? (label === 0 ? 2 : -1.5) : 0;
          return mine + expect.integer(-4, 4) / 10;
        })
      );
      const weights = Array.from({ length: classes }, (_, c) => c === 0 ? 2 : 5 + c);
      const input = { scores, labels, weights };
      const answer = weightedLoss(scores, labels, weights);
      const inputs = tensor(scores, { requiresGrad: true });
      const loss = crossEntropy(inputs, labels, { weight: tensor(weights) });
      loss.backward();
      const plain = labels.map((label, i) => {
        const one = crossEntropy(tensor([[...scores[i]!]]), [label]);
        return one.item();
      });
      const own = labels.map((label) => weights[label]!);
      const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
      expect.close(answer?.loss, loss.item(), {
        input,
        tolerance: 1e-4,
        misconceptions: {
          unweighted: sum(plain) / count,
          by_count: sum(plain.map((one, i) => one * own[i]!)) / count,
        },
      });
      const gradient = labels.map((_, i) => [
        ...inputs.grad!.data.subarray(i * classes, (i + 1) * classes),
      ]);
      const times = (factor: number) => gradient.map((row) => row.map((value) => value * factor));
      expect.close(answer.gradient, gradient, {
        input,
        tolerance: 1e-4,
        misconceptions: {
          uphill: times(-1),
          undivided: times(sum(own)),
          plain_gradient: gradient.map((row, i) =>
            row.map((value) => value / own[i]! * sum(own) / count)
          ),
        },
      });
    },
  }),

  labelNext: exercise({
    title: "Exercise 6: What to label next",
    hint:
      "How sure the model is of a text: `Math.max(...probabilities[i])`. Sort positions by it, " +
      "and remember which groups you have taken from.",
    misconceptions: {
      surest: "These are the texts that the model is surest of. They have little to teach it.",
      copies: "Two of these are near-duplicates. Take at most one of a group.",
      first_of_group: "You took the first text of a group. Take the one that the model is least " +
        "sure of.",
      one_class:
        "You went by the probability of the first class. A low one may mean that the model " +
        "is very sure of another class.",
    },
    check(
      labelNext: (
        probabilities: readonly (readonly number[])[],
        groups: readonly number[],
        count: number,
      ) => number[],
      expect,
    ) {
      const group = expect.shuffle([10, 11, 12, 13, 14, 15]) as [
        number,
        number,
        number,
        ...number[],
      ];
      const any = () => expect.pick([0, 1, 2]);
      const texts = expect.shuffle([
        { sure: 0.55, group: group[2], best: any() },
        { sure: 0.6, group: group[3]!, best: any() },
        { sure: 0.7, group: group[4]!, best: any() },
        { sure: 0.8, group: group[5]!, best: 0 },
      ]);
      // The surer of two near-duplicates stands first.
      texts.splice(expect.integer(0, 2), 0, { sure: 0.9, group: group[1], best: 1 });
      texts.splice(expect.integer(3, 5), 0, { sure: 0.48, group: group[1], best: any() });
      texts.unshift({ sure: 0.44, group: group[0], best: any() });
      texts.push({ sure: 0.4, group: group[0], best: any() });
      const probabilities = texts.map(({ sure, best }) =>
        [0, 1, 2].map((c) => c === best ? sure : (1 - sure) / 2)
      );
      const groups = texts.map(({ group }) => group);
      const at = (...sures: number[]) =>
        sures.map((sure) => texts.findIndex((text) => text.sure === sure));
      const byFirst = [...groups.keys()].sort((i, j) =>
        probabilities[i]![0]! - probabilities[j]![0]!
      );
      expect.equal(labelNext(probabilities, groups, 3), at(0.4, 0.48, 0.55), {
        input: { probabilities, groups, count: 3 },
        misconceptions: {
          surest: at(0.9, 0.8, 0.7),
          copies: at(0.4, 0.44, 0.48),
          first_of_group: at(0.44, 0.55, 0.6),
          one_class: byFirst.slice(0, 3),
        },
      });
    },
  }),
};
