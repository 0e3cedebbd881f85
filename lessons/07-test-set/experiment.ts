/**
 * The experiment of lesson 07: many models asked about one pool, splits with and without groups,
 * shares. `deno run -A lessons/07-test-set/experiment.ts` runs it, or what is missing of it.
 *
 * @module
 */

import { type Experiment, experimentCommand } from "@tunebook/experiments";
import {
  compareSplits,
  poolGroups,
  rightAnswers,
  type ShareResult,
  tryShares,
  type TwoSplits,
} from "./probes.ts";

/** What one run is told. */
export interface Key {
  /** Which part of the experiment. */
  part: "pool" | "model" | "mails" | "sentences" | "shares";
  /** The seed. */
  seed: number;
  /** A run at a reduced size, for the short tests. */
  quick?: true;
}

/** What comes out: the field of the key's part. */
export interface Value {
  /** The address of each sentence of the pool. */
  groups?: number[];
  /** Which sentences of the pool a model was right about. */
  right?: string;
  /** Two ways of dividing. */
  splits?: TwoSplits;
  /** Ways of sharing out the labelled texts. */
  shares?: ShareResult[];
}

const rowsOf = (part: Key["part"], count: number): Key[] =>
  Array.from({ length: count }, (_, seed) => ({ part, seed }));

/** All runs of lesson 07. */
export const experiment: Experiment<Key, Value> = {
  name: "07-test-set",
  version: 1,
  rows: [
    ...rowsOf("pool", 1),
    ...rowsOf("model", 30),
    ...rowsOf("sentences", 6),
    ...rowsOf("mails", 6),
    ...rowsOf("shares", 8),
  ],
  quickRows: [
    { part: "model", seed: 0, quick: true },
    { part: "shares", seed: 0, quick: true },
  ],
  oneSeed: ({ seed }) => seed === 0,
  async run({ part, seed, quick }) {
    switch (part) {
      case "pool":
        return { groups: await poolGroups() };
      case "model":
        return { right: await rightAnswers(quick ? { seed, pool: 100, epochs: 3 } : { seed }) };
      case "shares":
        return { shares: await tryShares(quick ? { seed, shares: [0.7] } : { seed }) };
      default:
        return { splits: await compareSplits({ texts: part, seed }) };
    }
  },
};

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
