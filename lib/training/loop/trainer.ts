import { setImmediate as nextTurn } from "node:timers/promises";
import type { Module } from "@tunebook/nn";
import { scope } from "@tunebook/tensor";
import { clipGradNorm } from "../clipping.ts";
import { ReduceOnPlateau } from "../schedules/plateau.ts";
import { BestWeights } from "./best_weights.ts";
import { listCheckpoints, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { accumulateGradients, inEvaluation, meanLoss } from "./gradients.ts";
import type { EvaluationRecord, History, StepRecord } from "./history.ts";
import { LearningRates } from "./learning_rates.ts";
import { findBrokenWeight, findOrigin, NonFiniteError } from "./non_finite.ts";
import type { Callback, Ending, TrainerOptions, TrainingResult, TrainingRun } from "./options.ts";
import { Randoms } from "./randoms.ts";
import { pack, type SavedRun, unpack } from "./saved_run.ts";
import { evaluates, type Settings, settle } from "./settings.ts";

/** How long a run may keep the event loop waiting, in milliseconds: timers and signals need it. */
const PATIENCE = 50;

/**
 * The training loop: batches in, steps, evaluations now and then, checkpoints, an end.
 *
 * Every part can be had alone (`accumulateGradients`, `clipGradNorm`, the schedules, `meanLoss`,
 * `EarlyStopping`, `writeCheckpoint`), for a loop of your own.
 *
 * With `checkpoints`, a run killed at any moment goes on to the same numbers, bit for bit: weights,
 * optimizer, schedule, place in the data and random generators are all saved.
 *
 * @typeParam B What a batch holds.
 *
 * @example
 * ```ts
 * import { DataLoader, Dataset } from "@tunebook/data";
 * import { Linear, mse } from "@tunebook/nn";
 * import { tensor } from "@tunebook/tensor";
 * import { SGD, Trainer } from "@tunebook/training";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const points = Dataset.from([0, 1, 2, 3].map((x) => ({ x, y: 2 * x + 1 })));
 * const model = new Linear(1, 1);
 * const { history } = await new Trainer({
 *   model,
 *   optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
 *   data: new DataLoader(points, { batchSize: 4 }),
 *   loss: (batch) =>
 *     mse(model.forward(tensor(batch.map(({ x }) => [x]))), tensor(batch.map(({ y }) => [y]))),
 *   epochs: 200,
 * }).run();
 * assertAlmostEquals(model.weight.item(), 2, 0.02);
 * assertAlmostEquals(history.steps.at(-1)!.loss, 0, 1e-3);
 * ```
 */
export class Trainer<B> implements TrainingRun {
  /** The model in training. */
  readonly model: Module;
  /** What has happened so far; also after a run that failed or was cancelled. */
  readonly history: History = { steps: [], evaluations: [] };
  readonly #options: TrainerOptions<B>;
  readonly #settings: Settings;
  readonly #rates: LearningRates;
  readonly #randoms: Randoms;
  readonly #stopping: EarlyStopping | undefined;
  #position = { step: 0, epoch: 0, batch: 0 };
  #rest: Iterator<B> | undefined;
  #best: BestWeights | undefined;
  #ending: Ending | undefined;
  #stopAsked = false;
  #started: number | undefined;
  #turned = 0;
  #savedStep: number | undefined;

  /**
   * A run that has not begun.
   *
   * @param options What to train, on what, for how long.
   * @throws {RangeError} If a count makes no sense.
   * @throws {TypeError} If options contradict each other.
   */
  constructor(options: TrainerOptions<B>) {
    this.#options = options;
    this.model = options.model;
    this.#settings = settle(options);
    this.#rates = new LearningRates(this.#settings.optimizers);
    this.#randoms = new Randoms(options.randoms ?? {});
    this.#stopping = options.earlyStopping && new EarlyStopping(options.earlyStopping);
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#position.step;
  }

  /** Steps of the whole run. */
  get totalSteps(): number {
    return this.#settings.totalSteps;
  }

  /** Ends the run after the step that is being taken. */
  stop(): void {
    this.#stopAsked = true;
  }

  /**
   * Trains to the end, or from the last checkpoint to the end.
   *
   * @returns Why it ended, and what happened.
   * @throws {NonFiniteError} If the loss, a gradient or a weight is no finite number any more.
   * @throws The reason of `signal` when it cancels the run, after a last checkpoint.
   * @throws {Error} If the run was started before, or the checkpoints are of another run.
   */
  async run(): Promise<TrainingResult> {
    if (this.#started !== undefined) {
      throw new Error("This run was started before; make a new Trainer for another one");
    }
    this.#started = performance.now();
    try {
      await this.#resume();
      await this.#tell((callback) => callback.onStart?.(this));
      this.model.train();
      while (this.#ending === undefined) await this.#advance();
      if (this.#options.earlyStopping?.restoreBest !== false) this.#best?.restore(this.model);
    } finally {
      this.model.zeroGrad();
      await this.#tell((callback) => callback.onEnd?.(this));
    }
    const best = this.#best && { step: this.#best.step, score: this.#best.score };
    return { ending: this.#ending!, ...(best ? { best } : {}), history: this.history };
  }

  /** One step and what is due after it. */
  async #advance(): Promise<void> {
    await this.#pause();
    const record = this.#takeStep();
    this.history.steps.push(record);
    await this.#tell((callback) => callback.onStep?.(record, this));
    const last = this.step >= this.totalSteps;
    if (evaluates(this.#options) && (this.#isDue(this.#options.evaluateEvery) || last)) {
      const evaluation = this.#evaluate();
      await this.#tell((callback) => callback.onEvaluation?.(evaluation, this));
    }
    if (last) this.#ending ??= "finished";
    if (this.#stopAsked) this.#ending ??= "callback";
    const over = this.#ending !== undefined;
    if (over || this.#isDue(this.#options.checkpoints?.everySteps)) await this.#save();
  }

  /** Lets timers and signals have their turn, and the run be cancelled. */
  async #pause(): Promise<void> {
    if (performance.now() - this.#turned > PATIENCE) {
      await nextTurn();
      this.#turned = performance.now();
    }
    const { signal } = this.#options;
    if (signal?.aborted) {
      if (this.step > 0) await this.#save();
      signal.throwIfAborted();
    }
  }

  #takeStep(): StepRecord {
    const { data, loss, weight, clipNorm = Infinity, schedule } = this.#options;
    const { optimizers, accumulate } = this.#settings;
    const position = this.#position;
    const count = Math.min(accumulate, data.batchesPerEpoch - position.batch);
    const factor = schedule instanceof ReduceOnPlateau
      ? schedule.factor
      : schedule?.(position.step) ?? 1;
    const learningRate = this.#rates.scale(factor);
    this.#rest ??= data.epoch(position.epoch, position.batch)[Symbol.iterator]();
    const { mean, gradientNorm } = scope(() => {
      const batches = Array.from({ length: count }, () => this.#nextBatch());
      this.model.zeroGrad();
      const before = this.#randoms.state();
      const mean = accumulateGradients(batches, loss, weight);
      const gradientNorm = clipGradNorm(this.model.parameters(), clipNorm);
      if (!Number.isFinite(mean) || !Number.isFinite(gradientNorm)) {
        this.#randoms.restore(before);
        const finding = findOrigin(this.model, batches, loss, weight);
        throw new NonFiniteError(position.step + 1, finding);
      }
      for (const optimizer of optimizers) optimizer.step();
      return { mean, gradientNorm };
    });
    position.step++;
    position.batch += count;
    const epoch = position.epoch + position.batch / data.batchesPerEpoch;
    if (position.batch === data.batchesPerEpoch) {
      position.epoch++;
      position.batch = 0;
      this.#rest = undefined;
    }
    const { step } = position, seconds = this.#seconds();
    return { step, epoch, loss: mean, learningRate, gradientNorm, seconds };
  }

  #nextBatch(): B {
    const { value, done } = this.#rest!.next();
    if (done) {
      const { batchesPerEpoch } = this.#options.data;
      throw new Error(
        `Expected ${batchesPerEpoch} batches in epoch ${this.#position.epoch}, as ` +
          "batchesPerEpoch says, but found fewer",
      );
    }
    return value;
  }

  #evaluate(): EvaluationRecord {
    const { model, validation, evaluate, loss, weight, schedule } = this.#options;
    const scores = {
      ...(validation && { validationLoss: meanLoss(model, validation.epoch(0), loss, weight) }),
      ...(evaluate && inEvaluation(model, evaluate)),
    };
    const { step, epoch } = this.history.steps.at(-1)!;
    const record = { step, epoch, scores, seconds: this.#seconds() };
    this.history.evaluations.push(record);
    if (schedule instanceof ReduceOnPlateau) schedule.update(this.#watched(scores));
    if (this.#stopping) {
      const score = this.#watched(scores), { improved, stop } = this.#stopping.update(score);
      if (improved) this.#best = BestWeights.of(model, step, score);
      if (stop) this.#ending = "early";
    }
    return record;
  }

  #watched(scores: Readonly<Record<string, number>>): number {
    const { watch } = this.#settings, score = scores[watch];
    if (score === undefined) {
      throw new TypeError(
        `Expected a score named "${watch}" to watch but found ${
          Object.keys(scores).join(", ") || "none"
        }; set watch to one of them`,
      );
    }
    return score;
  }

  /** Whether something that happens every so many steps, or else every epoch, happens now. */
  #isDue(everySteps: number | undefined): boolean {
    return everySteps === undefined ? this.#position.batch === 0 : this.step % everySteps === 0;
  }

  async #save(): Promise<void> {
    const { checkpoints, schedule } = this.#options;
    const broken = findBrokenWeight(this.model);
    if (broken) throw new NonFiniteError(this.step + 1, broken);
    if (checkpoints === undefined || this.#savedStep === this.step) return;
    const best = this.#best;
    const run: SavedRun = {
      position: this.#position,
      data: this.#shape(),
      seconds: this.#seconds(),
      ...(this.#ending === undefined || this.#ending === "finished"
        ? {}
        : { ending: this.#ending }),
      baseRates: this.#rates.base,
      randoms: this.#randoms.state(),
      ...(schedule instanceof ReduceOnPlateau ? { plateau: schedule.state() } : {}),
      ...(this.#stopping ? { stopping: this.#stopping.state() } : {}),
      ...(best ? { best: { step: best.step, score: best.score } } : {}),
      history: this.history,
    };
    const contents = pack(run, this.model, this.#settings.optimizers, best);
    const path = await writeCheckpoint(checkpoints.folder, this.step, contents, checkpoints.keep);
    this.#savedStep = this.step;
    await this.#tell((callback) => callback.onCheckpoint?.(path, this));
  }

  /** Puts everything to where the newest checkpoint was made. */
  async #resume(): Promise<void> {
    const { checkpoints, schedule } = this.#options;
    if (checkpoints === undefined) return;
    const { folder, resume = false } = checkpoints;
    if (!resume) {
      const found = (await listCheckpoints(folder)).at(-1);
      if (found === undefined) return;
      throw new Error(
        `The folder ${folder} holds the checkpoints of an earlier run (${found}): set resume to ` +
          "go on from there, or choose another folder",
      );
    }
    const checkpoint = await readCheckpoint(folder);
    if (checkpoint === undefined) return;
    const { run, best } = unpack(checkpoint, this.model, this.#settings.optimizers, this.#shape());
    this.#position = run.position;
    this.#savedStep = run.position.step;
    this.#started = performance.now() - run.seconds * 1000;
    this.#rates.base = run.baseRates;
    this.#randoms.restore(run.randoms);
    if (schedule instanceof ReduceOnPlateau && run.plateau) schedule.restore(run.plateau);
    if (run.stopping) this.#stopping?.restore(run.stopping);
    if (run.best && best) this.#best = new BestWeights(run.best.step, run.best.score, best);
    Object.assign(this.history, run.history);
    this.#ending = run.ending ?? (this.step >= this.totalSteps ? "finished" : undefined);
  }

  #shape(): SavedRun["data"] {
    return {
      batchesPerEpoch: this.#options.data.batchesPerEpoch,
      accumulate: this.#settings.accumulate,
    };
  }

  #seconds(): number {
    return (performance.now() - this.#started!) / 1000;
  }

  /** One callback after the other, in their order. */
  async #tell(what: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.#options.callbacks ?? []) await what(callback);
  }
}
