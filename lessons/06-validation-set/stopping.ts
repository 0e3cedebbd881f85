/**
 * Full fine-tuning on few labels, watched closely: the course of over-fitting.
 *
 * @module
 */

import { baseGpt, baseTokenizer } from "@tunebook/base";
import { type Evaluation, fitClassifier } from "@tunebook/experiments";
import { agreementTask } from "@tunebook/finetune";
import { GptForSequenceClassification } from "@tunebook/models";
import { EarlyStopping } from "@tunebook/training";

/** A run at one step: losses in nats, scores as accuracy. */
export interface Moment {
  /** Steps taken. */
  step: number;
  /** On the training texts. */
  trainLoss: number;
  /** On the validation texts. */
  validationLoss: number;
  /** The accuracy there. */
  validationScore: number;
  /** On the test texts. */
  testLoss: number;
  /** The accuracy there. */
  testScore: number;
}

/** How long a run is, and how it is measured. */
export interface CourseOptions {
  /** Decides the draw of texts and everything random. */
  seed: number;
  /** How many steps. Default: 48. */
  steps?: number;
  /** Steps from one evaluation to the next. Default: 4. */
  every?: number;
  /** How many validation texts. Default: 200. */
  validationExamples?: number;
  /** How many test texts. Default: 300. */
  testExamples?: number;
}

/** Tunes all of the base model on 50 labelled texts, evaluated every few steps. */
export async function course(options: CourseOptions): Promise<Moment[]> {
  const { seed, steps = 48, every = 4, validationExamples = 200, testExamples = 300 } = options;
  const { labels, train, validation, test } = await agreementTask();
  const tokenizer = await baseTokenizer();
  // The same run twice, seen from two sides: watching it changes nothing of it.
  const watch = async (watched: typeof test, count: number): Promise<Evaluation[]> => {
    const { evaluations } = await fitClassifier({
      task: { labels, train, validation: watched, test },
      tokenizer,
      model: ({ labels }) => baseGpt({ as: GptForSequenceClassification, config: { labels } }),
      method: "full",
      learningRate: 1e-3,
      labels: 50,
      validationExamples: count,
      testExamples: 1,
      test: false,
      maxLength: 32,
      cutAt: "start",
      batchSize: 16,
      seed,
      steps,
      evaluateEvery: every,
      evaluateTraining: true,
    });
    return evaluations;
  };
  const onValidation = await watch(validation, validationExamples);
  const onTest = await watch(test, testExamples);
  return onValidation.map((evaluation, i) => ({
    step: evaluation.step,
    trainLoss: evaluation.fittedLoss!,
    validationLoss: evaluation.validationLoss,
    validationScore: evaluation.validationScore,
    testLoss: onTest[i]!.validationLoss,
    testScore: onTest[i]!.validationScore,
  }));
}

/** When early stopping ends a run, and which moment it goes back to. */
export interface Stopped {
  /** The last moment that was run. */
  end: Moment;
  /** The moment with the lowest validation loss until then: its weights are kept. */
  best: Moment;
}

/** Stops a course once the validation loss has not improved for more than `patience` evaluations. */
export function stopEarly(moments: readonly Moment[], patience: number): Stopped {
  const stopping = new EarlyStopping({ patience });
  let best = moments[0]!;
  for (const moment of moments) {
    const { improved, stop } = stopping.update(moment.validationLoss);
    if (improved) best = moment;
    if (stop) return { end: moment, best };
  }
  return { end: moments.at(-1)!, best };
}
