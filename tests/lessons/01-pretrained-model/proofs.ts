import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/01-pretrained-model/checks.ts";
import {
  lossByHand,
  nextTokenTasks,
  withTemperature,
} from "../../../lessons/01-pretrained-model/solutions.ts";

/** Answers that prove the checks of lesson 01. */
export const proofs: Proofs<typeof checks> = {
  nextTokenTasks: {
    right: [
      (tokens) => {
        const tasks = [];
        for (let end = 1; end < tokens.length; end++) {
          tasks.push({ context: [...tokens].slice(0, end), target: tokens[end]! });
        }
        return tasks;
      },
      (tokens) =>
        tokens.flatMap((target, i) => i === 0 ? [] : [{ context: tokens.slice(0, i), target }]),
    ],
    wrong: {
      itself: (tokens) => tokens.map((target, i) => ({ context: tokens.slice(0, i + 1), target })),
      past_the_end: (tokens) =>
        tokens.map((_, i) => ({ context: tokens.slice(0, i + 1), target: tokens[i + 1]! })),
      one_only: (tokens) =>
        nextTokenTasks(tokens).map(({ context, target }) => ({
          context: context.slice(-1),
          target,
        })),
      from_nothing: (tokens) =>
        tokens.map((target, i) => ({ context: tokens.slice(0, i), target })),
      shared: (tokens) => {
        const context: number[] = [];
        return tokens.slice(0, -1).map((token, i) => {
          context.push(token);
          return { context, target: tokens[i + 1]! };
        });
      },
    },
  },
  perplexity: {
    right: [
      (probabilities) =>
        1 / probabilities.reduce((product, p) => product * p, 1) ** (1 / probabilities.length),
      (probabilities) => {
        let bits = 0;
        for (const p of probabilities) bits -= Math.log2(p);
        return 2 ** (bits / probabilities.length);
      },
    ],
    wrong: {
      summed: (probabilities) => Math.exp(surprise(probabilities)),
      loss: (probabilities) => surprise(probabilities) / probabilities.length,
      inverse_mean: (probabilities) =>
        probabilities.length / probabilities.reduce((a, b) => a + b, 0),
      bits: (probabilities) => 2 ** (surprise(probabilities) / probabilities.length),
      no_minus: (probabilities) => Math.exp(-surprise(probabilities) / probabilities.length),
    },
  },
  withTemperature: {
    right: [
      (scores, temperature) => {
        const scaled = scores.map((score) => score / temperature);
        const most = Math.max(...scaled);
        const logSum = most +
          Math.log(scaled.reduce((sum, score) => sum + Math.exp(score - most), 0));
        return scaled.map((score) => Math.exp(score - logSum));
      },
      (scores, temperature) =>
        scores.map((mine) =>
          1 / scores.reduce((sum, other) => sum + Math.exp((other - mine) / temperature), 0)
        ),
    ],
    wrong: {
      times: (scores, temperature) => withTemperature(scores, 1 / temperature),
      after: (scores) => withTemperature(scores, 1),
      unnormalised: (scores, temperature) => scores.map((score) => Math.exp(score / temperature)),
      overflow: (scores, temperature) => {
        const powers = scores.map((score) => Math.exp(score / temperature));
        return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
      },
    },
  },
  lossByHand: {
    right: [
      (logits, tokens) => {
        const n = tokens.length - 1;
        const gradient = logits.map((row) => row.map(() => 0));
        let loss = 0;
        for (let t = 0; t < n; t++) {
          const shares = withTemperature(logits[t]!, 1);
          loss += -Math.log(shares[tokens[t + 1]!]!);
          shares.forEach((share, v) => gradient[t]![v] = share / n);
          gradient[t]![tokens[t + 1]!]! -= 1 / n;
        }
        return { loss: loss / n, gradient };
      },
      (logits, tokens) => {
        const rows = logits.slice(0, -1).map((row) => withTemperature(row, 1));
        const losses = rows.map((row, t) => -Math.log(row[tokens[t + 1]!]!));
        const gradient = rows.map((row, t) =>
          row.map((share, v) => (share - Number(v === tokens[t + 1])) / rows.length)
        );
        return {
          loss: losses.reduce((a, b) => a + b, 0) / rows.length,
          gradient: [...gradient, logits[0]!.map(() => 0)],
        };
      },
    ],
    wrong: {
      unshifted: (logits, tokens) => {
        const rows = logits.map((row) => withTemperature(row, 1));
        const loss = rows.reduce((sum, row, t) => sum - Math.log(row[tokens[t]!]!), 0);
        return { loss: loss / rows.length, gradient: rows };
      },
      summed: (logits, tokens) => {
        const { loss, gradient } = lossByHand(logits, tokens), n = tokens.length - 1;
        return { loss: loss * n, gradient: gradient.map((row) => row.map((one) => one * n)) };
      },
      last_counts: (logits, tokens) => {
        const { loss, gradient } = lossByHand(logits, tokens), n = tokens.length - 1;
        const last = withTemperature(logits.at(-1)!, 1).map((share) => share / n);
        return { loss, gradient: [...gradient.slice(0, -1), last] };
      },
      sign: (logits, tokens) => {
        const { loss, gradient } = lossByHand(logits, tokens);
        return { loss, gradient: gradient.map((row) => row.map((one) => -one)) };
      },
      no_target: (logits, tokens) => {
        const { loss } = lossByHand(logits, tokens), n = tokens.length - 1;
        const rows = logits.map((row) => withTemperature(row, 1).map((share) => share / n));
        return { loss, gradient: [...rows.slice(0, -1), rows[0]!.map(() => 0)] };
      },
      short: (logits, tokens) => {
        const { loss, gradient } = lossByHand(logits, tokens);
        return { loss, gradient: gradient.slice(0, -1) };
      },
    },
  },
};

function surprise(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p) => sum - Math.log(p), 0);
}
