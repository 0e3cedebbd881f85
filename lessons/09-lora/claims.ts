/**
 * The claims about LoRA that lesson 09 puts to the test. What is measured, and the smallest effect that
 * counts, was written before the experiment was run.
 *
 * @module
 */
import { type Claim, differenceOver, meanOver, type RunRow } from "@tunebook/experiments";
import type { Key, Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "9.1",
    claim: "LoRA trains a few per cent of the parameters at near-equal quality.",
    measure:
      "test accuracy of LoRA (rank 8, attention) less that of full fine-tuning, plus the 2 " +
      "points that it may be behind; 200 labels, each at its own rate, over seeds",
    smallestEffect: 0,
    effect: (rows) => withAllowance(differenceOver(...pair(rows, "lora8", "full"), score)),
    conditions: (rows) => [{
      condition: "at most 5 % of the parameters train",
      holds: of(rows, "lora8").every(({ parameters }) => {
        return parameters!.trained / parameters!.all <= 0.05;
      }),
    }, {
      condition: "it is better than the head alone",
      holds: differenceOver(...pair(rows, "lora8", "head"), score).low > 0,
    }],
    finding: {
      outcome: "held in part",
      text: "With 200 labels LoRA was ahead of full fine-tuning, with about 1 % of the " +
        "parameters. But the head alone, at its own rate, came so near that five seeds don't " +
        "tell it from LoRA: on this task most of the gain needs no change of the body.",
    },
  },
  {
    id: "9.2",
    claim: "LoRA takes less memory and time than full fine-tuning.",
    measure:
      "the share of the time of a full step that a step of LoRA (rank 8, attention) saves, " +
      "over seeds",
    smallestEffect: 0.15,
    effect: (rows) =>
      meanOver(of(rows, "time"), ({ timing }) => {
        return 1 - timing!.lora8!.msPerStep / timing!.full!.msPerStep;
      }),
    conditions: (rows) => {
      const [full] = of(rows, "full"), [lora] = of(rows, "lora8");
      const fewer = full!.parameters!.trained - lora!.parameters!.trained;
      return [{
        condition:
          "its peak of memory is lower by at least the gradients and optimizer state that " +
          "it doesn't need, 12 bytes a parameter",
        holds: of(rows, "time").every(({ timing }) => {
          const saved = timing!.full!.peakMegabytes - timing!.lora8!.peakMegabytes;
          return saved >= 12 * fewer / 2 ** 20;
        }),
      }];
    },
    finding: {
      outcome: "held in part",
      text: "A step took about a third less time. The peak of memory fell by the optimizer's " +
        "state and little more: it comes at the end of the forward pass, when a full step has " +
        "no gradients yet.",
    },
  },
  {
    id: "9.3",
    claim: "Quality depends little on the rank, and more on which matrices LoRA stands beside.",
    measure:
      "test accuracy of rank 1 less that of rank 32 (attention), plus the 2 points that it " +
      "may be behind, over seeds",
    smallestEffect: 0,
    effect: (rows) => withAllowance(differenceOver(...pair(rows, "lora1", "lora32"), score)),
    conditions: (rows) => [{
      condition: "all linear layers are better than attention alone, with equally many parameters",
      holds: differenceOver(...pair(rows, "allSame", "lora8"), score).low > 0,
    }],
    finding: {
      outcome: "did not hold",
      text: "Rank 1 was within 2 points of rank 32 on average, but five seeds leave room for a " +
        "larger gap, and all linear layers were not better than attention alone. To settle it " +
        "takes more seeds, or a task that needs a larger change.",
    },
  },
  {
    id: "9.4",
    claim: "Merging leaves outputs unchanged.",
    measure: "to how many decimal places outputs agree before and after, relative to the largest " +
      "output, over seeds",
    smallestEffect: 5,
    effect: (rows) =>
      meanOver(of(rows, "merge"), ({ merge }) => -Math.log10(Math.max(merge!.difference, 1e-12))),
    conditions: (rows) => [{
      condition: "no text is put in another class",
      holds: of(rows, "merge").every(({ merge }) => merge!.otherClass === 0),
    }, {
      condition: "unmerging brings the base back bit by bit",
      holds: of(rows, "merge").every(({ merge }) => merge!.notRestored === 0),
    }],
    finding: {
      outcome: "held",
      text: "Outputs agree to about six places, which is what float32 can hold; no text changed " +
        "its class, and unmerging restores every bit.",
    },
  },
];

/** A method's values with their seeds. */
function of(rows: readonly Row[], method: string) {
  return rows.filter(({ key }) => key.method === method)
    .map(({ key, value }) => ({ seed: key.seed, ...value }));
}

type Run = ReturnType<typeof of>[number];

function pair(rows: readonly Row[], one: string, other: string): [Run[], Run[]] {
  return [of(rows, one), of(rows, other)];
}

function score({ score }: Run): number {
  return score!;
}

/** "At most 2 points behind" as an effect above zero. */
function withAllowance({ value, low, high }: { value: number; low: number; high: number }) {
  return { value: value + 0.02, low: low + 0.02, high: high + 0.02 };
}
