/**
 * What a right answer to each exercise of lesson 05 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { exercise } from "@tunebook/notebook";
import { errorAt, fitPowerLaw } from "./curve.ts";

const CAREFUL_RUNS = 60;

/** The checks, by the name of the function they judge. */
export const checks = {
  distance: exercise({
    title: "Exercise 1: Is the draw representative?",
    hint: "A share is a count divided by the sum of its list.",
    misconceptions: {
      counts: "Compare shares, not counts: a small draw has small counts and may be perfect.",
      doubled: "Each example that is too much here is missing there, so the sum counts it twice. " +
        "Take half.",
      signed: "Differences with their signs add up to zero. Take `Math.abs` of each.",
      largest: "That is the largest difference. Add them all up.",
      mean: "Half the sum, whatever the number of kinds: this is their mean.",
    },
    check(distance: (all: readonly number[], drawn: readonly number[]) => number, expect) {
      // Two kinds are too many in the draw, two too few.
      const kinds = expect.shuffle([[40, 3], [60, 11], [100, 17], [200, 19]] as const);
      const all = kinds.map(([count]) => count), drawn = kinds.map(([, count]) => count);
      const differences = all.map((count, i) => drawn[i]! / 50 - count / 400);
      const sizes = differences.map(Math.abs);
      const sum = sizes.reduce((a, b) => a + b, 0);
      expect.close(distance(all, drawn), sum / 2, {
        input: { all, drawn },
        misconceptions: {
          counts: all.reduce((total, count, i) => total + Math.abs(count - drawn[i]!), 0) / 2,
          doubled: sum,
          signed: 0,
          largest: Math.max(...sizes),
          mean: sum / sizes.length,
        },
      });
      expect.close(distance(all, all.map((count) => count / 20)), 0, {
        input: { all, drawn: all.map((count) => count / 20) },
      });
    },
  }),

  stratifiedDraw: exercise({
    title: "Exercise 2: A stratified draw",
    hint:
      "`Map.groupBy` collects the positions of each kind. Shuffle them, then take the first few.",
    misconceptions: {
      repeated: "An example was drawn twice. Draw without putting back.",
      too_few: "Rounding leaves places free. Give them to the kinds that were cut most.",
      too_many: "That draws more than `count`. Round down first, then give away what is free.",
      equal_shares:
        "Every kind got equally many. That is balanced, not stratified: each kind keeps " +
        "its *share*.",
      by_chance: "The kinds' shares differ from run to run. Draw within each kind.",
      first_ones: "The same examples come at every run. Within a kind, chance must decide.",
    },
    check(
      stratifiedDraw: (kinds: readonly string[], count: number, random: () => number) => number[],
      expect,
    ) {
      // The exact shares of 15 are 7.35, 4.41 and 3.24, so the second gets one more.
      const [most, some, few] = expect.shuffle(["Polk", "Taft", "Carter", "Obama"]) as [
        string,
        string,
        string,
      ];
      const sizes = new Map([[most, 25], [some, 15], [few, 11]]);
      const kinds = expect.shuffle(
        [...sizes].flatMap(([kind, size]) => Array<string>(size).fill(kind)),
      );
      const input = { kinds, count: 15 }, right = [7, 5, 3];
      const seen = new Set<number>();
      const draws = Array.from({ length: CAREFUL_RUNS }, () => {
        const found = stratifiedDraw(kinds, 15, Math.random);
        expect.that(
          Array.isArray(found) && found.every((i) => Number.isInteger(i) && i >= 0 && i <= 50),
          { expected: "positions from 0 to 50", found, input },
        );
        expect.that(new Set(found).size === found.length, {
          expected: "each position once",
          found,
          input,
          misconception: "repeated",
        });
        for (const i of found) seen.add(i);
        return [...sizes.keys()].map((kind) => found.filter((i) => kinds[i] === kind).length);
      });
      const found = draws[0]!, expected = `${right.join(", ")} of ${[...sizes.keys()].join(", ")}`;
      expect.that(draws.every((one) => one.join() === found.join()), {
        expected,
        found: draws.slice(0, 3),
        input,
        misconception: "by_chance",
      });
      expect.equal(found, right, {
        input,
        misconceptions: { too_few: [7, 4, 3], too_many: [8, 5, 4], equal_shares: [5, 5, 5] },
      });
      expect.that(seen.size > 15, {
        expected: `other examples in ${CAREFUL_RUNS} runs`,
        found: [...seen],
        input,
        misconception: "first_ones",
      });
    },
  }),

  extrapolate: exercise({
    title: "Exercise 3: Extend a learning curve",
    hint:
      "Fit a line through the points (ln size, ln error), then take `Math.exp` of its height at " +
      "ln size.",
    misconceptions: {
      straight: "That is a straight line through the points as they are. It falls below zero soon.",
      still_log: "That is the logarithm of the error. Go back with `Math.exp`.",
      flat: "The error at the largest size is where the curve is, not where it goes.",
      two_points: "You used the first and the last point only. All points count.",
    },
    check(
      extrapolate: (
        sizes: readonly number[],
        errors: readonly number[],
        size: number,
      ) => number,
      expect,
    ) {
      const sizes = [50, 100, 200, 400, 800].slice(0, expect.integer(3, 5));
      const power = expect.integer(15, 35) / 100;
      // The second point lies above the law, so that two points alone don't give it.
      const errors = sizes.map((size, i) => 1.2 * size ** -power * (i === 1 ? 1.15 : 1));
      const size = expect.pick([1600, 3200, 6400]);
      const through = (x: number[], y: number[], at: number) => {
        const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
        const slope = mean(x.map((one, i) => (one - mean(x)) * (y[i]! - mean(y)))) /
          mean(x.map((one) => (one - mean(x)) ** 2));
        return mean(y) + slope * (at - mean(x));
      };
      const right = errorAt(fitPowerLaw(sizes, errors), size);
      const ends = [sizes[0]!, sizes.at(-1)!], endErrors = [errors[0]!, errors.at(-1)!];
      expect.close(extrapolate(sizes, errors, size), right, {
        input: { sizes, errors, size },
        misconceptions: {
          straight: through(sizes, errors, size),
          still_log: Math.log(right),
          flat: errors.at(-1),
          two_points: errorAt(fitPowerLaw(ends, endErrors), size),
        },
      });
    },
  }),

  buyNext: exercise({
    title: "Exercise 4: What to buy next",
    hint:
      "In a loop: the shares of the set as it now is, then the kind that is furthest behind, then " +
      "one more of it.",
    misconceptions: {
      all_of_one: "You looked once and bought all of one kind. After each one bought, look again.",
      by_world:
        "You bought by the world's shares. That keeps a set that leans to one side leaning.",
      equally: "You bought equally many of each kind, without looking at what is missing.",
      afterwards: "That is what the set has afterwards. How many of each were bought?",
    },
    check(
      buyNext: (
        world: readonly number[],
        have: readonly number[],
        count: number,
      ) => number[],
      expect,
    ) {
      const kinds = expect.shuffle([
        { world: 0.5, have: expect.integer(41, 45) },
        { world: 0.27, have: expect.integer(3, 5) },
        { world: 0.23, have: expect.integer(1, 2) },
      ]);
      const world = kinds.map((kind) => kind.world), have = kinds.map((kind) => kind.have);
      const count = 30, right = have.map(() => 0);
      for (let i = 0; i < count; i++) {
        const now = have.map((number, kind) => number + right[kind]!);
        const total = now.reduce((a, b) => a + b, 0);
        const behind = world.map((share, kind) => share - now[kind]! / total);
        right[behind.indexOf(Math.max(...behind))]!++;
      }
      const total = have.reduce((a, b) => a + b, 0);
      const behind = world.map((share, kind) => share - have[kind]! / total);
      const furthest = behind.indexOf(Math.max(...behind));
      expect.equal(buyNext(world, have, count), right, {
        input: { world, have, count },
        misconceptions: {
          all_of_one: have.map((_, kind) => kind === furthest ? count : 0),
          by_world: world.map((share) => Math.round(share * count)),
          equally: have.map(() => count / 3),
          afterwards: have.map((number, kind) => number + right[kind]!),
        },
      });
    },
  }),
};
