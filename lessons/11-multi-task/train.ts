/**
 * One run of lesson 11: the base model trained on one task or on three, and what it scores. The
 * experiment makes many of these, the notebook a few small ones.
 *
 * @module
 */
import { baseGpt, baseTokenizer } from "@tunebook/base";
import type { Dataset } from "@tunebook/data";
import { trainingTask } from "@tunebook/experiments";
import {
  agreementTask,
  type ClassificationTask,
  DwaWeighting,
  EqualWeighting,
  GradNormWeighting,
  MultiTaskLearner,
  MultiTaskModel,
  PcGradWeighting,
  periodTask,
  prepositionTask,
  sentimentTask,
  StaticWeighting,
  TaskRounds,
  type TextExample,
  type TrainingTask,
  UncertaintyWeighting,
  type Weighting,
} from "@tunebook/finetune";
import { Gpt } from "@tunebook/models";
import { manualSeed, type Module } from "@tunebook/nn";
import { AdamW, type Callback, linearSchedule, SGD, Trainer } from "@tunebook/training";

/** The three tasks: the one with few labels first, then its helpers. */
export const TASKS = ["sentiment", "period", "agreement"] as const;

/** Two tasks that are nearly one: reviews of products, few of them labelled, and of films. */
export const KINDRED = ["products", "films"] as const;

/** Two tasks of grammar, which the base model knows something of. */
export const GRAMMAR = ["agreement", "preposition"] as const;

/** The name of a task. */
export type TaskName = typeof TASKS[number] | typeof KINDRED[number] | typeof GRAMMAR[number];

/** How many labels each task has to train on. */
export const LABELS: Readonly<Record<TaskName, number>> = {
  sentiment: 50,
  period: 200,
  agreement: 200,
  products: 50,
  films: 500,
  preposition: 500,
};

/** The tasks' examples, and reviews of a source that no training set has. */
export interface Material {
  /** The tasks. */
  readonly tasks: Readonly<Record<TaskName, ClassificationTask>>;
  /** Reviews of restaurants, to be asked about as sentiment: all of them are test examples. */
  readonly unseen: ClassificationTask;
}

let material: Promise<Material> | undefined;

/** Loads the tasks' data once. Sentiment is of products and films; restaurants stay unseen. */
export function loadMaterial(): Promise<Material> {
  return material ??= load();
}

async function load(): Promise<Material> {
  const cut = (task: ClassificationTask, name: TaskName): ClassificationTask => ({
    ...task,
    name,
    validation: first(task.validation, 200),
    // Reviews are short, and cost little.
    test: first(task.test, task.labelledBy === "people" ? 500 : 300),
  });
  const restaurants = await sentimentTask({ sources: ["yelp"] });
  return {
    tasks: {
      sentiment: cut(await sentimentTask({ sources: ["amazon", "imdb"] }), "sentiment"),
      products: cut(await sentimentTask({ sources: ["amazon"] }), "products"),
      films: cut(await sentimentTask({ sources: ["imdb"] }), "films"),
      period: cut(await periodTask(), "period"),
      agreement: cut(await agreementTask(), "agreement"),
      preposition: cut(await prepositionTask(), "preposition"),
    },
    unseen: { ...restaurants, name: "sentiment", test: first(restaurants.train, 500) },
  };
}

function first(examples: Dataset<TextExample>, count: number): Dataset<TextExample> {
  return examples.take(Math.min(count, examples.length));
}

/** What makes one loss of several. */
export type WeightingName = "equal" | "static" | "uncertainty" | "DWA" | "GradNorm" | "PCGrad";

/** What a run is told. */
export interface RunOptions {
  /** Which tasks it trains on. */
  tasks: readonly TaskName[];
  /** Steps; each has a batch of every task. */
  steps: number;
  /** Texts of each task in a step. */
  batchSize: number;
  /** The model's learning rate. */
  rate: number;
  /** Decides the labelled examples, the heads' first weights and the order. */
  seed: number;
  /** What moves the weights; gradients are clipped at a norm of 1 either way. Default: `"AdamW"`. */
  optimizer?: "AdamW" | "SGD";
  /** What the period task's loss is multiplied by. Default: 1. */
  periodScale?: number;
  /** Default: `"equal"`. */
  weighting?: WeightingName;
  /** The weight of sentiment's loss under `"static"`. Default: 1. */
  sentimentWeight?: number;
  /** The rate of what the weighting trains, by AdamW. Default: 0.05. */
  weightingRate?: number;
  /** Labels of the tasks that should have others than {@linkcode LABELS}. */
  labels?: Partial<Record<TaskName, number>>;
  /** Test examples of each task. Default: all. */
  testExamples?: number;
  /** Listens to the training, such as `liveTraining`. */
  callbacks?: Callback[];
}

/** What was measured: accuracies, 0 to 1. */
export interface RunScores {
  /** By task. */
  readonly tasks: Partial<Record<TaskName, number>>;
  /** Their mean. */
  readonly average: number;
}

/** A run that is through. */
export interface FinishedRun {
  /** The model. */
  readonly model: MultiTaskModel;
  /** Each task's loss before weighting, step by step. */
  readonly losses: Record<string, number[]>;
  /** By what each task's loss was multiplied, step by step. */
  readonly weights: Record<string, number[]>;
  /** Measures the model. */
  score(part: "validation" | "test"): RunScores;
  /** Its accuracy on the reviews of the unseen source. */
  scoreUnseen(): number;
  /** Frees the model's memory. */
  free(): void;
}

/** Trains a fresh copy of the base model. */
export async function train(options: RunOptions): Promise<FinishedRun> {
  const { tasks: names, steps, seed } = options;
  const { tasks, unseen } = await loadMaterial();
  const read = await reader(options);
  const data = names.map((name) => read(tasks[name], options.labels?.[name] ?? LABELS[name]));
  manualSeed(seed);
  const body = await baseGpt({ as: Gpt });
  const heads = names.map((name) => {
    const lossScale = name === "period" ? options.periodScale ?? 1 : 1;
    return [name, { kind: "classification", labels: tasks[name].labels, lossScale }] as const;
  });
  const model = new MultiTaskModel(body, Object.fromEntries(heads));
  const learner = new MultiTaskLearner(model, weightingOf(options));
  const losses = emptyCurves(names), weights = emptyCurves(names);
  const optimizers = optimizersOf(learner, options);
  await new Trainer({
    model: learner,
    optimizer: optimizers,
    data: new TaskRounds(data, { seed }),
    loss: (batches) => learner.loss(batches),
    steps,
    clipNorm: 1,
    schedule: linearSchedule({ totalSteps: steps, warmupSteps: Math.round(steps / 10) }),
    callbacks: [...options.callbacks ?? [], {
      onStep() {
        const current = learner.weighting.current();
        for (const name of names) {
          losses[name]!.push(learner.recentLosses[name]!);
          weights[name]!.push(current[name]!);
        }
      },
    }],
  }).run();
  for (const optimizer of optimizers) optimizer.dispose();
  return {
    model,
    losses,
    weights,
    score(part) {
      const scores = data.map((task) => [task.name, accuracy(task, model, part)] as const);
      const sum = scores.reduce((total, [, score]) => total + score, 0);
      return { tasks: Object.fromEntries(scores), average: sum / scores.length };
    },
    scoreUnseen: () => accuracy(read(unseen), model, "test"),
    free: () => free(model),
  };
}

/** Reads every task in the same way: the last 32 tokens of a text. */
async function reader({ batchSize, seed, testExamples }: RunOptions) {
  const tokenizer = await baseTokenizer();
  return (task: ClassificationTask, labels?: number): TrainingTask =>
    trainingTask(task, {
      tokenizer,
      batchSize,
      seed,
      maxLength: 32,
      cutAt: "start",
      ...(labels !== undefined && { labels }),
      ...(testExamples !== undefined && { testExamples, validationExamples: testExamples }),
    });
}

function weightingOf(options: RunOptions): Weighting {
  const { tasks, weighting = "equal", sentimentWeight = 1, steps, seed } = options;
  switch (weighting) {
    case "equal":
      return new EqualWeighting(tasks);
    case "static":
      return new StaticWeighting({
        ...Object.fromEntries(tasks.map((name) => [name, 1])),
        sentiment: sentimentWeight,
      });
    case "uncertainty":
      return new UncertaintyWeighting(tasks);
    case "DWA":
      // It compares epochs; in a short run a few steps stand for one.
      return new DwaWeighting(tasks, { batchesPerEpoch: Math.max(1, Math.floor(steps / 8)) });
    case "GradNorm":
      return new GradNormWeighting(tasks);
    case "PCGrad":
      return new PcGradWeighting(tasks, { seed });
  }
}

/** One optimizer for the model, and AdamW for what a weighting trains. */
function optimizersOf(learner: MultiTaskLearner, options: RunOptions): (AdamW | SGD)[] {
  const { optimizer = "AdamW", rate, weightingRate = 0.05 } = options;
  const parameters = learner.model.parameters(), own = learner.weighting.parameters();
  return [
    optimizer === "SGD"
      ? new SGD(parameters, { learningRate: rate })
      : new AdamW(parameters, { learningRate: rate, weightDecay: 0.01 }),
    ...own.length > 0 ? [new AdamW(own, { learningRate: weightingRate, weightDecay: 0 })] : [],
  ];
}

function accuracy(task: TrainingTask, model: MultiTaskModel, part: "validation" | "test"): number {
  return task.evaluate(model, part).accuracy!;
}

function emptyCurves(names: readonly string[]): Record<string, number[]> {
  return Object.fromEntries(names.map((name) => [name, []]));
}

function free(model: Module): void {
  for (const tensor of model.stateDict().values()) {
    tensor.grad?.dispose();
    tensor.dispose();
  }
}
