import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/07-test-set/checks.ts";
import {
  bootstrap,
  designSplit,
  intervalOf,
  splitByGroup,
} from "../../../lessons/07-test-set/solutions.ts";

/** Answers that prove the checks of lesson 07. */
export const proofs: Proofs<typeof checks> = {
  intervalOf: {
    right: [
      (right, count) => {
        const p = right / count, error = Math.sqrt(p - p * p) / Math.sqrt(count);
        return { low: p - 1.96 * error, high: p + 1.96 * error };
      },
      (right, count) => {
        const wrong = count - right, half = 1.96 * Math.sqrt(right * wrong / count);
        return { low: (right - half) / count, high: (right + half) / count };
      },
    ],
    wrong: {
      no_root: (right, count) => around(right / count, (p) => 1.96 * p * (1 - p) / count),
      one_error: (right, count) => around(right / count, (p) => Math.sqrt(p * (1 - p) / count)),
      spread_of_one: (right, count) => around(right / count, (p) => 1.96 * Math.sqrt(p * (1 - p))),
      counts: (right, count) => {
        const half = 1.96 * Math.sqrt(right * (1 - right / count));
        return { low: right - half, high: right + half };
      },
      percent: (right, count) => {
        const { low, high } = intervalOf(right, count);
        return { low: 100 * low, high: 100 * high };
      },
      no_ends: (right, count) => {
        const { low, high } = intervalOf(right, count);
        return [low, high] as unknown as { low: number; high: number };
      },
    },
  },
  bootstrap: {
    right: [
      (scores, resamples, random) => {
        const means: number[] = [];
        while (means.length < resamples) {
          const drawn = scores.map(() => scores[Math.floor(random() * scores.length)]!);
          means.push(drawn.reduce((a, b) => a + b) / drawn.length);
        }
        return means;
      },
      (scores, resamples, random) => {
        // Only how many were right matters.
        const share = scores.filter((score) => score === 1).length / scores.length;
        return Array.from(
          { length: resamples },
          () => scores.filter(() => random() < share).length / scores.length,
        );
      },
    ],
    wrong: {
      shuffled: (scores, resamples) =>
        Array.from({ length: resamples }, () => scores.reduce((a, b) => a + b) / scores.length),
      smaller: (scores, resamples, random) =>
        bootstrap(scores, resamples, random).map(() => {
          const size = Math.floor(scores.length / 3);
          let sum = 0;
          for (let i = 0; i < size; i++) sum += scores[Math.floor(random() * scores.length)]!;
          return sum / size;
        }),
      sums: (scores, resamples, random) =>
        bootstrap(scores, resamples, random).map((mean) => mean * scores.length),
      one_set: (scores, _, random) => bootstrap(scores, 1, random),
    },
  },
  splitByGroup: {
    right: [
      (groups, share) => {
        // The last authors first.
        const last = splitByGroup(groups.toReversed(), share);
        const turn = (part: number[]) => part.map((at) => groups.length - 1 - at).reverse();
        return { train: turn(last.train), test: turn(last.test) };
      },
      (groups, share) => {
        const members = [...Map.groupBy(groups.keys(), (at) => groups[at]!).values()]
          .sort((a, b) => a.length - b.length);
        const test: number[] = [];
        while (test.length < share * groups.length) test.push(...members.shift()!);
        const rising = (part: number[]) => part.sort((a, b) => a - b);
        return { train: rising(members.flat()), test: rising(test) };
      },
    ],
    wrong: {
      single_records: (groups, share) => {
        const all = [...groups.keys()], size = Math.ceil(share * groups.length);
        return { train: all.slice(size), test: all.slice(0, size) };
      },
      share_of_authors: (groups, share) => {
        // Those who wrote least: the share of the records is then missed for certain.
        const byLength = [...Map.groupBy(groups, (group) => group).values()]
          .sort((a, b) => a.length - b.length).map(([author]) => author!);
        const tested = new Set(byLength.slice(0, Math.ceil(share * byLength.length)));
        const part = (inTest: boolean) =>
          groups.flatMap((group, at) => tested.has(group) === inTest ? [at] : []);
        return { train: part(false), test: part(true) };
      },
      left_out: (groups, share) => {
        const { train, test } = splitByGroup(groups, share);
        return { train: train.slice(1), test };
      },
      swapped: (groups, share) => {
        const { train, test } = splitByGroup(groups, share);
        return { train: test, test: train };
      },
    },
  },
  designSplit: {
    right: [
      (count, margin) => {
        let test = 1;
        while (1.96 * Math.sqrt(0.25 / test) > margin) test++;
        const train = count - test - test;
        if (2 * train < count) return undefined;
        return { train, validation: test, test };
      },
      (count, margin) => {
        const part = Math.ceil((0.98 / margin) ** 2);
        return 4 * part > count
          ? undefined
          : { test: part, validation: part, train: count - 2 * part };
      },
    ],
    wrong: {
      not_squared: (count, margin) => sizes(count, Math.ceil(0.98 / margin)),
      whole_width: (count, margin) => sizes(count, Math.ceil((1.96 / margin) ** 2)),
      rounded_down: (count, margin) => sizes(count, Math.floor((0.98 / margin) ** 2)),
      too_greedy: (count, margin) => sizes(count, Math.ceil((0.98 / margin) ** 2)),
      test_only: (count, margin) => {
        const found = designSplit(count, margin);
        return found && { ...found, train: count - found.test };
      },
    },
  },
};

function around(score: number, half: (score: number) => number) {
  return { low: score - half(score), high: score + half(score) };
}

function sizes(count: number, part: number) {
  return { train: count - 2 * part, validation: part, test: part };
}
