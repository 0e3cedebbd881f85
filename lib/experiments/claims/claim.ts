import type { Interval } from "@tunebook/training";
import type { RunRow } from "../runs.ts";

/** How a claim fared against the data. */
export type Outcome = "held" | "held in part" | "did not hold";

/** Something that is said about fine-tuning, and how an experiment decides whether it is so. */
// deno-lint-ignore no-explicit-any -- each experiment has keys and values of its own
export interface Claim<Row extends RunRow<any, any> = RunRow<any, any>> {
  /** Its number in the course, such as `1.2`. */
  id: string;
  /** What is claimed, in a sentence. */
  claim: string;
  /** What is compared, and in which unit: written before the experiment was run. */
  measure: string;
  /** The smallest effect that counts, in that unit: written before the experiment was run. */
  smallestEffect: number;
  /** The effect that the experiment's rows show, with its interval. */
  effect(rows: readonly Row[]): Interval;
  /**
   * Further conditions, each with whether it is so; if some are and some aren't, the claim held in
   * part. Default: none.
   */
  conditions?(rows: readonly Row[]): { condition: string; holds: boolean }[];
  /** What came out, and under which condition it holds: written after the run. */
  finding: { outcome: Outcome; text: string };
}

/** A claim beside what came out. */
export interface Judgement {
  /** The claim's number. */
  id: string;
  /** The effect found. */
  effect: Interval;
  /** How the claim fared. */
  outcome: Outcome;
  /** The further conditions. */
  conditions: { condition: string; holds: boolean }[];
}

/**
 * Holds a claim against the rows of its experiment. It held if the effect is at least the smallest
 * that counts and its interval lies above zero, and all further conditions are so; in part if only
 * some of that is so; otherwise it did not hold.
 *
 * @example
 * ```ts
 * import { type Claim, judge } from "@tunebook/experiments";
 * import { meanInterval } from "@tunebook/training";
 * import { assertEquals } from "@std/assert";
 *
 * const claim: Claim = {
 *   id: "0.1",
 *   claim: "Bread rises.",
 *   measure: "centimetres, over loaves",
 *   smallestEffect: 1,
 *   effect: (rows) => meanInterval(rows.map(({ value }) => value)),
 *   finding: { outcome: "held", text: "It does." },
 * };
 * const loaves = [2.1, 1.9, 2.3].map((value, key) => ({ key, value, seconds: 3600 }));
 * assertEquals(judge(claim, loaves).outcome, "held");
 * ```
 */
export function judge<Row extends RunRow<unknown, unknown>>(
  claim: Claim<Row>,
  rows: readonly Row[],
): Judgement {
  const effect = claim.effect(rows);
  const conditions = claim.conditions?.(rows) ?? [];
  const parts = [
    effect.value >= claim.smallestEffect && effect.low > 0,
    ...conditions.map(({ holds }) => holds),
  ];
  const outcome = parts.every(Boolean)
    ? "held"
    : parts.some(Boolean)
    ? "held in part"
    : "did not hold";
  return { id: claim.id, effect, outcome, conditions };
}
