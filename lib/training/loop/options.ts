import type { Module } from "@tunebook/nn";
import type { Random } from "@tunebook/tensor";
import type { GroupOptions, Optimizer } from "../optimizers/optimizer.ts";
import type { ReduceOnPlateau } from "../schedules/plateau.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { Batches } from "./batches.ts";
import type { EarlyStoppingOptions } from "./early_stopping.ts";
import type { Loss, Weight } from "./gradients.ts";
import type { EvaluationRecord, History, Scores, StepRecord } from "./history.ts";

/** What every optimizer is. */
export type AnyOptimizer = Optimizer<GroupOptions>;

/** Where and how often to save. */
export interface CheckpointOptions {
  /** The folder of this run's checkpoints. */
  folder: string;
  /** Steps from one checkpoint to the next. Default: at the end of every epoch. */
  everySteps?: number;
  /** How many are kept. Default: 2. */
  keep?: number;
  /**
   * Whether to go on from the newest checkpoint in the folder, if there is one. Otherwise a folder
   * with checkpoints is an error: it holds another run's work. Default: false.
   */
  resume?: boolean;
}

/** The run as callbacks see it. */
export interface TrainingRun {
  /** The model in training. */
  readonly model: Module;
  /** Steps taken so far. */
  readonly step: number;
  /** Steps of the whole run. */
  readonly totalSteps: number;
  /** What has happened so far. */
  readonly history: Readonly<History>;
  /** Ends the run after the step that is being taken. */
  stop(): void;
}

/**
 * What to do while training goes on. All are optional and may be asynchronous; the run waits.
 *
 * A callback that changes the model or the optimizer (such as one that thaws layers) must go by the
 * step's number alone, so that it does the same in a resumed run.
 */
export interface Callback {
  /** Before the first step, also that of a resumed run. */
  onStart?(run: TrainingRun): void | Promise<void>;
  /** After every step; its gradients, clipped, are still there. */
  onStep?(record: StepRecord, run: TrainingRun): void | Promise<void>;
  /** After every evaluation. */
  onEvaluation?(record: EvaluationRecord, run: TrainingRun): void | Promise<void>;
  /** After a checkpoint was written. */
  onCheckpoint?(path: string, run: TrainingRun): void | Promise<void>;
  /** At the end, also of a run that failed or was cancelled. */
  onEnd?(run: TrainingRun): void | Promise<void>;
}

/** How to train; see `Trainer`. */
export interface TrainerOptions<B> {
  /** The model: what is saved, and switched between training and evaluation. */
  model: Module;
  /** What moves the parameters; several if each has parameters of its own (Muon beside AdamW). */
  optimizer: AnyOptimizer | readonly AnyOptimizer[];
  /** Where the batches come from, such as a `DataLoader`. Tensors made for a batch live one step. */
  data: Batches<B>;
  /** The mean loss of a batch. */
  loss: Loss<B>;
  /** Over how much that mean is taken, such as the batch's tokens. Default: all count the same. */
  weight?: Weight<B>;
  /** How often to go through the data. Give this or `steps`. */
  epochs?: number;
  /** How many optimizer steps to take. Give this or `epochs`. */
  steps?: number;
  /** Batches whose gradients make one step. Default: 1. */
  accumulate?: number;
  /** The largest norm of all gradients together; larger ones are scaled down. Default: none. */
  clipNorm?: number;
  /** How the learning rates of the optimizer's groups change. Default: not at all. */
  schedule?: Schedule | ReduceOnPlateau;
  /** Data whose mean loss each evaluation gives as `validationLoss`. */
  validation?: Batches<B>;
  /**
   * Further scores, such as the accuracy on validation data. It runs without gradients and without
   * dropout, and must finish before it returns.
   */
  evaluate?: () => Scores;
  /** Steps from one evaluation to the next. Default: at the end of every epoch. */
  evaluateEvery?: number;
  /** The score that early stopping and a plateau schedule go by. Default: `"validationLoss"`. */
  watch?: string;
  /** When to stop early; the best weights are put back unless `restoreBest` is `false`. */
  earlyStopping?: EarlyStoppingOptions & { restoreBest?: boolean };
  /** Where and how often to save. Default: nowhere. */
  checkpoints?: CheckpointOptions;
  /** What to do while training goes on. */
  callbacks?: readonly Callback[];
  /** Generators that the loss draws from, beside the one that `manualSeed` seeds. */
  randoms?: Readonly<Record<string, Random>>;
  /** Cancels the run between two steps. */
  signal?: AbortSignal;
}

/** Why a run ended: all steps were taken, the score no longer improved, or a callback asked for it. */
export type Ending = "finished" | "early" | "callback";

/** What a run gives. */
export interface TrainingResult {
  /** Why it ended. */
  ending: Ending;
  /** The best evaluation by the watched score, whose weights the model now has; with early stopping. */
  best?: { step: number; score: number };
  /** The course of the run. */
  history: History;
}
