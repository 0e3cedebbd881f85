/**
 * The training loop and its parts.
 *
 * @module
 */
export { type Batches, countSteps } from "./batches.ts";
export {
  type Checkpoint,
  type CheckpointContents,
  listCheckpoints,
  readCheckpoint,
  type StoredTensors,
  writeCheckpoint,
} from "./checkpoint.ts";
export * from "./early_stopping.ts";
export {
  accumulateGradients,
  inEvaluation,
  type Loss,
  meanLoss,
  type Weight,
} from "./gradients.ts";
export * from "./history.ts";
export { NonFiniteError, type Origin } from "./non_finite.ts";
export type {
  AnyOptimizer,
  Callback,
  CheckpointOptions,
  Ending,
  TrainerOptions,
  TrainingResult,
  TrainingRun,
} from "./options.ts";
export { Trainer } from "./trainer.ts";
