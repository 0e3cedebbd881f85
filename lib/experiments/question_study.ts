/**
 * How well MiniLM with a span head answers questions about the addresses, beside the most frequent kind
 * of span: on questions of forms that training showed, of forms that it didn't, and on those written by
 * hand. `TUNEBOOK_BLAS=off deno run -A lib/experiments/question_study.ts` runs what is missing of it.
 *
 * @module
 */
import { Dataset } from "@tunebook/data";
import {
  FrequentSpanBaseline,
  type QuestionAnsweringTask,
  questionAnsweringTask,
  type QuestionExample,
} from "@tunebook/finetune";
import { fromPretrained, loadTokenizer } from "@tunebook/hub";
import { BertForQuestionAnswering } from "@tunebook/models";
import { exactMatch, tokenF1 } from "@tunebook/training";
import { type Experiment, experimentCommand } from "./claims/experiment.ts";
import { fitSpans, type FitSpansOptions } from "./fit/mod.ts";
import { drawExamples } from "./draw.ts";
import { readRuns, type RunRow } from "./runs.ts";
import { type RateTrial, tuneRate, type Watched } from "./tune.ts";

const MINILM = "sentence-transformers/all-MiniLM-L6-v2";
/** One takes one to three minutes; the file keeps its rows where more are added. */
const SEEDS = [0, 1, 2];

/** What is tested on; all are about addresses that training never showed. */
export const QUESTION_SETS = ["forms of training", "held-out forms", "written by hand"] as const;

/** One of {@linkcode QUESTION_SETS}. */
export type QuestionSet = typeof QUESTION_SETS[number];

/** One run: of the baseline, to choose MiniLM's learning rate, or of MiniLM at the rate chosen. */
export interface QuestionStudyKey {
  /** Who answers. */
  competitor: "most frequent span" | "MiniLM with a span head";
  /** The rate to try. */
  tried?: number;
  /** Decides the head's first weights and the order of questions. */
  seed?: number;
}

/** How right the answers to some questions are, 0 to 1, as SQuAD counts. */
export interface AnswerScores {
  /** The share that is exactly right. */
  exactMatch: number;
  /** The mean F1 over words. */
  tokenF1: number;
}

/** What came out of one. */
export interface QuestionStudyValue {
  /** On each set of questions; not where only a rate was tried. */
  scores?: Record<QuestionSet, AnswerScores>;
  /** On validation questions, where a rate was tried. */
  validation?: Watched;
  /** The learning rate, and what it was chosen from. */
  rate?: { learningRate: number; trials: RateTrial[] };
  /** Parameters that train, and all. */
  parameters?: { trained: number; all: number };
  /** What the clock said; differs from run to run. */
  timing?: { secondsPerStep: number };
}

/** The questions of each set. */
export type QuestionTests = Record<QuestionSet, Dataset<QuestionExample>>;

/** How MiniLM is tuned: all of it trains; validation chooses the rate, in shorter runs. */
const SETTING = {
  method: "full",
  maxLength: 160,
  batchSize: 8,
  validationExamples: 96,
} as const;
const RATES = [1e-4, 3e-4, 1e-3];
const STEPS = { search: 75, run: 300 };
/** How many questions of the forms that training showed are tested on: there are thousands. */
const OF_TRAINING = 300;

/** The study: the baseline once, the rates on trial, and MiniLM with each seed. */
export const questionStudy: Experiment<QuestionStudyKey, QuestionStudyValue> = {
  name: "question-study",
  version: 1,
  rows: [
    { competitor: "most frequent span" },
    ...RATES.map((tried) => ({ competitor: "MiniLM with a span head" as const, tried })),
    ...SEEDS.map((seed) => ({ competitor: "MiniLM with a span head" as const, seed })),
  ],
  quickRows: [],
  oneSeed: ({ seed = 0 }) => seed === 0,
  async run({ competitor, tried, seed }) {
    const task = await (loaded ??= questionAnsweringTask());
    if (competitor === "most frequent span") {
      const baseline = FrequentSpanBaseline.from(task.train);
      const tests = questionTests(task, OF_TRAINING);
      return { scores: byQuestionSet((set) => baseline.score(tests[set])) };
    }
    if (tried !== undefined) return { validation: await tryRate(task, tried) };
    const rate = await chooseRate(task), { learningRate } = rate;
    const options = { ...await miniLm(task), steps: STEPS.run, evaluateEvery: 75 };
    const tests = questionTests(task, OF_TRAINING);
    return { rate, ...await fitAnswers({ ...options, learningRate, seed: seed! }, tests) };
  },
};

let loaded: ReturnType<typeof questionAnsweringTask> | undefined;

async function miniLm(task: QuestionAnsweringTask): Promise<Omit<FitSpansOptions, "learningRate">> {
  return {
    ...SETTING,
    task,
    tokenizer: await loadTokenizer(MINILM),
    model: () =>
      fromPretrained(MINILM, {
        as: BertForQuestionAnswering,
        // Most questions are seen once: nothing to guard against, and attention is faster.
        config: { hiddenDropout: 0, attentionDropout: 0 },
        onNew: () => {},
      }),
  };
}

async function tryRate(task: QuestionAnsweringTask, learningRate: number): Promise<Watched> {
  const options = { ...await miniLm(task), learningRate, steps: STEPS.search };
  const { best } = await fitSpans({ ...options, evaluateEvery: STEPS.search, test: false });
  return { validationScore: best.validationScore, validationLoss: best.validationLoss };
}

/** The learning rate that validation chooses: of the rows of the file, where it has them. */
async function chooseRate(task: QuestionAnsweringTask) {
  const { name: experiment, version } = questionStudy;
  const file = await readRuns<QuestionStudyKey, QuestionStudyValue>(
    QUESTION_STUDY_FILE,
    { experiment, version },
  );
  const { learningRate, trials } = await tuneRate(
    async (rate) => {
      const row = file?.rows.find(({ key }) => key.tried === rate);
      return { best: row?.value.validation ?? await tryRate(task, rate) };
    },
    { learningRates: RATES, tuningSeeds: [0], extensions: 0 },
  );
  return { learningRate, trials };
}

/**
 * The questions that answers are measured on.
 *
 * @param task The task.
 * @param ofTraining How many questions of the forms of training are drawn of those there are.
 */
export function questionTests(
  { test, heldOutForms, handWritten }: QuestionAnsweringTask,
  ofTraining: number,
): QuestionTests {
  return {
    "forms of training": Dataset.from(drawExamples(test, ofTraining, 0)),
    "held-out forms": heldOutForms,
    "written by hand": handWritten,
  };
}

/**
 * Tunes a model to answer questions, and measures it on each set of them.
 *
 * @param options The run; the test part of its task isn't used.
 * @param tests The questions to measure on.
 * @returns The scores, what trained and how long a step took.
 */
export async function fitAnswers(
  options: FitSpansOptions,
  tests: QuestionTests,
): Promise<Required<Pick<QuestionStudyValue, "scores" | "parameters" | "timing">>> {
  const all = QUESTION_SETS.flatMap((set) => [...tests[set]]);
  const { answers, parameters, secondsPerStep } = await fitSpans({
    ...options,
    task: { ...options.task, test: Dataset.from(all) },
    keepAnswers: true,
  });
  let from = 0;
  const scores = byQuestionSet((set): AnswerScores => {
    const examples = tests[set].toArray();
    const own = answers!.slice(from, from += examples.length) as string[];
    const mean = (score: typeof exactMatch) =>
      examples.reduce(
        (sum, { context, start, end }, i) => sum + score(own[i]!, [context.slice(start, end)]),
        0,
      ) / examples.length;
    return { exactMatch: mean(exactMatch), tokenF1: mean(tokenF1) };
  });
  return { scores, parameters, timing: { secondsPerStep } };
}

function byQuestionSet<Value>(of: (set: QuestionSet) => Value): Record<QuestionSet, Value> {
  return Object.fromEntries(QUESTION_SETS.map((set) => [set, of(set)])) as Record<
    QuestionSet,
    Value
  >;
}

/**
 * The study as a table in Markdown: exact match and token F1, the mean over seeds with the lowest and
 * the highest, since an interval says nothing with so few.
 */
export function questionStudyTable(
  rows: readonly RunRow<QuestionStudyKey, QuestionStudyValue>[],
): string {
  const measured = rows.flatMap(({ key, value: { scores } }) => scores ? { ...key, scores } : []);
  const competitors = Map.groupBy(measured, ({ competitor }) => competitor);
  return [
    `| | ${QUESTION_SETS.map((set) => `${set}: exact match | token F1`).join(" | ")} |`,
    `| --- | ${QUESTION_SETS.map(() => "--- | ---").join(" | ")} |`,
    ...Array.from(competitors, ([competitor, runs]) => {
      const cells = QUESTION_SETS.flatMap((set) =>
        (["exactMatch", "tokenF1"] as const).map((score) => {
          const values = runs.map(({ scores }) => scores[set][score]);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const [low, high] = [Math.min(...values), Math.max(...values)];
          return mean.toFixed(3) +
            (values.length > 1 ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : "");
        })
      );
      return `| ${competitor} | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** Where the study's results are. */
export const QUESTION_STUDY_FILE: URL = new URL(
  "../finetune/tasks/question_study.json",
  import.meta.url,
);

if (import.meta.main) await experimentCommand(questionStudy, QUESTION_STUDY_FILE);
