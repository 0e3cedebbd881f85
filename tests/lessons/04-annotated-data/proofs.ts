import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/04-annotated-data/checks.ts";
import * as solutions from "../../../lessons/04-annotated-data/solutions.ts";

/** Answers that prove the checks of lesson 04. */
export const proofs: Proofs<typeof checks> = {
  balancedWeights: {
    right: [
      (counts) => {
        const mean = sum(counts) / counts.length;
        return counts.map((count) => mean / count);
      },
      (counts) => {
        const inverse = counts.map((count) => 1 / count);
        const total = sum(counts.map((count, i) => count * inverse[i]!));
        return inverse.map((weight) => weight * sum(counts) / total);
      },
    ],
    wrong: {
      share: (counts) => counts.map((count) => count / sum(counts)),
      inverse: (counts) => counts.map((count) => 1 / count),
      without_classes: (counts) => counts.map((count) => sum(counts) / count),
    },
  },
  kappa: {
    right: [
      (first, second) => {
        const disagree = first.filter((label, i) => label !== second[i]).length / first.length;
        return 1 - disagree / (1 - byChance(first, second));
      },
      (first, second) => {
        // Chance agreement as the mean over all pairs of one's label and the other's.
        let same = 0, expected = 0;
        for (const [i, a] of first.entries()) {
          if (a === second[i]) same++;
          for (const b of second) expected += a === b ? 1 : 0;
        }
        const n = first.length;
        return (same / n - expected / n ** 2) / (1 - expected / n ** 2);
      },
    ],
    wrong: {
      agreement: observed,
      equal_shares: (first, second) => {
        const classes = new Set([...first, ...second]).size;
        return (observed(first, second) - 1 / classes) / (1 - 1 / classes);
      },
      undivided: (first, second) => observed(first, second) - byChance(first, second),
    },
  },
  spoil: {
    right: [
      (labels, share, classes, random) => {
        const order = labels.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
        const chosen = new Set(order.slice(0, Math.round(share * labels.length)).map(({ i }) => i));
        return labels.map((label, i) => {
          if (!chosen.has(i)) return label;
          const others = Array.from({ length: classes }, (_, c) => c).filter((c) => c !== label);
          return others[Math.floor(random() * others.length)]!;
        });
      },
      (labels, share, classes, random) => {
        const copy = [...labels];
        for (let wrong = 0; wrong < Math.round(share * labels.length);) {
          const i = Math.floor(random() * labels.length);
          const label = Math.floor(random() * classes);
          if (copy[i] !== labels[i] || label === labels[i]) continue;
          copy[i] = label;
          wrong++;
        }
        return copy;
      },
    ],
    wrong: {
      in_place: (labels, share, classes, random) => {
        const given = labels as number[];
        for (const [i, label] of solutions.spoil(labels, share, classes, random).entries()) {
          given[i] = label;
        }
        return given;
      },
      too_few: (labels, share, classes, random) => {
        const places = solutions.spoil(labels, share, classes, random);
        return labels.map((label, i) =>
          places[i] === label ? label : Math.floor(random() * classes)
        );
      },
      by_chance: (labels, share, classes, random) =>
        labels.map((label) =>
          random() < share ? (label + 1 + Math.floor(random() * (classes - 1))) % classes : label
        ),
      same_places: (labels, share, classes, random) =>
        labels.map((label, i) =>
          i < Math.round(share * labels.length)
            ? (label + 1 + Math.floor(random() * (classes - 1))) % classes
            : label
        ),
      same_mistake: (labels, share, classes, random) => {
        const places = solutions.spoil(labels, share, classes, random);
        return labels.map((label, i) => places[i] === label ? label : (label + 1) % classes);
      },
    },
  },
  nearDuplicatePairs: {
    right: [
      (texts, threshold) => {
        const found: [number, number][] = [];
        for (let i = 0; i < texts.length; i++) {
          for (let j = i + 1; j < texts.length; j++) {
            const all = new Set([...texts[i]!, ...texts[j]!]);
            const both = [...all].filter((w) => texts[i]!.includes(w) && texts[j]!.includes(w));
            if (both.length / all.size >= threshold) found.push([i, j]);
          }
        }
        return found;
      },
      (texts, threshold) =>
        pairs(texts, (a, b) => {
          const [x, y] = [new Set(a), new Set(b)], common = [...x].filter((w) => y.has(w)).length;
          return common / (x.size + y.size - common) >= threshold;
        }),
    ],
    wrong: {
      of_shorter: (texts, threshold) =>
        pairs(texts, (a, b) => {
          const [x, y] = [new Set(a), new Set(b)];
          return x.intersection(y).size / Math.min(x.size, y.size) >= threshold;
        }),
      of_longer: (texts, threshold) =>
        pairs(texts, (a, b) => {
          const [x, y] = [new Set(a), new Set(b)];
          return x.intersection(y).size / Math.max(x.size, y.size) >= threshold;
        }),
      with_itself: (texts, threshold) =>
        [
          ...solutions.nearDuplicatePairs(texts, threshold),
          ...texts.map((_, i): [number, number] => [i, i]),
        ].sort(([a, b], [c, d]) => a - c || b - d),
      both_orders: (texts, threshold) =>
        solutions.nearDuplicatePairs(texts, threshold)
          .flatMap(([i, j]): [number, number][] => [[i, j], [j, i]]),
      repeated_words: (texts, threshold) =>
        pairs(texts, (a, b) => {
          const common = a.filter((word) => b.includes(word)).length;
          return common / (a.length + b.length - common) >= threshold;
        }),
    },
  },
  weightedLoss: {
    right: [
      (scores, labels, weights) => {
        // As many copies of each example as its weight says: these weights are whole numbers.
        const rows = labels.flatMap((label, i) => Array<number>(weights[label]!).fill(i));
        const n = rows.length;
        let loss = 0;
        const gradient = scores.map((row) => row.map(() => 0));
        for (const i of rows) {
          const total = sum(scores[i]!.map(Math.exp)), label = labels[i]!;
          loss += (Math.log(total) - scores[i]![label]!) / n;
          for (const [c, score] of scores[i]!.entries()) {
            gradient[i]![c]! += (Math.exp(score) / total - (c === label ? 1 : 0)) / n;
          }
        }
        return { loss, gradient };
      },
      (scores, labels, weights) => {
        // The gradient by finite differences.
        const of = (s: readonly (readonly number[])[]) =>
          solutions.weightedLoss(s, labels, weights).loss;
        const step = 1e-5;
        const gradient = scores.map((row, i) =>
          row.map((_, c) => {
            const moved = (by: number) =>
              scores.map((r, j) => r.map((score, d) => j === i && d === c ? score + by : score));
            return (of(moved(step)) - of(moved(-step))) / (2 * step);
          })
        );
        return { loss: of(scores), gradient };
      },
    ],
    wrong: {
      unweighted: (scores, labels, weights) =>
        solutions.weightedLoss(scores, labels, weights.map(() => 1)),
      by_count: (scores, labels, weights) => {
        const { loss, gradient } = solutions.weightedLoss(scores, labels, weights);
        const factor = sum(labels.map((label) => weights[label]!)) / labels.length;
        return { loss: loss * factor, gradient: scale(gradient, factor) };
      },
      uphill: (scores, labels, weights) => {
        const { loss, gradient } = solutions.weightedLoss(scores, labels, weights);
        return { loss, gradient: scale(gradient, -1) };
      },
      undivided: (scores, labels, weights) => {
        const { loss, gradient } = solutions.weightedLoss(scores, labels, weights);
        return { loss, gradient: scale(gradient, sum(labels.map((label) => weights[label]!))) };
      },
      plain_gradient: (scores, labels, weights) => ({
        loss: solutions.weightedLoss(scores, labels, weights).loss,
        gradient: solutions.weightedLoss(scores, labels, weights.map(() => 1)).gradient,
      }),
    },
  },
  labelNext: {
    right: [
      (probabilities, groups, count) => {
        const best = new Map<number, number>();
        const sure = probabilities.map((shares) => Math.max(...shares));
        for (const [i, group] of groups.entries()) {
          const before = best.get(group);
          if (before === undefined || sure[i]! < sure[before]!) best.set(group, i);
        }
        return [...best.values()].sort((a, b) => sure[a]! - sure[b]!).slice(0, count);
      },
      (probabilities, groups, count) => {
        const chosen: number[] = [];
        while (chosen.length < count) {
          let next = -1, lowest = Infinity;
          for (const [i, shares] of probabilities.entries()) {
            const sure = shares.reduce((a, b) => a > b ? a : b);
            if (sure >= lowest || chosen.some((other) => groups[other] === groups[i])) continue;
            [next, lowest] = [i, sure];
          }
          chosen.push(next);
        }
        return chosen;
      },
    ],
    wrong: {
      surest: (probabilities, groups, count) =>
        inOrder(groups, (i) => -Math.max(...probabilities[i]!)).slice(0, count),
      copies: (probabilities, groups, count) =>
        inOrder(groups, (i) => Math.max(...probabilities[i]!)).slice(0, count),
      first_of_group: (probabilities, groups, count) =>
        inOrder(groups, (i) => Math.max(...probabilities[i]!))
          .filter((i) => groups.indexOf(groups[i]!) === i).slice(0, count),
      one_class: (probabilities, groups, count) =>
        inOrder(groups, (i) => probabilities[i]![0]!).slice(0, count),
    },
  },
};

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function scale(rows: readonly number[][], factor: number): number[][] {
  return rows.map((row) => row.map((value) => value * factor));
}

function observed(first: readonly string[], second: readonly string[]): number {
  return first.filter((label, i) => label === second[i]).length / first.length;
}

function byChance(first: readonly string[], second: readonly string[]): number {
  const share = (labels: readonly string[], of: string) =>
    labels.filter((label) => label === of).length / labels.length;
  return sum([...new Set(first)].map((label) => share(first, label) * share(second, label)));
}

function pairs(
  texts: readonly (readonly string[])[],
  alike: (a: readonly string[], b: readonly string[]) => boolean,
): [number, number][] {
  return texts.flatMap((a, i) =>
    texts.flatMap((b, j): [number, number][] => i < j && alike(a, b) ? [[i, j]] : [])
  );
}

function inOrder(groups: readonly number[], by: (i: number) => number): number[] {
  return [...groups.keys()].sort((a, b) => by(a) - by(b));
}
