/**
 * What a right answer to each exercise of lesson 02 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { exercise } from "@tunebook/notebook";
import { crossEntropy, Linear } from "@tunebook/nn";
import { Random, type Tensor, tensor } from "@tunebook/tensor";
import { SGD } from "@tunebook/training";
import type { Parameter, Trial } from "./types.ts";

/** The checks, by the name of the function they judge. */
export const checks = {
  countTrained: exercise({
    title: "Exercise 1: What trains",
    hint: "A matrix of 3 × 4 holds 12 numbers. Leave out what doesn't train.",
    misconceptions: {
      all: "That counts the frozen ones, too.",
      frozen: "That counts the frozen ones. Those that train are asked for.",
      added: "A matrix holds the *product* of its sizes.",
      pieces: "That counts the parameters, not the numbers in them.",
    },
    check(countTrained: (parameters: readonly Parameter[]) => number, expect) {
      const parameters: Parameter[] = [
        { shape: [expect.integer(3, 9), expect.integer(4, 9)], requiresGrad: true },
        { shape: [expect.integer(5, 9)], requiresGrad: true },
        // Larger than all the others together.
        { shape: [13, expect.integer(12, 19)], requiresGrad: false },
        { shape: [expect.integer(2, 4), expect.integer(3, 5), 3], requiresGrad: true },
      ];
      const size = ({ shape }: Parameter) => shape.reduce((a, b) => a * b, 1);
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
      const trained = parameters.filter(({ requiresGrad }) => requiresGrad);
      expect.equal(countTrained(expect.shuffle(parameters)), sum(trained.map(size)), {
        input: parameters,
        misconceptions: {
          all: sum(parameters.map(size)),
          frozen: sum(parameters.map(size)) - sum(trained.map(size)),
          added: sum(trained.map(({ shape }) => sum([...shape]))),
          pieces: trained.length,
        },
      });
    },
  }),

  descend: exercise({
    title: "Exercise 2: One step down",
    hint: "`weight - learningRate * gradient`, for each.",
    misconceptions: {
      uphill: "The gradient points where the loss *rises*. Go the other way.",
      full_length: "Scale the gradient by the learning rate.",
      replaced: "The step is added to the weights; it doesn't replace them.",
      changed: "The array that you were given has changed. Return a new one.",
    },
    check(
      descend: (weights: readonly number[], gradient: readonly number[], rate: number) => number[],
      expect,
    ) {
      const random = new Random(expect.integer(0, 1e6)), n = expect.pick([3, 5, 7]);
      const weights = Array.from(random.normal([n]).data);
      const gradient = Array.from(random.normal([n]).data);
      const rate = expect.pick([0.1, 0.5, 0.03]);
      const step = (factor: number, keep = 1) =>
        weights.map((weight, i) => keep * weight + factor * gradient[i]!);
      const input = { weights, gradient, learningRate: rate }, given = [...weights];
      const found = descend(given, gradient, rate);
      expect.that(given.every((weight, i) => weight === weights[i]), {
        expected: "the weights given stay as they are",
        found: given,
        input,
        misconception: "changed",
      });
      expect.close(found, step(-rate), {
        input,
        misconceptions: { uphill: step(rate), full_length: step(-1), replaced: step(-rate, 0) },
      });
    },
  }),

  chooseRate: exercise({
    title: "Exercise 3: Which rate",
    hint: "Sort by the validation score, then by the validation loss. Leave `NaN` out first.",
    misconceptions: {
      training: "The lowest *training* loss shows what was learned by heart. Look at validation.",
      loss_only: "The score is asked for first; the loss decides between equal scores.",
      first_best: "Two rates have that score. The one with the lower validation loss is asked for.",
      broken: "That rate broke training: comparisons with `NaN` are never true.",
    },
    check(chooseRate: (trials: readonly Trial[]) => number, expect) {
      const score = expect.integer(75, 85) / 100, loss = expect.integer(45, 55) / 100;
      const trial = (
        learningRate: number,
        trainLoss: number,
        validationScore: number,
        validationLoss: number,
      ): Trial => ({ learningRate, trainLoss, validationScore, validationLoss });
      const trials = [
        trial(1e-1, NaN, NaN, NaN),
        trial(3e-4, 0.5, score, loss + 0.05), // as good, with a higher loss
        trial(1e-3, 0.3, score, loss),
        trial(1e-4, 0.6, score - 0.04, loss - 0.02), // the lowest validation loss
        trial(3e-3, 0.05, score - 0.1, loss + 0.4), // the lowest training loss
      ];
      expect.equal(chooseRate(trials), 1e-3, {
        input: trials,
        misconceptions: { training: 3e-3, loss_only: 1e-4, first_best: 3e-4, broken: 1e-1 },
      });
    },
  }),

  trainHead: exercise({
    title: "Exercise 4: A training step by hand",
    hint:
      "For each text: the scores, their softmax, softmax less 1 at the right class. Add up error " +
      "× feature over the texts, divide by how many there are, and take a step down.",
    misconceptions: {
      summed: "The loss is a mean over the texts, and so is its gradient.",
      uphill: "The step goes against the gradient.",
      no_target: "Take 1 off the softmax at the right class: that is the error.",
      unmoved: "The loss is right. Now move the weights.",
      own_row:
        "Every class's row moves, not only that of the right one: the others have errors too.",
    },
    check(
      trainHead: (
        features: readonly number[][],
        labels: readonly number[],
        weights: readonly number[][],
        learningRate: number,
      ) => { loss: number; weights: number[][] },
      expect,
    ) {
      const random = new Random(expect.integer(0, 1e6));
      const [batch, dim, classes] = [expect.pick([3, 5]), expect.pick([5, 7]), expect.pick([3, 4])];
      const rate = expect.pick([0.1, 0.3]);
      const x = random.normal([batch, dim]), start = random.normal([classes, dim]);
      const labels = Array.from({ length: batch }, () => expect.integer(0, classes - 1));
      // The library's own step.
      const head = new Linear(dim, classes, { bias: false });
      head.weight.data.set(start.data);
      const optimizer = new SGD(head.parameters(), { learningRate: rate });
      const loss = crossEntropy(head.forward(x), tensor(labels, { dtype: "int32" }));
      const value = loss.item();
      loss.backward();
      const gradient = head.weight.grad!.data.slice();
      optimizer.step();
      const rows = (t: Tensor) => t.toArray() as number[][];
      const found = trainHead(rows(x), labels, rows(start), rate);
      const input = { features: rows(x), labels, weights: rows(start), learningRate: rate };
      expect.close(found?.loss, value, {
        input,
        tolerance: 1e-4,
        misconceptions: { summed: value * batch },
      });
      const moved = (factor: number) =>
        Array.from(start.data, (weight, i) => weight + factor * gradient[i]!);
      const shares = rows(x.matmul(start.transpose(0, 1)).softmax(-1));
      // With the error of the right class alone.
      const ownRow = rows(start).flatMap((row, c) =>
        row.map((weight, j) =>
          weight - rate * rows(x).reduce((sum, text, i) => {
              return labels[i] === c ? sum + (shares[i]![c]! - 1) * text[j]! : sum;
            }, 0) /
            batch
        )
      );
      const noTarget = rows(start).flatMap((row, c) =>
        row.map((weight, j) =>
          weight -
          rate * rows(x).reduce((sum, text, i) => sum + shares[i]![c]! * text[j]!, 0) / batch
        )
      );
      expect.close(found?.weights?.flat(), Array.from(head.weight.data), {
        input,
        tolerance: 1e-4,
        misconceptions: {
          summed: moved(-rate * batch),
          uphill: moved(rate),
          no_target: noTarget,
          unmoved: moved(0),
          own_row: ownRow,
        },
      });
    },
  }),
};
