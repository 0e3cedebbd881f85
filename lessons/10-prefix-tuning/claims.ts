/**
 * The claims about prefix tuning and its relatives that lesson 10 puts to the test. What is measured,
 * and the smallest effect that counts, was written before the experiment was run.
 *
 * @module
 */
import { type Claim, differenceOver, meanOver, type RunRow } from "@tunebook/experiments";
import { CONTESTANTS, type Key, type Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** The methods that train least, and suffer most from a rate that isn't theirs. */
const SMALL = ["prefix", "prompt", "ia3"];

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "10.1",
    claim: "Prefix tuning trains fewer parameters still, and reaches what LoRA reaches.",
    measure:
      "test accuracy of prefix tuning (20 long) less that of LoRA (rank 8, attention), plus " +
      "the 2 points that it may be behind; 200 labels, each at its own rate, over seeds",
    smallestEffect: 0,
    effect: (rows) => {
      const { value, low, high } = difference(rows, "own", "prefix", "lora");
      return { value: value + 0.02, low: low + 0.02, high: high + 0.02 };
    },
    conditions: (rows) => [{
      condition: "it is at most 2 points behind full fine-tuning",
      holds: difference(rows, "own", "prefix", "full").low + 0.02 > 0,
    }, {
      condition: "a prefix of 20 trains fewer parameters than LoRA of rank 8",
      holds: trains(rows, "prefix") < trains(rows, "lora"),
    }, {
      condition: "a prefix of 5 does",
      holds: trains(rows, "prefix5") < trains(rows, "lora"),
    }],
    finding: {
      outcome: "held in part",
      text: "With 200 labels and 30 steps prefix tuning was behind LoRA. A prefix of 20 trains " +
        "more than LoRA of rank 8, one of 5 fewer: it depends on the settings, not on the " +
        "name. Its random start disturbs the model, which longer training might repair.",
    },
  },
  {
    id: "10.2",
    claim: "The ranking of methods changes when each gets its own learning rate.",
    measure:
      "by how much more test accuracy the small methods (prefix, prompt, IA³: their mean) gain " +
      "from their own rate in place of the shared one than full fine-tuning does, over seeds",
    smallestEffect: 0.03,
    effect: (rows) => {
      const gain = (method: string) => {
        const own = of(rows, "own", method), shared = of(rows, "shared", method);
        return own.map(({ score }, i) => score! - shared[i]!.score!);
      };
      const full = gain("full"), small = SMALL.map(gain);
      return meanOver(
        full.map((own, i) => small.reduce((sum, gains) => sum + gains[i]!, 0) / SMALL.length - own),
        (more) => more,
      );
    },
    conditions: (rows) => [{
      condition: "two methods swap places, beyond the noise at both rates",
      holds: swaps(rows).length > 0,
    }],
    finding: {
      outcome: "held",
      text: "At the rate of full fine-tuning, full fine-tuning was first by far. At rates of " +
        "their own most of the others came up to it or passed it, some beyond the noise of " +
        "the seeds.",
    },
  },
];

/** Pairs of methods of which the first is better at the shared rate, the second at their own. */
export function swaps(rows: readonly Row[]): [string, string][] {
  const names = [...CONTESTANTS.keys()];
  return names.flatMap((one) =>
    names.filter((other) =>
      difference(rows, "shared", one, other).low > 0 && difference(rows, "own", one, other).high < 0
    ).map((other): [string, string] => [one, other])
  );
}

/** A method's values with their seeds. */
function of(rows: readonly Row[], phase: Key["phase"], method: string) {
  return rows.filter(({ key }) => key.phase === phase && key.method === method)
    .map(({ key, value }) => ({ seed: key.seed, ...value }));
}

function difference(rows: readonly Row[], phase: Key["phase"], one: string, other: string) {
  return differenceOver(of(rows, phase, one), of(rows, phase, other), ({ score }) => score!);
}

function trains(rows: readonly Row[], method: string): number {
  return of(rows, "own", method)[0]!.parameters!.trained;
}
