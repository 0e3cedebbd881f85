/**
 * Minimal pairs: a sentence, and the same with one mistake. A model that knows the language finds the
 * right one likelier.
 *
 * @module
 */
import { addressesFor } from "@tunebook/data";
import { sentencesOf } from "@tunebook/finetune";
import { Random } from "@tunebook/tensor";

/** A sentence and its faulty twin. */
export interface Pair {
  /** What was changed. */
  kind: string;
  /** As it was said. */
  right: string;
  /** With one mistake. */
  wrong: string;
}

/** For each kind of mistake: the word that is exchanged, and for what. */
const SWAPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "number of the verb": {
    is: "are",
    are: "is",
    was: "were",
    were: "was",
    has: "have",
    have: "has",
  },
  "this or these": { this: "these", these: "this", that: "those", those: "that" },
  "preposition": { of: "at", in: "of", to: "from", by: "to", with: "of", from: "in" },
  "form of the verb": { be: "been", been: "be", make: "made", give: "given" },
};

/**
 * Draws pairs from addresses that the base model never read.
 *
 * @param each How many of each kind.
 */
export async function minimalPairs(each: number): Promise<Pair[]> {
  const addresses = await addressesFor("tasks");
  const sentences = addresses.toArray().flatMap(({ text }) => sentencesOf(text))
    .filter((sentence) => sentence.length > 50 && sentence.length < 140);
  const random = new Random(5);
  const drawn = Array.from(random.permutation(sentences.length), (i) => sentences[i]!);
  const pairs: Pair[] = [];
  for (const [kind, swaps] of [...Object.entries(SWAPS), ["order of two words", {}] as const]) {
    let found = 0;
    for (const right of drawn) {
      if (found === each) break;
      const words = right.split(" ");
      const wrong = kind === "order of two words" ? turned(words) : exchanged(words, swaps);
      if (wrong === undefined || wrong === right) continue;
      pairs.push({ kind, right, wrong });
      found++;
    }
  }
  return pairs;
}

/** The words with the first that has a counterpart exchanged, if one comes late enough to matter. */
function exchanged(words: string[], swaps: Readonly<Record<string, string>>): string | undefined {
  const at = words.findIndex((word, i) => i > 2 && Object.hasOwn(swaps, word));
  return at < 0 ? undefined : words.with(at, swaps[words[at]!]!).join(" ");
}

/** The words with two plain ones in the middle exchanged. */
function turned(words: string[]): string | undefined {
  const at = Math.floor(words.length / 2);
  const [a, b] = [words[at - 1]!, words[at]!];
  if (!/^[a-z]+$/.test(a) || !/^[a-z]+$/.test(b)) return undefined;
  return words.with(at - 1, b).with(at, a).join(" ");
}
