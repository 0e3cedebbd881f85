/**
 * One good answer to each exercise of lesson 04; yours may look different and be as good.
 *
 * @module
 */

/** Exercise 1. With these weights every class adds up to examples / classes. */
export function balancedWeights(counts: readonly number[]): number[] {
  const examples = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => examples / (counts.length * count));
}

/** Exercise 2. By chance both say a label as often as the product of their shares of it. */
export function kappa(first: readonly string[], second: readonly string[]): number {
  const share = (labels: readonly string[], label: string) =>
    labels.filter((other) => other === label).length / labels.length;
  const observed = first.filter((label, i) => label === second[i]).length / first.length;
  const expected = [...new Set([...first, ...second])]
    .reduce((sum, label) => sum + share(first, label) * share(second, label), 0);
  return (observed - expected) / (1 - expected);
}

/** Exercise 3. Drawn places are taken out of the list, so that none comes twice. */
export function spoil(
  labels: readonly number[],
  share: number,
  classes: number,
  random: () => number,
): number[] {
  const spoiled = [...labels], places = [...labels.keys()];
  for (let left = Math.round(share * labels.length); left > 0; left--) {
    const [place] = places.splice(Math.floor(random() * places.length), 1) as [number];
    // A step of 1 to classes - 1 never comes back to the right label.
    const step = 1 + Math.floor(random() * (classes - 1));
    spoiled[place] = (labels[place]! + step) % classes;
  }
  return spoiled;
}

/** Exercise 4. All pairs: fine for hundreds of texts. `nearDuplicates` is for many more. */
export function nearDuplicatePairs(
  texts: readonly (readonly string[])[],
  threshold: number,
): [number, number][] {
  const sets = texts.map((words) => new Set(words));
  return sets.flatMap((a, i) =>
    sets.flatMap((b, j): [number, number][] =>
      i < j && a.intersection(b).size / a.union(b).size >= threshold ? [[i, j]] : []
    )
  );
}

/** Exercise 5. */
export function weightedLoss(
  scores: readonly (readonly number[])[],
  labels: readonly number[],
  weights: readonly number[],
): { loss: number; gradient: number[][] } {
  const shares = scores.map(softmax), own = labels.map((label) => weights[label]!);
  const total = own.reduce((sum, weight) => sum + weight, 0);
  const loss = shares.reduce((sum, p, i) => sum - own[i]! * Math.log(p[labels[i]!]!), 0) / total;
  const gradient = shares.map((p, i) =>
    p.map((share, c) => own[i]! * (share - (c === labels[i] ? 1 : 0)) / total)
  );
  return { loss, gradient };
}

/** Exercise 6. */
export function labelNext(
  probabilities: readonly (readonly number[])[],
  groups: readonly number[],
  count: number,
): number[] {
  const sureness = probabilities.map((shares) => Math.max(...shares));
  const order = [...groups.keys()].sort((a, b) => sureness[a]! - sureness[b]!);
  const taken = new Set<number>(), chosen: number[] = [];
  for (const text of order) {
    if (chosen.length === count) break;
    if (taken.has(groups[text]!)) continue;
    taken.add(groups[text]!);
    chosen.push(text);
  }
  return chosen;
}

/** The largest score is taken off first: `Math.exp` of a large number would overflow. */
function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
