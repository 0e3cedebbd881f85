import type { Parts } from "@tunebook/finetune";
import { drawExamples } from "../draw.ts";
import type { ReadingOptions } from "./problem.ts";

/** The examples of each part that a run uses. */
export type DrawnParts<Example> = Record<"train" | "validation" | "test", Example[]>;

/** How many of each part are drawn, and which. */
export type DrawOptions = Pick<
  ReadingOptions,
  "labels" | "validationExamples" | "testExamples" | "seed"
>;

/** The seed of the draws of validation and test examples, which are the same in all runs. */
const SAME = 0;

/**
 * Draws the training examples by the run's seed, and what the others are held to: all, or as many as
 * `validationExamples` and `testExamples` say.
 *
 * @throws {RangeError} If a part has fewer examples than are asked for.
 */
export function drawParts<Example>(
  task: Parts<Example>,
  { labels, validationExamples, testExamples, seed }: DrawOptions,
  classOf?: (example: Example) => string | number,
): DrawnParts<Example> {
  const draw = (part: keyof Parts<Example>, count: number | undefined, by: number) => {
    const examples = [...task[part]];
    if (examples.length === 0) throw new RangeError(`Expected ${part} examples but found none`);
    return count === undefined ? examples : drawExamples(examples, count, by, classOf);
  };
  return {
    train: draw("train", labels, seed),
    validation: draw("validation", validationExamples, SAME),
    test: draw("test", testExamples, SAME),
  };
}
