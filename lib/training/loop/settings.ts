import { checkCount } from "../schedules/schedule.ts";
import { countSteps } from "./batches.ts";
import type { AnyOptimizer, TrainerOptions } from "./options.ts";

/** What the options of a run come to. */
export interface Settings {
  readonly optimizers: readonly AnyOptimizer[];
  readonly accumulate: number;
  readonly totalSteps: number;
  readonly watch: string;
}

/**
 * Checks the options of a run.
 *
 * @throws {RangeError} If a count makes no sense.
 * @throws {TypeError} If options contradict each other.
 */
export function settle<B>(options: TrainerOptions<B>): Settings {
  const { model, data, epochs, steps, accumulate = 1, checkpoints } = options;
  const { evaluateEvery, clipNorm, watch = "validationLoss" } = options;
  checkCount("data.batchesPerEpoch", data.batchesPerEpoch, 1);
  checkCount("accumulate", accumulate, 1);
  if ((epochs === undefined) === (steps === undefined)) {
    throw new TypeError(
      `Expected either epochs or steps but found ${epochs === undefined ? "neither" : "both"}`,
    );
  }
  if (epochs !== undefined) checkCount("epochs", epochs, 1);
  if (steps !== undefined) checkCount("steps", steps, 1);
  if (evaluateEvery !== undefined) checkCount("evaluateEvery", evaluateEvery, 1);
  if (checkpoints?.everySteps !== undefined) {
    checkCount("checkpoints.everySteps", checkpoints.everySteps, 1);
  }
  if (checkpoints?.keep !== undefined) checkCount("checkpoints.keep", checkpoints.keep, 1);
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`Expected clipNorm to be a number above 0 but found ${clipNorm}`);
  }
  if ((options.earlyStopping || typeof options.schedule === "object") && !evaluates(options)) {
    throw new TypeError(
      "Early stopping and a plateau schedule go by a score but nothing gives one: add " +
        "validation data, or evaluate",
    );
  }
  const optimizers = Array.isArray(options.optimizer) ? options.optimizer : [options.optimizer];
  const known = new Set(model.parameters());
  for (const parameter of optimizers.flatMap(parametersOf)) {
    if (!known.has(parameter)) {
      throw new TypeError(
        `Expected the optimizer to move parameters of the model but found another one [${
          parameter.shape.join(", ")
        }], which no checkpoint would hold: make it part of the model`,
      );
    }
  }
  const totalSteps = steps ?? countSteps(data, epochs!, accumulate);
  return { optimizers, accumulate, totalSteps, watch };
}

/** Whether there is anything to evaluate. */
export function evaluates<B>({ validation, evaluate }: TrainerOptions<B>): boolean {
  return validation !== undefined || evaluate !== undefined;
}

function parametersOf({ groups }: AnyOptimizer) {
  return groups.flatMap(({ parameters }) => parameters);
}
