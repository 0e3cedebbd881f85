import { Dataset } from "@tunebook/data";
import { Random } from "@tunebook/tensor";

/** What {@linkcode drawBalanced} needs to know of an example. */
interface Drawn {
  /** The place of its label. */
  label: number;
  /** The document it comes from. */
  group: string;
}

/**
 * Draws as many examples of each label, at most `count` in all, and of no document more than its
 * share: long documents would otherwise be most of the data.
 *
 * @param examples Where to draw from.
 * @param options How many in all, the most of one label from one document, the seed.
 * @returns The examples drawn, in a random order.
 */
export function drawBalanced<E extends Drawn>(
  examples: Iterable<E>,
  { count, perGroup, seed }: { count: number; perGroup: number; seed: number },
): Dataset<E> {
  const all = Dataset.from(examples).shuffle(seed);
  const taken = new Map<string, number>();
  const byLabel: E[][] = [];
  for (const example of all) {
    const key = `${example.label} ${example.group}`;
    const before = taken.get(key) ?? 0;
    if (before >= perGroup) continue;
    taken.set(key, before + 1);
    (byLabel[example.label] ??= []).push(example);
  }
  const each = Math.min(Math.floor(count / byLabel.length), ...byLabel.map((list) => list.length));
  const drawn = byLabel.flatMap((list) => list.slice(0, each));
  return Dataset.from(drawn).select(new Random(seed + 1).permutation(drawn.length));
}
