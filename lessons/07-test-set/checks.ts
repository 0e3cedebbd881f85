/**
 * What a right answer to each exercise of lesson 07 does.
 *
 * @module
 */

import { exercise } from "@tunebook/notebook";
import { bootstrapInterval } from "@tunebook/training";
import type { Ends, Sizes } from "./types.ts";

/** The checks, by the exercises' names. */
export const checks = {
  intervalOf: exercise({
    title: "Exercise 1: The interval of a score",
    hint: "`const p = right / count`. The standard error is `Math.sqrt(p * (1 - p) / count)`.",
    misconceptions: {
      no_root: "That is 1.96 times p (1 - p) / n, the variance. Take its square root first.",
      one_error:
        "That is one standard error to either side, which holds the truth only about two " +
        "times in three. Take 1.96 of them.",
      spread_of_one: "That is how far a single answer is spread. The mean of n answers is known " +
        "better: divide by n under the root.",
      counts: "These ends count records. Give them as accuracy, from 0 to 1.",
      percent: "These ends are per cent. Give them as accuracy, from 0 to 1.",
      no_ends: "Return both ends by name: `{ low, high }`.",
    },
    check(intervalOf: (right: number, count: number) => Ends, expect) {
      for (let round = 0; round < 5; round++) {
        const count = expect.integer(120, 900); // of 100, a count would be a percentage
        const right = expect.integer(Math.ceil(0.55 * count), Math.floor(0.95 * count));
        const p = right / count, variance = p * (1 - p);
        const ends = (half: number) => ({ low: p - half, high: p + half });
        const expected = ends(1.96 * Math.sqrt(variance / count));
        const found = intervalOf(right, count), input = { right, count };
        const asList = (interval: Ends) => [interval.low, interval.high];
        const named = [found?.low, found?.high].every((end) => typeof end === "number");
        expect.that(named || found === undefined, {
          expected: "an object { low, high }",
          found,
          input,
          misconception: "no_ends",
        });
        expect.close(found && asList(found), asList(expected), {
          input,
          misconceptions: {
            no_root: asList(ends(1.96 * variance / count)),
            one_error: asList(ends(Math.sqrt(variance / count))),
            spread_of_one: asList(ends(1.96 * Math.sqrt(variance))),
            counts: asList(expected).map((end) => end * count),
            percent: asList(expected).map((end) => end * 100),
          },
        });
      }
    },
  }),

  bootstrap: exercise({
    title: "Exercise 2: The bootstrap by hand",
    hint:
      "`scores[Math.floor(random() * scores.length)]` draws one record. Draw as many as there " +
      "are, and take their mean.",
    misconceptions: {
      shuffled: "Every test set has the same accuracy: each record is in each of them once. Draw " +
        "with replacement, so that a record may come twice or never.",
      smaller: "The accuracies are spread too widely. Each test set must have as many records as " +
        "there are.",
      sums: "These are counts of right answers. Divide by the number of records.",
      one_set: "Return one accuracy for each test set drawn.",
    },
    check(
      bootstrap: (
        scores: readonly number[],
        resamples: number,
        random: () => number,
      ) => number[],
      expect,
    ) {
      const count = expect.integer(101, 199), right = expect.integer(60, 80);
      const scores = expect.shuffle(
        Array.from({ length: count }, (_, i) => i < right ? 1 : 0),
      );
      const resamples = 2000;
      const found = bootstrap(scores, resamples, Math.random);
      const input = `${count} scores, ${right} of them 1; ${resamples} resamples`;
      const that = (
        condition: boolean,
        expected: string,
        shown: unknown,
        misconception?: "shuffled" | "smaller" | "sums" | "one_set",
      ) =>
        expect.that(condition, {
          expected,
          found: shown,
          input,
          ...(misconception && { misconception }),
        });
      that(Array.isArray(found), "a list of accuracies", found, "one_set");
      that(found.length === resamples, `${resamples} accuracies`, found.length, "one_set");
      that(found.every((one) => one >= 0), "numbers from 0 to 1", found.slice(0, 5));
      that(found.every((one) => one <= 1), "numbers from 0 to 1", found.slice(0, 5), "sums");
      const spread = deviation(found), theory = Math.sqrt(right * (count - right) / count ** 3);
      const wanted = `accuracies with a spread around ${theory.toFixed(4)}`;
      that(spread > 0.2 * theory, wanted, spread, "shuffled");
      that(spread < 1.2 * theory, wanted, spread, "smaller");
      that(spread > 0.85 * theory, wanted, spread);
      // The middle 95 % must be those of the library, up to what chance leaves open.
      const sorted = found.toSorted((a, b) => a - b);
      const { low, high } = bootstrapInterval(scores, { resamples });
      const ends = [sorted[Math.round(0.025 * resamples)]!, sorted[Math.round(0.975 * resamples)]!];
      expect.close(ends, [low, high], { input, tolerance: 0.03 });
    },
  }),

  splitByGroup: exercise({
    title: "Exercise 3: Keep groups together",
    hint: "Keep a `Set` of the authors of the test part. Add one author after the other until " +
      "their records are enough.",
    misconceptions: {
      single_records: "An author is in both parts: records were moved one by one. Move whole " +
        "authors.",
      share_of_authors: "That is the share of the *authors*. Authors differ in how much they " +
        "wrote: count records.",
      left_out: "Some records are in neither part. Whoever isn't tested on is trained on.",
      swapped: "The parts are swapped: the test part got what training should have.",
    },
    check(
      splitByGroup: (groups: readonly string[], share: number) => {
        train: number[];
        test: number[];
      },
      expect,
    ) {
      // Several times: with luck one author too many is still within what is asked for.
      for (let round = 0; round < 5; round++) {
        // One author wrote a third of all, the others a few records each.
        const sizes = [
          expect.integer(30, 36),
          ...Array.from({ length: 17 }, () => expect.integer(3, 5)),
        ];
        const groups = expect.shuffle(
          sizes.flatMap((size, author) => new Array<string>(size).fill(`author ${author}`)),
        );
        const share = expect.pick([0.1, 0.2, 0.3]);
        const input = { groups, share };
        const found = splitByGroup(groups, share);
        const { train = [], test = [] } = found ?? {};
        const sizeOf = (author: string) => groups.filter((group) => group === author).length;
        const tested = [...new Set(test.map((at) => groups[at]!))];
        const both = tested.filter((author) => train.some((at) => groups[at] === author));
        const show = `${train.length} to train, ${test.length} to test`;
        const that = (
          condition: boolean,
          expected: string,
          shown: unknown,
          misconception?: "single_records" | "share_of_authors" | "left_out" | "swapped",
        ) =>
          expect.that(condition, {
            expected,
            found: shown,
            input,
            ...(misconception && { misconception }),
          });
        that(both.length === 0, "no author in both parts", `${both[0]} in both`, "single_records");
        const covered = new Set([...train, ...test]);
        that(covered.size === groups.length, "every record in one part", show, "left_out");
        that(
          train.length + test.length === groups.length,
          "every record once",
          show,
        );
        const needed = share * groups.length;
        const largest = (part: string[]) => Math.max(0, ...part.map(sizeOf));
        // Without its largest author the part would be too small.
        const enough = (size: number, most: number) => size >= needed && size - most < needed;
        const trained = [...new Set(train.map((at) => groups[at]!))];
        const inverse = enough(train.length, largest(trained));
        const fits = enough(test.length, largest(tested));
        that(
          fits || !inverse,
          `a test part of about ${needed.toFixed(1)} records`,
          show,
          "swapped",
        );
        const byAuthors = tested.length === Math.ceil(share * sizes.length);
        that(
          fits,
          `a test part of at least ${needed.toFixed(1)} records, and no author too many`,
          show,
          ...(byAuthors ? ["share_of_authors" as const] : []),
        );
        that(
          [train, test].every((part) => part.every((at, i) => i === 0 || at > part[i - 1]!)),
          "rising positions",
          found,
        );
      }
    },
  }),

  designSplit: exercise({
    title: "Exercise 4: Design a split",
    hint: "p (1 - p) is largest at p = 0.5. Solve `1.96 * Math.sqrt(0.25 / n) <= margin` for n, " +
      "and round up.",
    misconceptions: {
      not_squared: "n stands under a root: for half the margin it takes four times the records. " +
        "Square it.",
      whole_width: "The margin is what the interval reaches to *either* side, not from end to end.",
      rounded_down: "One record too few: the interval is a little too wide. Round up.",
      too_greedy: "Less than half is left to train on. Then the answer is `undefined`: these " +
        "records can't give such certainty.",
      test_only: "The validation part has the size of the test part, and is taken from the " +
        "training records as well.",
    },
    check(designSplit: (count: number, margin: number) => Sizes | undefined, expect) {
      const margins = expect.shuffle([0.03, 0.04, 0.06, 0.07, 0.09]);
      for (const margin of margins) {
        const exact = 0.25 * (1.96 / margin) ** 2;
        const split = (count: number, test: number) => ({
          train: count - 2 * test,
          validation: test,
          test,
        });
        const n = Math.ceil(exact);
        const count = 6 * n + expect.integer(1, 500);
        expect.equal(designSplit(count, margin), split(count, n), {
          input: { count, margin },
          misconceptions: {
            not_squared: split(count, Math.ceil(0.5 * 1.96 / margin)),
            whole_width: split(count, Math.ceil(4 * exact)),
            rounded_down: split(count, Math.floor(exact)),
            test_only: { ...split(count, n), train: count - n },
          },
        });
        const small = 3 * n - expect.integer(0, n - 1);
        const found = designSplit(small, margin);
        expect.that(found === undefined, {
          expected: "undefined, since less than half is left to train on",
          found,
          input: { count: small, margin },
          misconception: "too_greedy",
        });
      }
    },
  }),
};

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
