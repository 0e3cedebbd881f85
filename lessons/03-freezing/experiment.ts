/**
 * The experiment of lesson 03: what freezing saves, whether it helps with few labels, and which
 * layers transfer. `deno run -A lessons/03-freezing/experiment.ts` runs what is missing of it.
 *
 * @module
 */

import { type Experiment, experimentCommand } from "@tunebook/experiments";
import { type DepthCost, measureDepths } from "./cost.ts";
import {
  type ImageRun,
  type ImageStart,
  probeImages,
  type Target,
  tuneImages,
} from "./image_runs.ts";
import {
  type LayerProbe,
  type ProbedTask,
  probeLayers,
  type ProbeScore,
  type TextStart,
} from "./probes.ts";
import { runText, type TextRun, type Way, WAYS } from "./text_runs.ts";

/** One run. */
export type Key =
  | { part: "cost"; seed: number; quick?: true }
  | { part: "tuning"; way: Way; seed: number; quick?: true }
  | { part: "probe"; task: ProbedTask; start: TextStart; seed: number; quick?: true }
  | { part: "image probe"; start: ImageStart; target: Target; each: number; seed: number }
  | {
    part: "image tuning";
    start: ImageStart;
    target: Target;
    each: number;
    frozen: number;
    seed: number;
  };

/** What comes out, by its part. */
export interface Values {
  /** All depths. */
  "cost": DepthCost[];
  /** One run of fine-tuning. */
  "tuning": TextRun;
  /** A probe for each layer. */
  "probe": LayerProbe[];
  /** A probe for each depth. */
  "image probe": ProbeScore[];
  /** One run of fine-tuning an image model. */
  "image tuning": ImageRun;
}

/** What one run gives. */
export type Value = Values[Key["part"]];

const SEEDS = [0, 1, 2, 3, 4];
const TARGETS: Target[] = ["near", "far"];
const IMAGE_STARTS: ImageStart[] = ["rotation", "classes", "random"];

const COST = { batch: 16, time: 40, steps: 5 };
const TUNING = { labels: 50, steps: 24, validation: 150, test: 400 };
const PROBE = { labels: 100, validation: 200, test: 600 };

/** What is run. */
export const experiment: Experiment<Key, Value> = {
  name: "03-freezing",
  version: 1,
  quickRows: [
    { part: "cost", seed: 0, quick: true },
    { part: "tuning", way: "three", seed: 0, quick: true },
    { part: "probe", task: "period", start: "pretrained", seed: 0, quick: true },
  ],
  rows: [
    ...SEEDS.map((seed): Key => ({ part: "cost", seed })),
    ...(Object.keys(WAYS) as Way[]).flatMap((way) =>
      SEEDS.map((seed): Key => ({ part: "tuning", way, seed }))
    ),
    ...(["agreement", "period"] as const).flatMap((task) =>
      (["pretrained", "random"] as const).flatMap((start) =>
        SEEDS.map((seed): Key => ({ part: "probe", task, start, seed }))
      )
    ),
    ...TARGETS.flatMap((target) =>
      [5, 20].flatMap((each) =>
        IMAGE_STARTS.flatMap((start) =>
          SEEDS.map((seed): Key => ({ part: "image probe", start, target, each, seed }))
        )
      )
    ),
    ...TARGETS.flatMap((target) =>
      IMAGE_STARTS.flatMap((start) =>
        [0, 2].filter((frozen) => frozen === 0 || start !== "random").flatMap((frozen) =>
          SEEDS.map((seed): Key => ({ part: "image tuning", start, target, each: 5, frozen, seed }))
        )
      )
    ),
  ],
  oneSeed: ({ seed }) => seed === 0,
  run(key) {
    const { seed } = key;
    switch (key.part) {
      case "cost":
        return measureDepths(seed, key.quick ? { batch: 2, time: 8, steps: 1 } : COST);
      case "tuning":
        return key.quick
          ? runText(key.way, seed, { labels: 16, steps: 4, validation: 20, test: 40 }, 1e-3)
          : runText(key.way, seed, TUNING);
      case "probe":
        return probeLayers(
          key.task,
          key.start,
          seed,
          key.quick ? { labels: 20, validation: 20, test: 60 } : PROBE,
        );
      case "image probe":
        return probeImages(key.start, key.target, key.each, seed);
      case "image tuning":
        return tuneImages(key.start, key.target, key.each, key.frozen, seed);
    }
  },
};

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
