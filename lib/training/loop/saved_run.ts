import type { Module, StateValue } from "@tunebook/nn";
import type { RandomState } from "@tunebook/tensor";
import { type BestWeights, uniqueState } from "./best_weights.ts";
import type { Checkpoint, CheckpointContents } from "./checkpoint.ts";
import type { EarlyStoppingState } from "./early_stopping.ts";
import type { History } from "./history.ts";
import type { AnyOptimizer, Ending } from "./options.ts";

/** Where a run is: so many steps taken, so many batches into an epoch. */
export interface Position {
  step: number;
  epoch: number;
  batch: number;
}

/** What a checkpoint's JSON says about the run itself. */
export interface SavedRun {
  position: Position;
  /** What the position depends on: a run over other data can't go on from it. */
  data: { batchesPerEpoch: number; accumulate: number };
  seconds: number;
  /** Set if the run is over for another reason than its length. */
  ending?: Exclude<Ending, "finished">;
  baseRates: number[][];
  randoms: Record<string, RandomState>;
  plateau?: { best: number; waited: number; factor: number };
  stopping?: EarlyStoppingState;
  best?: { step: number; score: number };
  history: History;
}

/** The JSON of a checkpoint. */
interface SavedState extends SavedRun {
  optimizers: { steps: Record<string, number>; groups: Record<string, unknown>[] }[];
  /** The names of the parameters that train: callbacks may freeze and thaw. */
  trained: string[];
}

/** Everything a run needs to go on, ready to be written. */
export function pack(
  run: SavedRun,
  model: Module,
  optimizers: readonly AnyOptimizer[],
  best: BestWeights | undefined,
): CheckpointContents {
  const states = optimizers.map((optimizer) => optimizer.stateDict());
  const trained = [...model.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad);
  const state: SavedState = {
    ...run,
    optimizers: states.map(({ steps, groups }) => ({ steps, groups })),
    trained: trained.map(([name]) => name),
  };
  return {
    state,
    tensors: {
      model: uniqueState(model),
      ...Object.fromEntries(states.map(({ tensors }, i) => [optimizerFile(i), tensors])),
      ...(best === undefined
        ? {}
        : { best: best.tensors as CheckpointContents["tensors"][string] }),
    },
  };
}

/**
 * Puts a model and its optimizers back to where a checkpoint was made.
 *
 * @returns What it says about the run, and the best weights so far.
 * @throws {Error} If it is of another run: other parameters, other data.
 */
export function unpack(
  { path, state, tensors }: Checkpoint,
  model: Module,
  optimizers: readonly AnyOptimizer[],
  data: SavedRun["data"],
): { run: SavedRun; best: ReadonlyMap<string, StateValue> | undefined } {
  const { optimizers: saved, trained, ...run } = state as SavedState;
  if (
    run.data.batchesPerEpoch !== data.batchesPerEpoch || run.data.accumulate !== data.accumulate
  ) {
    throw new Error(
      `The checkpoint ${path} is of a run with ${print(run.data)} but this one has ${print(data)}`,
    );
  }
  if (saved.length !== optimizers.length) {
    throw new Error(
      `The checkpoint ${path} has ${saved.length} optimizers but this run has ${optimizers.length}`,
    );
  }
  model.loadStateDict(tensors.model ?? []);
  const trains = new Set(trained);
  for (const [name, parameter] of model.namedParameters()) {
    parameter.requiresGrad = trains.has(name);
  }
  for (const [i, optimizer] of optimizers.entries()) {
    optimizer.loadStateDict({ ...saved[i]!, tensors: tensors[optimizerFile(i)] ?? [] });
  }
  return { run, best: tensors.best };
}

function optimizerFile(number: number): string {
  return number === 0 ? "optimizer" : `optimizer-${number + 1}`;
}

function print({ batchesPerEpoch, accumulate }: SavedRun["data"]): string {
  return `${batchesPerEpoch} batches an epoch, ${accumulate} a step`;
}
