/**
 * What is claimed of validation sets, and how the experiment decides whether it is so.
 *
 * @module
 */

import type { Claim, RunRow } from "@tunebook/experiments";
import { meanInterval, pairedDifference } from "@tunebook/training";
import type { Key, Value } from "./experiment.ts";
import { type Divisions, overstated } from "./leaks.ts";
import {
  byEveryEpoch,
  byTrainingLoss,
  byValidation,
  leakyScore,
  type SearchTrial,
} from "./search.ts";
import { type Moment, stopEarly, type Stopped } from "./stopping.ts";

/** A row of the experiment. */
export type Row = RunRow<Key, Value>;

/** Evaluations without improvement that early stopping bears. */
export const PATIENCE = 3;

/** The searches, one a seed. */
export function searches(rows: readonly Row[]): SearchTrial[][] {
  return rows.flatMap(({ value }) => value.search ? [value.search] : []);
}

/** The courses of the over-fitting runs, one a seed. */
export function courses(rows: readonly Row[]): Moment[][] {
  return rows.flatMap(({ value }) => value.stopping ? [value.stopping] : []);
}

/** The divisions of the mails, one a seed. */
export function divisions(rows: readonly Row[]): Divisions[] {
  return rows.flatMap(({ value }) => value.leaks ? [value.leaks] : []);
}

const mean = (values: readonly number[]) => meanInterval(values).value;

/** What early stopping and running to the end lead to, one pair a seed. */
function stops(rows: readonly Row[]): (Stopped & { last: Moment })[] {
  return courses(rows).map((course) => ({
    ...stopEarly(course, PATIENCE),
    last: course.at(-1)!,
  }));
}

/** The claims of row 6. */
export const claims: Claim<Row>[] = [
  {
    id: "6.1",
    claim: "Choosing hyper-parameters by validation beats choosing by training loss.",
    measure: "test accuracy of the setting with the best validation accuracy, less that of the " +
      "setting with the lowest training loss, over seeds",
    smallestEffect: 0.02,
    effect(rows) {
      const all = searches(rows);
      return pairedDifference(
        all.map((trials) => byValidation(trials).testScore),
        all.map((trials) => byTrainingLoss(trials).testScore),
      );
    },
    conditions(rows) {
      const all = searches(rows);
      return [{
        condition: "the test loss is lower as well",
        holds: mean(all.map((trials) => byValidation(trials).testLoss)) <
          mean(all.map((trials) => byTrainingLoss(trials).testLoss)),
      }];
    },
    finding: {
      outcome: "held in part",
      text: "On average the setting chosen by validation accuracy is right more often than " +
        "the one with the lowest training loss. Its test loss isn't lower: a choice by " +
        "accuracy doesn't mind answers that are far too sure. If the loss matters, " +
        "choose by validation loss.",
    },
  },
  {
    id: "6.2",
    claim: "Early stopping on validation prevents over-fitting.",
    measure: "test loss in nats after all steps, less that of the weights that early stopping " +
      "keeps, full fine-tuning on 50 labels, over seeds",
    smallestEffect: 0.05,
    effect: (rows) =>
      pairedDifference(
        stops(rows).map(({ last }) => last.testLoss),
        stops(rows).map(({ best }) => best.testLoss),
      ),
    conditions: (rows) => [
      {
        condition: "the test accuracy is at most a point lower",
        holds: mean(stops(rows).map(({ best, last }) => best.testScore - last.testScore)) > -0.01,
      },
      {
        condition: "the gap between training and test loss is at most half as wide",
        holds: mean(stops(rows).map(({ best }) => best.testLoss - best.trainLoss)) <=
          mean(stops(rows).map(({ last }) => last.testLoss - last.trainLoss)) / 2,
      },
    ],
    finding: {
      outcome: "held",
      text: "Full fine-tuning on 50 texts knows them by heart within a few evaluations. " +
        "From then on the test loss multiplies, while the test accuracy falls only a " +
        "little. Early stopping keeps the weights from before that.",
    },
  },
  {
    id: "6.3",
    claim: "A leaky validation set overstates quality.",
    measure: "validation less test accuracy of word counts with logistic regression on mails " +
      "divided at random, less the same where senders and threads are kept apart, over splits",
    smallestEffect: 0.02,
    effect(rows) {
      const all = divisions(rows);
      return pairedDifference(
        all.map(({ leaky }) => overstated(leaky.tfidf)),
        all.map(({ apart }) => overstated(apart.tfidf)),
      );
    },
    conditions: (rows) => [
      {
        condition: "the head on the base model is overstated by two points as well",
        holds: mean(
          divisions(rows).map(({ leaky, apart }) =>
            overstated(leaky.head) - overstated(apart.head)
          ),
        ) >= 0.02,
      },
      {
        condition: "copies of training texts in half of the validation set add five points",
        holds: mean(
          searches(rows).map((trials) => {
            const chosen = byValidation(trials);
            return leakyScore(chosen, 0.5) - chosen.validationScore;
          }),
        ) >= 0.05,
      },
    ],
    finding: {
      outcome: "held in part",
      text: "Copies of training texts overstate by far. But in mails divided at random " +
        "only about a tenth has a near-duplicate in training, and what that adds can't " +
        "be told from zero over these splits. It takes more copies, or a method that " +
        "learns senders by heart.",
    },
  },
  {
    id: "6.4",
    claim: "Validation after every epoch picks learning rate and batch size.",
    measure: "test accuracy of the setting and epoch with the best validation accuracy, less the " +
      "mean of all settings at their last epoch, over seeds",
    smallestEffect: 0.02,
    effect(rows) {
      const all = searches(rows);
      return pairedDifference(
        all.map((trials) => byEveryEpoch(trials).bestTest),
        all.map((trials) => mean(trials.map(({ testScore }) => testScore))),
      );
    },
    conditions: (rows) => [{
      condition: "it is within three points of the setting that was best on the test set",
      holds: mean(
        searches(rows).map((trials) =>
          Math.max(...trials.map(({ testScore }) => testScore)) - byEveryEpoch(trials).bestTest
        ),
      ) <= 0.03,
    }],
    finding: {
      outcome: "did not hold",
      text: "The best of 144 moments (12 settings, 12 epochs) on 200 validation texts is " +
        "mostly the luckiest one: its test accuracy can't be told from that of a " +
        "setting picked blindly. Choosing among the 12 last epochs did better. More " +
        "validation texts, or fewer candidates, are the condition.",
    },
  },
];
