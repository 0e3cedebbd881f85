/**
 * The training sets of lesson 04: as many examples as one could pay for, with one thing wrong.
 *
 * @module
 */
import { type Dataset, injectLabelNoise } from "@tunebook/data";
import { drawExamples } from "@tunebook/experiments";
import type { TextExample } from "@tunebook/finetune";

/** A draw in which each class keeps its share; a larger draw by the same seed holds the smaller. */
export function drawn(from: Dataset<TextExample>, count: number, seed: number): TextExample[] {
  return drawExamples(from, count, seed, ({ label }) => label);
}

/** The same examples, a share of them with a wrong label. */
export function noisy(examples: readonly TextExample[], share: number, seed: number) {
  const labels = examples.map(({ label }) => label);
  const { noisy, changed } = injectLabelNoise(labels, share, { classes: [0, 1], seed });
  return {
    examples: examples.map((example, i) => ({ ...example, label: noisy[i]! })),
    changed,
  };
}

const BEGINNINGS = ["", "Well, ", "Honestly, "];
const ENDS = ["", " Really.", " That is all."];

/** How many different near-copies {@linkcode nearCopy} makes of a text. */
export const COPIES = BEGINNINGS.length * ENDS.length - 1;

/**
 * A text again, with a word or two in front or behind: the same to a reader, not to `===`.
 *
 * @param which Which of the {@linkcode COPIES}, from 1.
 */
export function nearCopy(text: string, which: number): string {
  return BEGINNINGS[which % 3]! + text + ENDS[Math.floor(which / 3)]!;
}

/** As many examples as before, but only the first few are texts of their own. */
export function withCopies(examples: readonly TextExample[], share: number): TextExample[] {
  const own = examples.slice(0, Math.round((1 - share) * examples.length));
  return examples.map((_, i) => {
    const example = own[i % own.length]!, which = Math.floor(i / own.length);
    return which === 0 ? example : { ...example, text: nearCopy(example.text, which) };
  });
}

/** A draw in which the first class is rare. */
export function skewed(from: Dataset<TextExample>, count: number, share: number, seed: number) {
  const rare = Math.round(share * count);
  const of = (label: number) => from.filter((example) => example.label === label);
  return [
    ...drawExamples(of(0), rare, seed),
    ...drawExamples(of(1), count - rare, seed),
  ];
}
