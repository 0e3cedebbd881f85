/**
 * The claims about training sets that lesson 05 puts to the test. What is measured, and the smallest
 * effect that counts, was written before the experiment was run.
 *
 * @module
 */
import { type Claim, differenceOver, meanOver, type RunRow } from "@tunebook/experiments";
import { errorAt, fitPowerLaw } from "./curve.ts";
import type { Way } from "./draws.ts";
import { EQUAL_SIZE, type Key, SIZES, type Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** Up to which size the power law is fitted; what lies beyond it has to foresee. */
export const FITTED_TO = 640;

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "5.1",
    claim: "A larger training set brings higher quality, along a curve that flattens.",
    measure:
      "test accuracy on periods (head) with 2560 training sentences less that with 80, over " +
      "seeds",
    smallestEffect: 0.05,
    effect: (rows) => gain(rows, "period", 80, 2560),
    conditions: (rows) => [
      {
        condition: "the same on agreement, by at least 3 points",
        holds: counts(gain(rows, "agreement", 80, 2560), 0.03),
      },
      ...(["period", "agreement"] as const).map((task) => ({
        condition: `from 80 to 320 brings more than from 640 to 2560 (${task})`,
        holds: gain(rows, task, 80, 320).value > gain(rows, task, 640, 2560).value,
      })),
      ...(["period", "agreement"] as const).map((task) => ({
        condition:
          `a power law fitted up to 640 foresees the error at 2560 to within 3 points (${task})`,
        holds: Math.abs(foreseen(rows, task, 2560) - meanError(rows, task, 2560)) <= 0.03,
      })),
    ],
    finding: {
      outcome: "held in part",
      text: "Agreement goes on rising, as a power law of the smaller sizes foresees. On periods " +
        "accuracy rises up to a few hundred sentences and then stays: more of the same few dozen " +
        "addresses say little about the others. A first run, broken off, with one learning rate " +
        "for all sizes was as flat there, so the rate is not the reason.",
    },
  },
  {
    id: "5.2",
    claim: "An unrepresentative draw generalises worse than a stratified one of equal size.",
    measure:
      "test accuracy on periods (240 sentences, head) of a stratified draw less that of one " +
      "with a single president for each period, over seeds",
    smallestEffect: 0.03,
    effect: (rows) => lostBy(rows, "period", "one author"),
    conditions: (rows) => [{
      condition: "the same when everything is tuned, by at least 3 points",
      holds: counts(lostBy(rows, "period", "one author", "full"), 0.03),
    }, {
      condition: "a draw with 70 % of one class loses at least 3 points (period)",
      holds: counts(lostBy(rows, "period", "one class"), 0.03),
    }, {
      condition: "a draw from one period loses at least 2 points (agreement)",
      holds: counts(lostBy(rows, "agreement", "one period"), 0.02),
    }, {
      condition: "a draw from one president loses at least 2 points (agreement)",
      holds: counts(lostBy(rows, "agreement", "one author"), 0.02),
    }],
    finding: {
      outcome: "held in part",
      text: "A draw with one dominant class loses much. One president for each period loses a " +
        "little on average, within what draws differ by, and nothing that can be seen when " +
        "everything is tuned. On agreement, whose grammar all presidents share, a single " +
        "president or period costs hardly anything. A draw must represent what the label " +
        "depends on.",
    },
  },
];

/** Which runs: stratified, with a trained head, unless said otherwise. */
export interface Which {
  /** Which task. */
  task: Key["task"];
  /** How many examples. */
  labels: number;
  /** How they were drawn. */
  way?: Way;
  /** What learned. */
  method?: Key["method"];
}

/** The runs asked for, with their seeds. */
export function runsOf(rows: readonly Row[], which: Which) {
  const { task, labels, way = "stratified", method = "head" } = which;
  return rows.filter(({ key }) =>
    key.task === task && key.labels === labels && key.way === way && key.method === method
  ).map(({ key, value }) => ({ seed: key.seed, ...value }));
}

/** The mean test error. */
export function meanError(rows: readonly Row[], task: Key["task"], labels: number): number {
  return 1 - meanOver(runsOf(rows, { task, labels }), accuracyOf).value;
}

/** The error that the power law of the smaller sizes foresees. */
export function foreseen(rows: readonly Row[], task: Key["task"], labels: number): number {
  const sizes = SIZES.filter((size) => size <= FITTED_TO);
  const errors = sizes.map((size) => meanError(rows, task, size));
  return errorAt(fitPowerLaw(sizes, errors), labels);
}

/** What a draw loses beside a stratified one. */
export function lostBy(
  rows: readonly Row[],
  task: Key["task"],
  way: Way,
  method: Key["method"] = "head",
) {
  const which = { task, labels: EQUAL_SIZE, method };
  return differenceOver(runsOf(rows, which), runsOf(rows, { ...which, way }), accuracyOf);
}

function gain(rows: readonly Row[], task: Key["task"], few: number, many: number) {
  const runs = (labels: number) => runsOf(rows, { task, labels });
  return differenceOver(runs(many), runs(few), accuracyOf);
}

function accuracyOf({ accuracy }: { accuracy: number }): number {
  return accuracy;
}

/** Whether an effect is large enough and surely above zero. */
function counts({ value, low }: { value: number; low: number }, smallest: number): boolean {
  return value >= smallest && low > 0;
}
