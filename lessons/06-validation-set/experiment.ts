/**
 * The experiment of lesson 06: a search, over-fitting watched closely, and leaky validation sets.
 * `deno run -A lessons/06-validation-set/experiment.ts` runs it, or what is missing of it.
 *
 * @module
 */

import { type Experiment, experimentCommand } from "@tunebook/experiments";
import { compareDivisions, type Divisions } from "./leaks.ts";
import { search, type SearchTrial } from "./search.ts";
import { course, type Moment } from "./stopping.ts";

/** What one run is told. */
export interface Key {
  /** Which part of the experiment. */
  part: "search" | "stopping" | "leaks";
  /** The seed. */
  seed: number;
  /** A run at a reduced size, for the short tests. */
  quick?: true;
}

/** What comes out: the field of the key's part. */
export interface Value {
  /** Every setting of a search. */
  search?: SearchTrial[];
  /** The course of a run. */
  stopping?: Moment[];
  /** Both ways of dividing mails. */
  leaks?: Divisions;
}

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

/** All runs of lesson 06. */
export const experiment: Experiment<Key, Value> = {
  name: "06-validation-set",
  version: 1,
  rows: [
    ...seeds(8).map((seed): Key => ({ part: "search", seed })),
    ...seeds(5).map((seed): Key => ({ part: "stopping", seed })),
    ...seeds(8).map((seed): Key => ({ part: "leaks", seed })),
  ],
  quickRows: [
    { part: "search", seed: 0, quick: true },
    { part: "stopping", seed: 0, quick: true },
  ],
  oneSeed: ({ seed }) => seed === 0,
  async run({ part, seed, quick }) {
    if (part === "search") {
      return {
        search: await search(
          quick
            ? { seed, rates: [0.01, 1], batches: [16], epochs: 5, testExamples: 100 }
            : { seed },
        ),
      };
    }
    if (part === "stopping") {
      return {
        stopping: await course(
          quick ? { seed, steps: 4, every: 2, validationExamples: 50, testExamples: 50 } : { seed },
        ),
      };
    }
    return { leaks: await compareDivisions({ seed }) };
  },
};

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
