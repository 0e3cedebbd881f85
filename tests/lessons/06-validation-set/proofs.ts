import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/06-validation-set/checks.ts";
import { foldsOf, leaking, stopEarly } from "../../../lessons/06-validation-set/solutions.ts";

/** Answers that prove the checks of lesson 06. */
export const proofs: Proofs<typeof checks> = {
  choose: {
    right: [
      (settings) => {
        let best = settings[0]!;
        for (const one of settings) {
          if (one.validationScore < best.validationScore) continue;
          const tie = one.validationScore === best.validationScore;
          if (!tie || one.validationLoss < best.validationLoss) best = one;
        }
        return best;
      },
      (settings) => {
        const top = Math.max(...settings.map(({ validationScore }) => validationScore));
        return settings.filter(({ validationScore }) => validationScore === top)
          .sort((a, b) => a.validationLoss - b.validationLoss)[0]!;
      },
    ],
    wrong: {
      by_training: (settings) => settings.toSorted((a, b) => a.trainLoss - b.trainLoss)[0]!,
      lowest: (settings) => settings.toSorted((a, b) => a.validationScore - b.validationScore)[0]!,
      by_loss_alone: (settings) =>
        settings.toSorted((a, b) => a.validationLoss - b.validationLoss)[0]!,
      // Of two equal rows this takes the worse one, wherever it stands.
      first_of_equal: (settings) =>
        settings.toSorted((a, b) =>
          b.validationScore - a.validationScore || b.validationLoss - a.validationLoss
        )[0]!,
    },
  },
  stopEarly: {
    right: [
      (losses, patience) => {
        let best = Infinity, kept = 0, waited = 0, stopped = 0;
        for (; stopped < losses.length; stopped++) {
          if (losses[stopped]! < best) {
            best = losses[stopped]!;
            kept = stopped;
            waited = 0;
          } else if (++waited > patience) break;
        }
        return { stopped: Math.min(stopped, losses.length - 1), kept };
      },
      (losses, patience) => {
        const bestUntil = losses.map((_, i) => {
          const seen = losses.slice(0, i + 1);
          return seen.indexOf(Math.min(...seen));
        });
        const over = bestUntil.findIndex((kept, i) => i - kept > patience);
        const stopped = over < 0 ? losses.length - 1 : over;
        return { stopped, kept: bestUntil[stopped]! };
      },
    ],
    wrong: {
      against_previous: (losses, patience) => {
        let waited = 0;
        let stopped = losses.findIndex((loss, i) => {
          waited = i > 0 && loss >= losses[i - 1]! ? waited + 1 : 0;
          return waited > patience;
        });
        if (stopped < 0) stopped = losses.length - 1;
        const seen = losses.slice(0, stopped + 1);
        return { stopped, kept: seen.indexOf(Math.min(...seen)) };
      },
      never_reset: (losses, patience) => {
        let kept = 0, waited = 0;
        for (let i = 1; i < losses.length; i++) {
          if (losses[i]! < losses[kept]!) kept = i;
          else waited++;
          if (waited > patience) return { stopped: i, kept };
        }
        return { stopped: losses.length - 1, kept };
      },
      too_soon: (losses, patience) =>
        patience === 0 ? { stopped: 0, kept: 0 } : stopEarly(losses, patience - 1),
      last_of_equal: (losses, patience) => {
        let kept = 0;
        for (let i = 0; i < losses.length; i++) {
          if (losses[i]! <= losses[kept]!) kept = i;
          if (i - kept > patience) return { stopped: i, kept };
        }
        return { stopped: losses.length - 1, kept };
      },
      kept_last: (losses, patience) => {
        const { stopped } = stopEarly(losses, patience);
        return { stopped, kept: stopped };
      },
    },
  },
  leaking: {
    right: [
      (texts, groups, { train, validation }) =>
        validation.filter((v) =>
          train.some((t) =>
            groups[t] === groups[v] || texts[t]!.toLowerCase() === texts[v]!.toLowerCase()
          )
        ),
      (texts, groups, { train, validation }) => {
        const found: number[] = [];
        const known = new Set(
          train.flatMap((t) => [`text ${texts[t]!.toUpperCase()}`, `group ${groups[t]}`]),
        );
        for (const v of validation) {
          const keys = [`text ${texts[v]!.toUpperCase()}`, `group ${groups[v]}`];
          if (keys.some((key) => known.has(key))) found.push(v);
        }
        return found;
      },
    ],
    wrong: {
      texts_only: (texts, _, { train, validation }) =>
        validation.filter((v) =>
          train.some((t) => texts[t]!.toLowerCase() === texts[v]!.toLowerCase())
        ),
      authors_only: (_, groups, { train, validation }) =>
        validation.filter((v) => train.some((t) => groups[t] === groups[v])),
      exact_case: (texts, groups, { train, validation }) =>
        validation.filter((v) =>
          train.some((t) => texts[t] === texts[v] || groups[t] === groups[v])
        ),
      training_side: (texts, groups, { train, validation }) =>
        leaking(texts, groups, { train: validation, validation: train }),
      both_needed: (texts, groups, { train, validation }) =>
        validation.filter((v) =>
          train.some((t) =>
            groups[t] === groups[v] && texts[t]!.toLowerCase() === texts[v]!.toLowerCase()
          )
        ),
      places: (texts, groups, parts) =>
        leaking(texts, groups, parts).map((v) => parts.validation.indexOf(v)),
      within: (texts, groups, { train, validation }) =>
        validation.filter((v) =>
          [...train, ...validation].some((other) =>
            other !== v &&
            (groups[other] === groups[v] || texts[other]!.toLowerCase() === texts[v]!.toLowerCase())
          )
        ),
    },
  },
  foldsOf: {
    right: [
      (count, folds) => {
        const sizes = new Array<number>(folds).fill(0);
        for (let i = 0; i < count; i++) sizes[i % folds]!++;
        const foldOf = sizes.flatMap((size, fold) => new Array<number>(size).fill(fold));
        const places = (keep: (fold: number) => boolean) =>
          foldOf.flatMap((fold, i) => keep(fold) ? [i] : []);
        return sizes.map((_, fold) => ({
          train: places((other) => other !== fold),
          validation: places((other) => other === fold),
        }));
      },
      (count, folds) => {
        const left = Array.from({ length: count }, (_, i) => i);
        const parts: number[][] = [];
        for (let f = folds; f > 0; f--) parts.push(left.splice(0, Math.ceil(left.length / f)));
        return parts.map((validation) => ({
          train: parts.filter((other) => other !== validation).flat(),
          validation,
        }));
      },
    ],
    wrong: {
      left_out: (count, folds) =>
        cutAt(count, folds, (fold) => (fold + 1) * Math.floor(count / folds)),
      rounded_up: (count, folds) => {
        const size = Math.ceil(count / folds), all = Array.from({ length: count }, (_, i) => i);
        return Array.from({ length: folds }, (_, fold) => {
          const validation = all.slice(fold * size, (fold + 1) * size);
          return { train: all.filter((i) => !validation.includes(i)), validation };
        });
      },
      every_kth: (count, folds) => {
        const all = Array.from({ length: count }, (_, i) => i);
        return Array.from({ length: folds }, (_, fold) => ({
          train: all.filter((i) => i % folds !== fold),
          validation: all.filter((i) => i % folds === fold),
        }));
      },
      all_to_last: (count, folds) =>
        cutAt(
          count,
          folds,
          (fold) => fold === folds - 1 ? count : (fold + 1) * Math.floor(count / folds),
        ),
      swapped: (count, folds) =>
        foldsOf(count, folds).map(({ train, validation }) => ({
          train: validation,
          validation: train,
        })),
      trains_on_all: (count, folds) =>
        foldsOf(count, folds).map(({ validation }) => ({
          train: Array.from({ length: count }, (_, i) => i),
          validation,
        })),
    },
  },
};

/** Folds of equal beginnings that end where `endOf` says. */
function cutAt(count: number, folds: number, endOf: (fold: number) => number) {
  const all = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => {
    const start = fold * Math.floor(count / folds), end = endOf(fold);
    return {
      train: all.filter((i) => i < start || i >= end),
      validation: all.slice(start, end),
    };
  });
}
