/**
 * The experiment of lesson 02: fine-tuning beside training from scratch, with few layers and with all,
 * for classification and for question answering.
 *
 * @module
 */
import { baseGpt, baseTokenizer, untrainedGpt } from "@tunebook/base";
import { type Experiment, experimentCommand, fitClassifier, fitSpans } from "@tunebook/experiments";
import { agreementTask, FrequentSpanBaseline, questionAnsweringTask } from "@tunebook/finetune";
import { GptForQuestionAnswering, GptForSequenceClassification } from "@tunebook/models";

/** One run. */
export interface Key {
  /** The task. */
  task: "agreement" | "questions";
  /** Where the network starts, or the baseline. */
  start: "pretrained" | "scratch" | "frequent span";
  /** What trains; see `METHODS` of `@tunebook/experiments`. */
  method?: "full" | "lastBlock" | "head";
  /** Decides the labels drawn, the head's first weights, the order. */
  seed?: number;
  /** A learning rate on trial, for questions: a third of the steps, judged on validation data. */
  trial?: number;
  /** How much less, for the tests. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** The test score: accuracy, or token F1 for questions. On trial: that on validation data. */
  score: number;
  /** The validation score after so many steps. */
  curve?: { step: number; score: number; loss: number }[];
  /** Parameters that trained, and all. */
  parameters?: { trained: number; all: number };
  /** What the clock said; differs from run to run. */
  timing?: { secondsPerStep: number };
}

const SEEDS = [0, 1, 2, 3, 4];
/** Each way at a rate that suits it; validation chose those of `full` (`lib/experiments/base_study.ts`). */
const RATES = { full: 3e-4, scratch: 1e-3, lastBlock: 1e-3, head: 1e-2 } as const;
/** The rates tried for questions, and the one with the best validation score. */
const QUESTION_RATES = [3e-4, 1e-3, 3e-3];
const QUESTION_RATE = 3e-4;
const QUESTION_STEPS = 300;

/** What is run. */
export const experiment: Experiment<Key, Value> = {
  name: "02-fine-tuning",
  version: 2,
  rows: [
    { task: "questions", start: "frequent span" },
    ...QUESTION_RATES.map((trial): Key => {
      return { task: "questions", start: "pretrained", method: "full", trial };
    }),
    ...SEEDS.flatMap((seed): Key[] => [
      { task: "agreement", start: "pretrained", method: "full", seed },
      { task: "agreement", start: "pretrained", method: "lastBlock", seed },
      { task: "agreement", start: "pretrained", method: "head", seed },
      { task: "agreement", start: "scratch", method: "full", seed },
      { task: "questions", start: "pretrained", method: "full", seed },
    ]),
  ],
  quickRows: [
    { task: "agreement", start: "pretrained", method: "full", seed: 0, quick: true },
    { task: "agreement", start: "scratch", method: "full", seed: 0, quick: true },
  ],
  oneSeed: ({ seed = 0 }) => seed === 0,
  run: (key) => key.task === "agreement" ? runAgreement(key) : runQuestions(key),
};

async function runAgreement({ start, method = "full", seed, quick }: Key): Promise<Value> {
  const whole = await agreementTask();
  const make = start === "pretrained" ? baseGpt : untrainedGpt;
  const result = await fitClassifier({
    model: ({ labels }) => make({ as: GptForSequenceClassification, config: { labels } }),
    tokenizer: await baseTokenizer(),
    task: {
      ...whole,
      validation: whole.validation.take(quick ? 20 : 200),
      test: whole.test.take(quick ? 40 : 500),
    },
    method,
    learningRate: start === "scratch" ? RATES.scratch : RATES[method],
    labels: 300,
    steps: quick ? 4 : 60,
    batchSize: 16,
    evaluateEvery: quick ? 2 : 5,
    seed: seed!,
  });
  return {
    score: result.test!.score,
    curve: result.evaluations.map(({ step, validationScore, validationLoss }) => ({
      step,
      score: validationScore,
      loss: validationLoss,
    })),
    parameters: result.parameters,
    timing: { secondsPerStep: result.secondsPerStep },
  };
}

async function runQuestions({ start, seed, trial }: Key): Promise<Value> {
  const whole = await questionAnsweringTask();
  const task = {
    ...whole,
    validation: whole.validation.shuffle(1).take(60),
    test: whole.test.shuffle(1).take(300),
  };
  if (start === "frequent span") {
    return { score: FrequentSpanBaseline.from(task.train).score(task.test).tokenF1 };
  }
  const { test, best, evaluations, parameters, secondsPerStep } = await fitSpans({
    model: () => baseGpt({ as: GptForQuestionAnswering }),
    tokenizer: await baseTokenizer(),
    task,
    method: "full",
    learningRate: trial ?? QUESTION_RATE,
    labels: 2000,
    steps: trial === undefined ? QUESTION_STEPS : QUESTION_STEPS / 3,
    batchSize: 16,
    evaluateEvery: 50,
    test: trial === undefined,
    // A trial has a draw of its own.
    seed: seed ?? SEEDS.length,
  });
  return {
    score: test?.score ?? best.validationScore,
    curve: evaluations.map(({ step, validationScore, validationLoss }) => ({
      step,
      score: validationScore,
      loss: validationLoss,
    })),
    parameters,
    timing: { secondsPerStep },
  };
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
