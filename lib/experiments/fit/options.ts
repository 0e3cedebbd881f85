import type { Tokenizer } from "@tunebook/tokenizers";
import type { CutAt } from "../encoding.ts";
import type { Method } from "../methods/method.ts";
import type { Measures, ModelFactory, ProblemKind } from "../problems/problem.ts";
import type { Forwarding } from "@tunebook/finetune";

/** What a run does beside the task. */
export interface FitOptions {
  /** Makes the model that is tuned; called once, and its result freed at the end. */
  model: ModelFactory;
  /** Makes tokens of texts; the one that belongs to the model. */
  tokenizer: Tokenizer;
  /** A method's name, or one of your own. */
  method: string | Method;
  /** The largest rate; it rises over the first tenth of the steps and then falls in a line to 0. */
  learningRate: number;
  /** How many training examples are drawn, each class by its share. Default: all. */
  labels?: number;
  /** How many validation examples are drawn, the same in all runs. Default: all. */
  validationExamples?: number;
  /** How many test examples are drawn, the same in all runs. Default: all. */
  testExamples?: number;
  /** How often to go through the training examples. Give this or `steps`. */
  epochs?: number;
  /** How many steps to take. Give this or `epochs`. */
  steps?: number;
  /** Examples a step. Default: 32, or as many as there are. */
  batchSize?: number;
  /** Decides the draw of examples, the head's first weights, the order, dropout. Default: 0. */
  seed?: number;
  /** Decides the draw of examples alone. Default: `seed`. */
  drawSeed?: number;
  /** The most tokens of a text. Default: 128, for questions 256. */
  maxLength?: number;
  /** At which end a longer text is cut. Default: `"end"`. */
  cutAt?: CutAt;
  /** Steps from one evaluation to the next. Default: a tenth of the run. */
  evaluateEvery?: number;
  /** Whether evaluations measure the training examples too. Default: false. */
  evaluateTraining?: boolean;
  /** Which weights are measured in the end: of the best evaluation, or the last. Default: `"best"`. */
  choose?: "best" | "last";
  /** Whether to measure on the test part; a search for hyper-parameters must not. Default: true. */
  test?: boolean;
  /** Whether the result holds what the model said about each test example. Default: false. */
  keepAnswers?: boolean;
  /** The decay of weights; biases and norms have none. Default: 0.01. */
  weightDecay?: number;
  /**
   * Whether what a wholly frozen body computes is computed once and remembered, in evaluation: the
   * same numbers in a fraction of the time, if the body has no dropout. Default: true.
   */
  rememberFeatures?: boolean;
  /** Told of every step. */
  onProgress?: (progress: FitProgress) => void;
  /** Given the tuned model, as `choose` says, before it is freed. */
  onFitted?: (model: Forwarding) => void | Promise<void>;
  /** Cancels the run between two steps. */
  signal?: AbortSignal;
}

/** How far a run is. */
export interface FitProgress {
  /** Steps taken. */
  step: number;
  /** Steps of the whole run. */
  steps: number;
  /** The evaluation that was just made. */
  evaluation?: Evaluation;
}

/** The state of a run at one step. */
export interface Evaluation {
  /** Steps taken. */
  step: number;
  /** The mean loss of the steps since the last evaluation. */
  trainLoss: number;
  /** The mean loss on the validation part. */
  validationLoss: number;
  /** How right the model is there; see `score` of the task's measures. */
  validationScore: number;
  /** The loss on the training examples without dropout, if asked for. */
  fittedLoss?: number;
  /** The score on the training examples, if asked for. */
  fittedScore?: number;
}

/** A run as plain data. */
export interface FitResult {
  /** The kind of task. */
  kind: ProblemKind;
  /** The method's name. */
  method: string;
  /** The largest rate. */
  learningRate: number;
  /** The seed. */
  seed: number;
  /** How many training examples there were. */
  labels: number;
  /** Steps taken. */
  steps: number;
  /** The run's course. */
  evaluations: Evaluation[];
  /** The evaluation with the best validation score, of equal ones that with the lowest loss. */
  best: Evaluation;
  /** On the test part, with the weights chosen: `loss`, `score` and the task's further measures. */
  test?: Measures & { loss: number };
  /** What the model said about each test example, in their order: a label's place, or a text. */
  answers?: unknown[];
  /** Parameters that trained, and all. */
  parameters: { trained: number; all: number };
  /** The whole run, evaluations included. */
  seconds: number;
  /** The median of a step. */
  secondsPerStep: number;
  /** The most memory that tensors took while training, weights included, in bytes. */
  peakBytes: number;
  /** Whether the body's features were remembered: steps are then those of the head alone. */
  remembered: boolean;
}
