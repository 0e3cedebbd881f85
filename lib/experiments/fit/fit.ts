import { type Forwarding, PeftModel } from "@tunebook/finetune";
import { splitByDecay } from "../../finetune/freeze/rates.ts";
import { DataLoader, Dataset } from "@tunebook/data";
import { manualSeed, type Module } from "@tunebook/nn";
import { memoryInfo, resetPeakMemory } from "@tunebook/tensor";
import { AdamW, countSteps, linearSchedule, Trainer } from "@tunebook/training";
import { methodNamed } from "../methods/registry.ts";
import type { Prepared } from "../methods/method.ts";
import { type Batch, padBatch, type Problem, type Row } from "../problems/problem.ts";
import { Best } from "./best.ts";
import { chunksOf, evaluateRows } from "./evaluate.ts";
import { hasFrozenBody, rememberFeatures } from "./features.ts";
import type { Evaluation, FitOptions, FitResult } from "./options.ts";

/** Lengths that differ by less go into one batch, which leaves its make-up to chance. */
const BUCKET = 8;

/** What an evaluation measures. */
type Measured = Omit<Evaluation, "step" | "trainLoss">;

/**
 * One run of fine-tuning, from a new model to its test score.
 *
 * @throws {NonFiniteError} If training breaks down, as a rate too high makes it.
 */
export async function fit<R extends Row, A>(
  problem: Problem<R, A>,
  options: FitOptions,
): Promise<FitResult> {
  const { model: make, seed = 0, rememberFeatures: remember = true } = options;
  const began = performance.now(), before = memoryInfo().liveBytes;
  const method = methodNamed(options.method);
  manualSeed(seed);
  const model = await make({ kind: problem.kind, labels: [...problem.labels], seed });
  let prepared: Prepared | undefined;
  try {
    prepared = method.prepare(model);
    const parameters = prepared.model.countParameters();
    const { train, validation, test } = problem.parts;
    const known = remember && hasFrozenBody(prepared.model)
      ? rememberFeatures(prepared.model, problem, [
        ...train,
        ...validation,
        ...(options.test === false ? [] : test),
      ])
      : undefined;
    const collate = known?.collate ?? ((rows: readonly R[]) => padBatch(rows, problem.paddingId));
    const course = await runSteps(problem, prepared, collate, options, before);
    const measured = options.test === false
      ? undefined
      : evaluateRows(prepared.model, problem, chunksOf(test), collate);
    known?.restore();
    await options.onFitted?.(prepared.model);
    return {
      kind: problem.kind,
      method: method.name,
      learningRate: options.learningRate,
      seed,
      labels: train.length,
      ...course,
      ...(measured && { test: measured.measures }),
      ...(measured && options.keepAnswers &&
        { answers: test.map((row) => measured.answers.get(row)) }),
      parameters,
      seconds: (performance.now() - began) / 1000,
      remembered: known !== undefined,
    };
  } finally {
    free(model, prepared?.model);
  }
}

/** Trains, and puts the chosen weights in place. */
async function runSteps<R extends Row, A>(
  problem: Problem<R, A>,
  { model, groups, callbacks }: Prepared,
  collate: (rows: readonly R[]) => Batch<R>,
  options: FitOptions,
  memoryBefore: number,
): Promise<
  Pick<FitResult, "steps" | "evaluations" | "best" | "secondsPerStep" | "peakBytes">
> {
  const { learningRate, weightDecay = 0.01, seed = 0, signal, onProgress } = options;
  const { train, validation } = problem.parts;
  const times: number[] = [];
  let began = 0;
  const data = new DataLoader<R, Batch<R>>(Dataset.from(train), {
    batchSize: Math.min(options.batchSize ?? 32, train.length),
    shuffle: true,
    seed,
    bucketBy: ({ ids }) => Math.ceil(ids.length / BUCKET),
    collate(rows) {
      began = performance.now();
      return collate(rows);
    },
  });
  const totalSteps = options.steps ?? countSteps(data, options.epochs ?? 0);
  const trained = model.parameters().filter((parameter) => parameter.requiresGrad);
  const optimizer = new AdamW(
    groups?.(learningRate) ?? splitByDecay(trained, weightDecay),
    { learningRate },
  );
  const best = new Best(model), evaluations: Evaluation[] = [];
  const validationChunks = chunksOf(validation);
  const fitted = options.evaluateTraining ? chunksOf(train) : undefined;
  let losses: number[] = [], peak = 0;
  const evaluate = (): Measured => {
    const own = evaluateRows(model, problem, validationChunks, collate).measures;
    const onTraining = fitted && evaluateRows(model, problem, fitted, collate).measures;
    return {
      validationLoss: own.loss,
      validationScore: own.score,
      ...(onTraining && { fittedLoss: onTraining.loss, fittedScore: onTraining.score }),
    };
  };
  resetPeakMemory();
  try {
    await new Trainer({
      model,
      optimizer,
      data,
      loss: ({ rows, input, inputs }) => problem.loss(model.forward(input, inputs), rows),
      ...(options.steps === undefined ? { epochs: options.epochs! } : { steps: options.steps }),
      clipNorm: 1,
      schedule: linearSchedule({ totalSteps, warmupSteps: Math.round(totalSteps / 10) }),
      evaluate,
      evaluateEvery: options.evaluateEvery ?? Math.max(1, Math.ceil(totalSteps / 10)),
      ...(signal && { signal }),
      callbacks: [...callbacks?.(totalSteps) ?? [], {
        onStep({ step, loss }) {
          times.push((performance.now() - began) / 1000);
          losses.push(loss);
          peak = Math.max(peak, memoryInfo().peakBytes);
          onProgress?.({ step, steps: totalSteps });
        },
        onEvaluation({ step, scores }) {
          const trainLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
          const evaluation = { step, trainLoss, ...scores as unknown as Measured };
          losses = [];
          evaluations.push(evaluation);
          best.update(evaluation);
          resetPeakMemory();
          onProgress?.({ step, steps: totalSteps, evaluation });
        },
      }],
    }).run();
  } finally {
    optimizer.dispose();
  }
  if (options.choose !== "last") best.restore();
  return {
    steps: totalSteps,
    evaluations,
    best: best.evaluation!,
    secondsPerStep: times.sort((a, b) => a - b)[times.length >> 1]!,
    peakBytes: peak - memoryBefore,
  };
}

/** Frees what a run made: its memory is the next one's. */
function free(model: Module, prepared?: Forwarding): void {
  const tensors = new Set([...(prepared ?? model).stateDict().values()]);
  // Adapters hold what they stand in for: it comes back when they go.
  if (prepared instanceof PeftModel) prepared.unload();
  for (const tensor of [...tensors, ...model.stateDict().values()]) {
    tensor.grad?.dispose();
    tensor.dispose();
  }
}
