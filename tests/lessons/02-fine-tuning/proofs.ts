import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/02-fine-tuning/checks.ts";
import { chooseRate, descend, trainHead } from "../../../lessons/02-fine-tuning/solutions.ts";

/** Answers that prove the checks of lesson 02. */
export const proofs: Proofs<typeof checks> = {
  countTrained: {
    right: [
      (parameters) => {
        let count = 0;
        for (const { shape, requiresGrad } of parameters) {
          if (!requiresGrad) continue;
          let size = 1;
          for (const one of shape) size *= one;
          count += size;
        }
        return count;
      },
      (parameters) =>
        parameters.map(({ shape, requiresGrad }) =>
          Number(requiresGrad) * shape.reduce((a, b) => a * b)
        ).reduce((a, b) => a + b),
    ],
    wrong: {
      all: (parameters) =>
        parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0),
      frozen: (parameters) =>
        parameters.filter(({ requiresGrad }) => !requiresGrad)
          .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0),
      added: (parameters) =>
        parameters.filter(({ requiresGrad }) => requiresGrad)
          .flatMap(({ shape }) => shape).reduce((a, b) => a + b),
      pieces: (parameters) => parameters.filter(({ requiresGrad }) => requiresGrad).length,
    },
  },
  descend: {
    right: [
      (weights, gradient, rate) => {
        const moved = [...weights];
        for (let i = 0; i < moved.length; i++) moved[i]! -= rate * gradient[i]!;
        return moved;
      },
      (weights, gradient, rate) => gradient.map((slope, i) => weights[i]! + -rate * slope),
    ],
    wrong: {
      uphill: (weights, gradient, rate) => descend(weights, gradient, -rate),
      full_length: (weights, gradient) => descend(weights, gradient, 1),
      replaced: (_, gradient, rate) => gradient.map((slope) => -rate * slope),
      changed: (weights, gradient, rate) => {
        const given = weights as number[];
        for (const i of given.keys()) given[i]! -= rate * gradient[i]!;
        return given;
      },
    },
  },
  chooseRate: {
    right: [
      (trials) => {
        let best: typeof trials[number] | undefined;
        for (const trial of trials) {
          if (Number.isNaN(trial.validationScore)) continue;
          if (
            !best || trial.validationScore > best.validationScore ||
            (trial.validationScore === best.validationScore &&
              trial.validationLoss < best.validationLoss)
          ) best = trial;
        }
        return best!.learningRate;
      },
      (trials) => {
        const most = Math.max(
          ...trials.map(({ validationScore }) => validationScore).filter(Number.isFinite),
        );
        return trials.filter(({ validationScore }) => validationScore === most)
          .reduce((a, b) => a.validationLoss <= b.validationLoss ? a : b).learningRate;
      },
    ],
    wrong: {
      training: (trials) =>
        trials.filter(({ trainLoss }) => trainLoss >= 0)
          .reduce((a, b) => a.trainLoss < b.trainLoss ? a : b).learningRate,
      loss_only: (trials) =>
        trials.filter(({ validationLoss }) => validationLoss >= 0)
          .reduce((a, b) => a.validationLoss < b.validationLoss ? a : b).learningRate,
      first_best: (trials) => chooseRate(trials.map((trial) => ({ ...trial, validationLoss: 0 }))),
      broken: (trials) => {
        let best = trials[0]!;
        for (const trial of trials) if (trial.validationScore > best.validationScore) best = trial;
        return best.learningRate;
      },
    },
  },
  trainHead: {
    right: [
      (features, labels, weights, rate) => {
        const shares = features.map((text) => softmax(weights.map((row) => dot(row, text))));
        const loss = labels.reduce((sum, label, i) => sum - Math.log(shares[i]![label]!), 0);
        return {
          loss: loss / labels.length,
          weights: weights.map((row, c) =>
            row.map((weight, j) => {
              const slope = features.reduce(
                (sum, text, i) => sum + (shares[i]![c]! - Number(labels[i] === c)) * text[j]!,
                0,
              );
              return weight - rate * slope / features.length;
            })
          ),
        };
      },
      (features, labels, weights, rate) => {
        const moved = weights.map((row) => [...row]);
        let loss = 0;
        features.forEach((text, i) => {
          const shares = softmax(weights.map((row) => dot(row, text)));
          loss -= Math.log(shares[labels[i]!]!);
          shares.forEach((share, c) => {
            const error = c === labels[i] ? share - 1 : share;
            text.forEach((feature, j) => moved[c]![j]! -= rate * error * feature / labels.length);
          });
        });
        return { loss: loss / labels.length, weights: moved };
      },
    ],
    wrong: {
      summed: (features, labels, weights, rate) => {
        const { loss, weights: moved } = trainHead(features, labels, weights, rate * labels.length);
        return { loss: loss * labels.length, weights: moved };
      },
      uphill: (features, labels, weights, rate) => trainHead(features, labels, weights, -rate),
      no_target: (features, labels, weights, rate) => {
        const shares = features.map((text) => softmax(weights.map((row) => dot(row, text))));
        return {
          loss: trainHead(features, labels, weights, rate).loss,
          weights: weights.map((row, c) =>
            row.map((weight, j) =>
              weight -
              rate * features.reduce((sum, text, i) => sum + shares[i]![c]! * text[j]!, 0) /
                features.length
            )
          ),
        };
      },
      unmoved: (features, labels, weights) => trainHead(features, labels, weights, 0),
      own_row: (features, labels, weights, rate) => {
        const shares = features.map((text) => softmax(weights.map((row) => dot(row, text))));
        const moved = weights.map((row) => [...row]);
        for (const [i, label] of labels.entries()) {
          const error = shares[i]![label]! - 1;
          features[i]!.forEach((feature, j) =>
            moved[label]![j]! -= rate * error * feature / labels.length
          );
        }
        return { loss: trainHead(features, labels, weights, rate).loss, weights: moved };
      },
    },
  },
};

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, one, i) => sum + one * b[i]!, 0);
}

function softmax(scores: readonly number[]): number[] {
  const powers = scores.map((score) => Math.exp(score));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
