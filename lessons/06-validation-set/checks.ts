/**
 * What a right answer to each exercise of lesson 06 does.
 *
 * @module
 */

import { kFold } from "@tunebook/data";
import { exercise, type Expectations } from "@tunebook/notebook";
import { EarlyStopping } from "@tunebook/training";
import type { Setting, Verdict } from "./types.ts";

/** The checks, by the exercises' names. */
export const checks = {
  choose: exercise({
    title: "Exercise 1: Choose a setting",
    hint: "Go through the rows and keep the one with the highest `validationScore`. If two are " +
      "equal, keep the one with the lower `validationLoss`.",
    misconceptions: {
      by_training: "That row has the lowest training loss: it learned most by heart. Choose by " +
        "what it does on texts it never trained on.",
      lowest: "That row has the lowest validation accuracy. Accuracy is better when it is higher.",
      by_loss_alone: "That row has the lowest validation loss. The accuracy decides; the loss " +
        "only breaks a tie.",
      first_of_equal: "Another row has the same accuracy and a lower validation loss.",
    },
    check(choose: (settings: readonly Setting[]) => Setting, expect) {
      const rows = settingsFor(expect);
      const settings = expect.shuffle(rows.all);
      expect.equal(choose(settings), rows.right, {
        input: settings,
        misconceptions: {
          by_training: rows.byHeart,
          lowest: rows.poor,
          by_loss_alone: rows.careful,
          first_of_equal: rows.tied,
        },
      });
    },
  }),

  stopEarly: exercise({
    title: "Exercise 2: Early stopping by hand",
    hint: "Keep the place of the lowest loss so far. At each evaluation ask how far back it is; " +
      "more than `patience` ends the run.",
    misconceptions: {
      against_previous: "You compare with the evaluation before. A small rise and fall above the " +
        "best loss is no improvement: compare with the best so far.",
      never_reset:
        "Patience starts afresh with each improvement. Count the evaluations since the " +
        "best, not all that failed to improve.",
      too_soon:
        "With patience 2 two evaluations without improvement are borne, and the third ends " +
        "the run.",
      last_of_equal: "Of equal losses the first is kept: a loss must be *lower* to be better.",
      kept_last: "The weights of the last evaluation are those that got worse. Keep the place of " +
        "the best.",
    },
    check(stopEarly: (losses: readonly number[], patience: number) => Verdict, expect) {
      const lists = Array.from({ length: 40 }, () => {
        const length = expect.pick([1, 3, 7, 13, 29]);
        // Steps of a tenth, so that equal losses occur.
        return Array.from({ length }, () => expect.integer(1, 12) / 10);
      });
      // Lists that tell the ways of going wrong apart, and then whatever chance brings.
      const telling = [
        [0.9, 0.5, 0.8, 0.7, 0.8, 0.7, 0.6],
        [0.9, 0.5, 0.6, 0.4, 0.5, 0.3, 0.3, 0.3],
      ];
      for (const losses of [...telling, ...lists]) {
        for (const patience of [1, expect.integer(0, 4)]) {
          const right = byLibrary(losses, patience);
          expect.equal(stopEarly(losses, patience), right, {
            input: { losses, patience },
            misconceptions: {
              against_previous: againstPrevious(losses, patience),
              never_reset: neverReset(losses, patience),
              too_soon: byLibrary(losses, patience - 1),
              last_of_equal: lastOfEqual(losses, patience),
              kept_last: { ...right, kept: right.stopped },
            },
          });
        }
      }
    },
  }),

  leaking: exercise({
    title: "Exercise 3: Find the leak",
    hint: "Make a `Set` of the training texts in lower case and one of the training authors. " +
      "`filter` the validation positions by them.",
    misconceptions: {
      texts_only: "An author with texts on both sides leaks as well: the model can learn how she " +
        "writes.",
      authors_only: "The same text may come from another author: a forwarded mail. Look at the " +
        "texts too.",
      exact_case: "`WIN NOW` and `win now` are the same text. Compare in lower case.",
      training_side: "These are the training records. The validation records are asked for.",
      both_needed: "One of the two is enough: the text of a training record, or its author.",
      places: "These are places within `parts.validation`. Return the positions that stand there.",
      within: "Two equal texts inside the validation part are no leak. Only what training knows " +
        "counts.",
    },
    check(
      leaking: (
        texts: readonly string[],
        groups: readonly string[],
        parts: { train: readonly number[]; validation: readonly number[] },
      ) => number[],
      expect,
    ) {
      const { texts, groups, parts, right, wrong } = leakFor(expect);
      expect.equal(leaking(texts, groups, parts), right, {
        input: { texts, groups, parts },
        misconceptions: wrong,
      });
    },
  }),

  foldsOf: exercise({
    title: "Exercise 4: k folds",
    hint: "`Math.floor(count / folds)` records in each fold, and one more in each of the first " +
      "`count % folds`.",
    misconceptions: {
      left_out:
        "Some records are never validated on. What division leaves over belongs to a fold " +
        "as well.",
      rounded_up:
        "Rounding up makes the first folds too large, and the last ones too small. Sizes differ " +
        "by one at most.",
      every_kth: "These take every k-th record. Each fold has records that follow each other.",
      all_to_last:
        "The last fold got all that was left over. Hand it out, one record a fold, from " +
        "the first fold on.",
      swapped: "Training and validation are swapped: most records are there to train on.",
      trains_on_all: "A fold must not train on what it validates on. That is the leak of this " +
        "lesson.",
    },
    check(
      foldsOf: (count: number, folds: number) => { train: number[]; validation: number[] }[],
      expect,
    ) {
      // The first leaves two over; the others what they like.
      const folds = expect.integer(4, 7);
      const sizes: [number, number][] = [
        [folds * expect.integer(2, 5) + 2, folds],
        [expect.integer(8, 31), expect.integer(2, 7)],
      ];
      for (const [count, folds] of sizes) {
        const right = kFold(count, { folds })
          .map(({ train, test }) => ({ train, validation: test }));
        const size = Math.floor(count / folds);
        expect.equal(foldsOf(count, folds), right, {
          input: { count, folds },
          misconceptions: {
            left_out: cut(count, right.map((_, i) => [i * size, (i + 1) * size])),
            rounded_up: cut(
              count,
              right.map((_, i) => [i, i + 1].map((k) => Math.min(count, k * (size + 1))) as Ends),
            ),
            every_kth: right.map((_, fold) => ({
              train: range(0, count).filter((i) => i % folds !== fold),
              validation: range(0, count).filter((i) => i % folds === fold),
            })),
            all_to_last: cut(
              count,
              right.map((_, i) => [i * size, i === folds - 1 ? count : (i + 1) * size]),
            ),
            swapped: right.map(({ train, validation }) => ({
              train: validation,
              validation: train,
            })),
            trains_on_all: right.map(({ validation }) => ({ train: range(0, count), validation })),
          },
        });
      }
    },
  }),
};

/** A table in which each way of choosing leads to a row of its own. */
function settingsFor(expect: Expectations) {
  const best = expect.integer(70, 80) / 100;
  const row = (trainLoss: number, validationLoss: number, validationScore: number): Setting => ({
    rate: expect.pick([1e-4, 3e-4, 1e-3, 3e-3]),
    batch: expect.pick([8, 16, 32]),
    trainLoss,
    validationLoss,
    validationScore,
  });
  const right = row(0.4, 0.6, best);
  const tied = row(0.35, 0.9, best);
  const byHeart = row(0.01, 1.4, best - 0.05);
  const careful = row(0.5, 0.55, best - 0.02);
  const poor = row(0.69, 0.7, best - 0.2);
  return { all: [right, tied, byHeart, careful, poor], right, tied, byHeart, careful, poor };
}

/** What the library's early stopping does. */
function byLibrary(losses: readonly number[], patience: number): Verdict {
  if (patience < 0) return { stopped: 0, kept: 0 };
  const stopping = new EarlyStopping({ patience });
  let kept = 0;
  for (const [stopped, loss] of losses.entries()) {
    const { improved, stop } = stopping.update(loss);
    if (improved) kept = stopped;
    if (stop) return { stopped, kept };
  }
  return { stopped: losses.length - 1, kept };
}

function againstPrevious(losses: readonly number[], patience: number): Verdict {
  let waited = 0, kept = 0;
  for (const [stopped, loss] of losses.entries()) {
    if (loss < losses[kept]!) kept = stopped;
    if (stopped > 0 && loss >= losses[stopped - 1]!) waited++;
    else waited = 0;
    if (waited > patience) return { stopped, kept };
  }
  return { stopped: losses.length - 1, kept };
}

function lastOfEqual(losses: readonly number[], patience: number): Verdict {
  let kept = 0;
  for (const [stopped, loss] of losses.entries()) {
    if (loss <= losses[kept]!) kept = stopped;
    if (stopped - kept > patience) return { stopped, kept };
  }
  return { stopped: losses.length - 1, kept };
}

function neverReset(losses: readonly number[], patience: number): Verdict {
  let waited = 0, kept = 0;
  for (const [stopped, loss] of losses.entries()) {
    if (loss < losses[kept]!) kept = stopped;
    else if (stopped > 0) waited++;
    if (waited > patience) return { stopped, kept };
  }
  return { stopped: losses.length - 1, kept };
}

/** Records in which each kind of leak occurs, and what each misconception finds. */
function leakFor(expect: Expectations): Leak {
  const number = expect.integer(2, 99);
  const records = expect.shuffle([
    { part: "train", kind: "copied", text: `win ${number} dollars`, group: "ann" },
    { part: "train", kind: "shouted", text: "lunch at noon", group: "bob" },
    { part: "train", kind: "author", text: `see page ${number}`, group: "cid" },
    { part: "train", kind: "alone", text: "thank you", group: "dan" },
    { part: "validation", kind: "copied", text: `win ${number} dollars`, group: "eve" },
    { part: "validation", kind: "shouted", text: "LUNCH at noon", group: "fay" },
    { part: "validation", kind: "author", text: "what a page", group: "cid" },
    { part: "validation", kind: "twice", text: `call ${number}`, group: "gus" },
    { part: "validation", kind: "twice", text: `call ${number}`, group: "gus" },
    { part: "validation", kind: "new", text: "good morning", group: "hal" },
  ]);
  const at = (part: string, ...kinds: string[]) =>
    records.flatMap((record, i) =>
      record.part === part && (kinds.length === 0 || kinds.includes(record.kind)) ? [i] : []
    );
  const right = at("validation", "copied", "shouted", "author");
  const places = right.map((i) => at("validation").indexOf(i));
  const trainingSide = at("train", "copied", "shouted", "author");
  // No two ways of going wrong may give the same.
  if ([String(right), String(trainingSide)].includes(String(places))) return leakFor(expect);
  return {
    texts: records.map(({ text }) => text),
    groups: records.map(({ group }) => group),
    parts: { train: at("train"), validation: at("validation") },
    right,
    wrong: {
      both_needed: [],
      places,
      texts_only: at("validation", "copied", "shouted"),
      authors_only: at("validation", "author"),
      exact_case: at("validation", "copied", "author"),
      training_side: trainingSide,
      within: at("validation", "copied", "shouted", "author", "twice"),
    },
  };
}

interface Leak {
  texts: string[];
  groups: string[];
  parts: { train: number[]; validation: number[] };
  right: number[];
  wrong: Record<string, number[]>;
}

type Ends = [start: number, end: number];

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, i) => start + i);

/** Folds with the given beginnings and ends. */
function cut(count: number, ends: Ends[]) {
  return ends.map(([start, end]) => ({
    train: [...range(0, start), ...range(end, count)],
    validation: range(start, end),
  }));
}
