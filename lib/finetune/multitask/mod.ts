/**
 * Several tasks at once: one body, a head for each, batches mixed, losses balanced.
 *
 * @module
 */
export type {
  LabelledBatch,
  MixedBatch,
  OwnLossBatch,
  Targets,
  TaskBatch,
  TextBatch,
} from "./batch.ts";
export {
  type ComparedRun,
  compareWithSingleTask,
  type Comparison,
  type ComparisonOptions,
  type ComparisonRow,
  type TrainingRecipe,
} from "./compare.ts";
export { conflictFigure } from "./conflict_figure.ts";
export { type ConflictRow, gradientConflicts } from "./conflicts.ts";
export { ClassificationHead } from "./heads/classification.ts";
export {
  type Answer,
  type AnswerSpan,
  type BodyConfig,
  type Encoded,
  type HeadKind,
  type HeadOptions,
  TaskHead,
} from "./heads/head.ts";
export { SpanHead } from "./heads/spans.ts";
export { TaskHeads } from "./heads/task_heads.ts";
export { TokenHead } from "./heads/tokens.ts";
export { type LearnerGroup, type LearnerRates, MultiTaskLearner } from "./learner.ts";
export { type MixtureOptions, TaskMixture } from "./mixture.ts";
export { type Encoder, MultiTaskModel, OneTask } from "./model.ts";
export { evaluateTasks, type TaskReport } from "./report.ts";
export { type RoundsOptions, TaskRounds } from "./rounds.ts";
export {
  type AnnealedOptions,
  annealedSampling,
  equalSampling,
  type ProportionalOptions,
  proportionalSampling,
  type Sampling,
  type TemperatureOptions,
  temperatureSampling,
} from "./sampling.ts";
export { TaskData, type TaskDataOptions, type TrainingTask } from "./task_data.ts";
export { type DwaOptions, DwaWeighting } from "./weighting/dwa.ts";
export { EqualWeighting } from "./weighting/equal.ts";
export { type GradNormOptions, GradNormWeighting } from "./weighting/gradnorm.ts";
export { type PcGradOptions, PcGradWeighting } from "./weighting/pcgrad.ts";
export { StaticWeighting } from "./weighting/static.ts";
export { UncertaintyWeighting } from "./weighting/uncertainty.ts";
export { type LossesOfStep, type TaskLoss, Weighting } from "./weighting/weighting.ts";
