/**
 * What the base model is good for: fine-tuned beside the same network from random weights, and beside
 * what needs no network. `TUNEBOOK_BLAS=off deno run -A lib/experiments/base_study.ts` runs what is missing of it.
 *
 * @module
 */
import type { Interval } from "@tunebook/training";
import { baseGpt, baseTokenizer, untrainedGpt } from "@tunebook/base";
import { agreementTask, type ClassificationTask, periodTask } from "@tunebook/finetune";
import { fromPretrained, loadTokenizer } from "@tunebook/hub";
import { BertForSequenceClassification, GptForSequenceClassification } from "@tunebook/models";
import { majorityBaseline, tfidfBaseline } from "./baselines/mod.ts";
import { fitClassifier } from "./fit/mod.ts";
import { type Experiment, experimentCommand } from "./claims/experiment.ts";
import type { ModelFactory } from "./problems/problem.ts";
import type { RunRow } from "./runs.ts";
import { differenceOver, meanOver } from "./statistics.ts";
import { tune } from "./tune.ts";

const MINILM = "sentence-transformers/all-MiniLM-L6-v2";
const SEEDS = [0, 1, 2, 3, 4];
const TASKS: readonly StudyKey["task"][] = ["agreement", "period"];
const COMPETITORS: readonly StudyKey["competitor"][] = [
  "pretrained",
  "random weights",
  "pretrained, head only",
  "MiniLM, head only",
  "TF-IDF and logistic regression",
  "majority class",
];

/** One competitor on one task. */
export interface StudyKey {
  /** The task. */
  task: "agreement" | "period";
  /** Training examples. */
  labels: number;
  /** Who competes. */
  competitor:
    | "pretrained"
    | "random weights"
    | "pretrained, head only"
    | "MiniLM, head only"
    | "TF-IDF and logistic regression"
    | "majority class";
}

/** Its test accuracy, seed by seed. */
export interface StudyValue {
  /** The learning rate that validation chose, if it has one. */
  learningRate?: number;
  /** A score for each seed. */
  scores: { seed: number; score: number }[];
}

/** The study: 200 labels, five seeds, each competitor at the learning rate that validation chose. */
export const baseStudy: Experiment<StudyKey, StudyValue> = {
  name: "base-study",
  version: 1,
  rows: TASKS.flatMap((task) =>
    COMPETITORS.map((competitor) => ({ task, labels: 200, competitor }))
  ),
  quickRows: [],
  oneSeed: () => false,
  async run({ task: name, labels, competitor }) {
    const whole = name === "agreement" ? await agreementTask() : await periodTask();
    const task = { ...whole, validation: whole.validation.take(200), test: whole.test.take(600) };
    if (competitor === "majority class" || competitor.startsWith("TF-IDF")) {
      const baseline = competitor === "majority class" ? majorityBaseline : tfidfBaseline;
      return {
        scores: SEEDS.map((seed) => {
          return { seed, score: baseline({ task, labels, seed }).test.score };
        }),
      };
    }
    const { learningRate, runs } = await tune(fitClassifier, {
      ...await contestant(competitor, task),
      task,
      labels,
      steps: 50,
      evaluateEvery: 10,
      batchSize: 16,
      seeds: SEEDS,
    });
    return { learningRate, scores: runs.map(({ seed, test }) => ({ seed, score: test!.score })) };
  },
};

async function contestant(competitor: StudyKey["competitor"], { labels }: ClassificationTask) {
  const config = { labels: [...labels] };
  if (competitor === "MiniLM, head only") {
    const model: ModelFactory = () =>
      fromPretrained(MINILM, {
        as: BertForSequenceClassification,
        config: { ...config, pooling: "mean" },
        onNew: () => {},
      });
    return { model, tokenizer: await loadTokenizer(MINILM), method: "head" };
  }
  const start = competitor === "random weights" ? untrainedGpt : baseGpt;
  return {
    model: () => start({ as: GptForSequenceClassification, config }),
    tokenizer: await baseTokenizer(),
    method: competitor === "pretrained, head only" ? "head" : "full",
  };
}

/** How much better fine-tuning the base model is than the same from random weights. */
export function gainOfPretraining(
  rows: readonly RunRow<StudyKey, StudyValue>[],
  task: StudyKey["task"],
): Interval {
  const scores = (competitor: StudyKey["competitor"]) => scoresOf(rows, task, competitor);
  return differenceOver(scores("pretrained"), scores("random weights"), ({ score }) => score);
}

/** The study as a table in Markdown. */
export function studyTable(rows: readonly RunRow<StudyKey, StudyValue>[]): string {
  const cell = (task: StudyKey["task"], competitor: StudyKey["competitor"]) => {
    const { value, low, high } = meanOver(
      scoresOf(rows, task, competitor),
      ({ score }) => score,
    );
    return `${value.toFixed(3)} ± ${((high - low) / 2).toFixed(3)}`;
  };
  return [
    `| | ${TASKS.join(" | ")} |`,
    `| --- | ${TASKS.map(() => "---").join(" | ")} |`,
    ...COMPETITORS.map((competitor) =>
      `| ${competitor} | ${TASKS.map((task) => cell(task, competitor)).join(" | ")} |`
    ),
  ].join("\n");
}

function scoresOf(
  rows: readonly RunRow<StudyKey, StudyValue>[],
  task: StudyKey["task"],
  competitor: StudyKey["competitor"],
) {
  return rows.find(({ key }) => key.task === task && key.competitor === competitor)!.value.scores;
}

/** Where the study's results are. */
export const STUDY_FILE: URL = new URL("../base/tunebook-gpt/study.json", import.meta.url);

if (import.meta.main) await experimentCommand(baseStudy, STUDY_FILE);
