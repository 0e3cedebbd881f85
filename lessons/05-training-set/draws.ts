/**
 * Ways to draw a training set: representative ones, and ones that someone in a hurry would make.
 *
 * @module
 */
import type { Dataset } from "@tunebook/data";
import { drawExamples } from "@tunebook/experiments";
import type { TextExample } from "@tunebook/finetune";
import { Random } from "@tunebook/tensor";

/** The first year of each of four periods. */
const PERIODS = [1790, 1848, 1906, 1964];

/** Which of the four periods, from 0, an example was said in: its group begins with the year. */
export function periodOf({ group }: TextExample): number {
  const year = Number(group.slice(0, 4));
  return PERIODS.findLastIndex((start) => year >= start);
}

/** Who said it: the group without its year. */
export function authorOf({ group }: TextExample): string {
  return group.slice(5);
}

/** How to draw: see {@linkcode draw}. */
export type Way = "stratified" | "one author" | "one class" | "one period";

/**
 * Draws a training set of a given size.
 *
 * - `stratified`: each class and address by its share of what there is;
 * - `one author`: all of a period by one president, or all by one if classes aren't periods;
 * - `one class`: seven tenths from one class;
 * - `one period`: all from one of the four periods.
 *
 * The seed decides which author, class or period.
 */
export function draw(
  from: Dataset<TextExample>,
  way: Way,
  count: number,
  seed: number,
): TextExample[] {
  const classes = [...new Set(from.column("label"))].sort();
  const byClass = ({ label }: TextExample) => label;
  switch (way) {
    case "stratified":
      return drawExamples(from, count, seed, ({ label, group }) => `${label} ${group}`);
    case "one author": {
      // Where classes are periods, one author can't serve them all.
      const strata = classes.length === PERIODS.length ? classes : [undefined];
      return strata.flatMap((label, i) => {
        const own = from.filter((example) => label === undefined || example.label === label);
        const share = count / strata.length;
        const author = oneOf(withAtLeast(own, share), seed + i);
        return drawExamples(own.filter((one) => authorOf(one) === author), share, seed, byClass);
      });
    }
    case "one class": {
      const common = classes[seed % classes.length]!;
      const rest = Math.round(0.3 * count / (classes.length - 1));
      return classes.flatMap((label) => {
        const own = from.filter((example) => example.label === label);
        const size = label === common ? count - rest * (classes.length - 1) : rest;
        return drawExamples(own, size, seed, ({ group }) => group);
      });
    }
    case "one period":
      return drawExamples(
        from.filter((example) => periodOf(example) === seed % PERIODS.length),
        count,
        seed,
        ({ label, group }) => `${label} ${group}`,
      );
  }
}

/** The authors of at least so many examples, in order of the alphabet. */
function withAtLeast(examples: Dataset<TextExample>, count: number): string[] {
  const groups = Map.groupBy(examples, authorOf);
  return [...groups].filter(([, own]) => own.length >= count).map(([author]) => author).sort();
}

function oneOf(authors: readonly string[], seed: number): string {
  return authors[Math.floor(new Random(seed).next() * authors.length)]!;
}
