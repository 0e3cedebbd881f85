/**
 * A search over learning rate and batch size, every setting measured on all three parts.
 *
 * @module
 */

import { baseGpt, baseTokenizer } from "@tunebook/base";
import { fitClassifier, type FitResult } from "@tunebook/experiments";
import { type ClassificationTask, periodTask } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";

/** The learning rates of the search. */
export const RATES = [1e-3, 1e-2, 1e-1, 1];

/** The batch sizes of the search, in examples. */
export const BATCHES = [4, 16, 64];

/** What one setting came to. */
export interface SearchTrial {
  /** The learning rate. */
  rate: number;
  /** Examples a step. */
  batch: number;
  /** The loss on the training texts after the last epoch, in nats. */
  trainLoss: number;
  /** The accuracy there. */
  trainScore: number;
  /** The loss on the validation texts after the last epoch, in nats. */
  validationLoss: number;
  /** The accuracy there. */
  validationScore: number;
  /** The test loss after the last epoch, in nats. */
  testLoss: number;
  /** The test accuracy after the last epoch. */
  testScore: number;
  /** The epoch with the best validation accuracy. */
  bestEpoch: number;
  /** The validation accuracy after that epoch. */
  bestValidation: number;
  /** The test accuracy after that epoch. */
  bestTest: number;
}

/** How large a search is. */
export interface SearchSize {
  /** Decides the draw of training texts and everything random. */
  seed: number;
  /** The learning rates. Default: {@linkcode RATES}. */
  rates?: readonly number[];
  /** The batch sizes. Default: {@linkcode BATCHES}. */
  batches?: readonly number[];
  /** How often to go through the training texts. Default: 12. */
  epochs?: number;
  /** How many test texts. Default: 600. */
  testExamples?: number;
}

/** Labelled texts that each setting trains on. */
export const LABELS = 100;

/** Texts that each setting is validated on. */
export const VALIDATION = 200;

let known: Promise<ClassificationTask> | undefined;

/** The task of the search: from which of four periods is a sentence? Loaded once. */
export function searchTask(): Promise<ClassificationTask> {
  return known ??= periodTask();
}

/** Fits a linear head on the frozen base model once, validated after every epoch. */
export async function fitHead(
  { seed, rate, batch, epochs = 12, testExamples = 600, choose }: {
    seed: number;
    rate: number;
    batch: number;
    epochs?: number;
    testExamples?: number;
    choose: "best" | "last";
  },
): Promise<FitResult> {
  return await fitClassifier({
    task: await searchTask(),
    tokenizer: await baseTokenizer(),
    model: ({ labels }) => baseGpt({ as: GptForSequenceClassification, config: { labels } }),
    method: "head",
    labels: LABELS,
    validationExamples: VALIDATION,
    testExamples,
    maxLength: 64,
    seed,
    learningRate: rate,
    batchSize: batch,
    epochs,
    evaluateEvery: Math.ceil(LABELS / batch),
    evaluateTraining: true,
    choose,
  });
}

/** Tries every pair of a learning rate and a batch size. */
export async function search(size: SearchSize): Promise<SearchTrial[]> {
  const { rates = RATES, batches = BATCHES, ...shared } = size;
  const trials: SearchTrial[] = [];
  for (const rate of rates) {
    for (const batch of batches) {
      const last = await fitHead({ ...shared, rate, batch, choose: "last" });
      const best = await fitHead({ ...shared, rate, batch, choose: "best" });
      const end = last.evaluations.at(-1)!;
      trials.push({
        rate,
        batch,
        trainLoss: end.fittedLoss!,
        trainScore: end.fittedScore!,
        validationLoss: end.validationLoss,
        validationScore: end.validationScore,
        testLoss: last.test!.loss,
        testScore: last.test!.score,
        bestEpoch: best.best.step / Math.ceil(LABELS / batch),
        bestValidation: best.best.validationScore,
        bestTest: best.test!.score,
      });
    }
  }
  return trials;
}

/** The trial that a person picks who looks at the training loss alone. */
export function byTrainingLoss(trials: readonly SearchTrial[]): SearchTrial {
  return trials.reduce((a, b) => b.trainLoss < a.trainLoss ? b : a);
}

/** The trial with the best validation accuracy at the end; of equal ones that of the lower loss. */
export function byValidation(trials: readonly SearchTrial[]): SearchTrial {
  return trials.reduce((a, b) =>
    b.validationScore > a.validationScore ||
      (b.validationScore === a.validationScore && b.validationLoss < a.validationLoss)
      ? b
      : a
  );
}

/** The trial with the best validation accuracy of all epochs; of equal ones the first. */
export function byEveryEpoch(trials: readonly SearchTrial[]): SearchTrial {
  return trials.reduce((a, b) => b.bestValidation > a.bestValidation ? b : a);
}

/**
 * The accuracy that a validation set shows of which a share was copied from the training set: a copy
 * is answered as the training text is.
 */
export function leakyScore(trial: SearchTrial, share: number): number {
  return (1 - share) * trial.validationScore + share * trial.trainScore;
}
