/**
 * One good answer to each exercise of lesson 06; yours may look different and be as good.
 *
 * @module
 */

import type { Setting, Verdict } from "./types.ts";

/** Exercise 1. The training loss is no column to choose by: it only says what was learned by heart. */
export function choose(settings: readonly Setting[]): Setting {
  return settings.toSorted((a, b) =>
    b.validationScore - a.validationScore || a.validationLoss - b.validationLoss
  )[0]!;
}

/** Exercise 2. What counts is the distance from the best evaluation, not from the one before. */
export function stopEarly(losses: readonly number[], patience: number): Verdict {
  let kept = 0;
  for (const [stopped, loss] of losses.entries()) {
    if (loss < losses[kept]!) kept = stopped;
    if (stopped - kept > patience) return { stopped, kept };
  }
  return { stopped: losses.length - 1, kept };
}

/** Exercise 3. Only what training knows makes a validation record leak. */
export function leaking(
  texts: readonly string[],
  groups: readonly string[],
  { train, validation }: { train: readonly number[]; validation: readonly number[] },
): number[] {
  const knownTexts = new Set(train.map((at) => texts[at]!.toLowerCase()));
  const knownGroups = new Set(train.map((at) => groups[at]!));
  return validation.filter((at) =>
    knownTexts.has(texts[at]!.toLowerCase()) || knownGroups.has(groups[at]!)
  );
}

/** Exercise 4. The first `count % folds` folds take one record more, so none is left over. */
export function foldsOf(count: number, folds: number): { train: number[]; validation: number[] }[] {
  const all = Array.from({ length: count }, (_, at) => at);
  let end = 0;
  return Array.from({ length: folds }, (_, fold) => {
    const start = end;
    end += Math.floor(count / folds) + (fold < count % folds ? 1 : 0);
    return {
      train: [...all.slice(0, start), ...all.slice(end)],
      validation: all.slice(start, end),
    };
  });
}
