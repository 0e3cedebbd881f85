/**
 * One good answer to each exercise of lesson 07; yours may look different and be as good.
 *
 * @module
 */

import type { Ends, Sizes } from "./types.ts";

/** Exercise 1. */
export function intervalOf(right: number, count: number): Ends {
  const score = right / count;
  const half = 1.96 * Math.sqrt(score * (1 - score) / count);
  return { low: score - half, high: score + half };
}

/** Exercise 2. A record may be drawn twice, or never: that is the whole trick. */
export function bootstrap(
  scores: readonly number[],
  resamples: number,
  random: () => number,
): number[] {
  return Array.from({ length: resamples }, () => {
    let sum = 0;
    for (const _ of scores) sum += scores[Math.floor(random() * scores.length)]!;
    return sum / scores.length;
  });
}

/** Exercise 3. */
export function splitByGroup(
  groups: readonly string[],
  share: number,
): { train: number[]; test: number[] } {
  const tested = new Set<string>();
  const positions = (inTest: boolean) =>
    groups.flatMap((group, at) => tested.has(group) === inTest ? [at] : []);
  for (const group of new Set(groups)) {
    if (positions(true).length >= share * groups.length) break;
    tested.add(group);
  }
  return { train: positions(false), test: positions(true) };
}

/** Exercise 4. The interval is widest at a score of one half: 1.96 √(0.25 / n) ≤ margin. */
export function designSplit(count: number, margin: number): Sizes | undefined {
  const test = Math.ceil(0.25 * (1.96 / margin) ** 2);
  const train = count - 2 * test;
  return train < count / 2 ? undefined : { train, validation: test, test };
}
