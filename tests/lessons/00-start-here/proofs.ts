import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/00-start-here/checks.ts";

/** Answers that prove the checks of lesson 00. */
export const proofs: Proofs<typeof checks> = {
  perThousand: {
    right: [
      (words, word) => {
        let count = 0;
        for (const other of words) {
          if (other === word) count++;
        }
        return count / words.length * 1000;
      },
      (words, word) =>
        words.reduce((sum, other) => sum + (other === word ? 1000 : 0), 0) / words.length,
    ],
    wrong: {
      counted: (words, word) => words.filter((other) => other === word).length,
      share: (words, word) => words.filter((other) => other === word).length / words.length,
      inside: (words, word) =>
        1000 * words.filter((other) => other.includes(word)).length / words.length,
    },
  },
  nextWords: {
    right: [
      (words, word, count) => {
        const followers: string[] = [];
        for (let i = 0; i + 1 < words.length; i++) {
          if (words[i] === word) followers.push(words[i + 1]!);
        }
        const groups = Object.entries(Object.groupBy(followers, (follower) => follower));
        return groups.map(([follower, list]): [string, number] => [follower, list!.length])
          .sort((a, b) => b[1] - a[1]).slice(0, count);
      },
      (words, word, count) => {
        const counts: Record<string, number> = Object.create(null);
        words.reduce((previous, next) => {
          if (previous === word) counts[next] = 1 + (counts[next] ?? 0);
          return next;
        });
        const result: [string, number][] = [];
        while (result.length < count && Object.keys(counts).length > 0) {
          const [best] = Object.keys(counts).sort((a, b) => counts[b]! - counts[a]!);
          result.push([best!, counts[best!]!]);
          delete counts[best!];
        }
        return result;
      },
    ],
    wrong: {
      previous: (words, word, count) =>
        byCount(words.filter((_, i) => words[i + 1] === word)).slice(0, count),
      first_only: (words, word) => [[words[words.indexOf(word) + 1]!, 1]],
      past_the_end: (words, word, count) => {
        const followers = words.flatMap((other, i) => other === word ? [words[i + 1]!] : []);
        return byCount(followers).slice(0, count);
      },
      rarest_first: (words, word, count) => followersOf(words, word).reverse().slice(0, count),
      as_text: (words, word, count) => {
        const counts = followersOf(words, word);
        const order = counts.map(([, times]) => times).sort().reverse();
        return order.map((times) => counts.find(([, other]) => other === times)!).slice(0, count);
      },
      too_many: (words, word) => followersOf(words, word),
    },
  },
  onceOnly: {
    right: [
      (words) => {
        const different = new Set(words);
        const once = [...different].filter((w) => words.indexOf(w) === words.lastIndexOf(w));
        return once.length / different.size;
      },
      (words) => {
        const groups = Object.values(Object.groupBy(words, (word) => word));
        return groups.filter((group) => group!.length < 2).length / groups.length;
      },
    ],
    wrong: {
      of_all_words: (words) => countAll(words).filter(([, n]) => n === 1).length / words.length,
      not_a_share: (words) => countAll(words).filter(([, n]) => n === 1).length,
      percent: (words) =>
        100 * countAll(words).filter(([, n]) => n === 1).length / new Set(words).size,
      variety: (words) => new Set(words).size / words.length,
      inherited: (words) => {
        const counts: Record<string, number> = {};
        for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
        const all = Object.values(counts);
        return all.filter((count) => count === 1).length / all.length;
      },
    },
  },
  newWords: {
    right: [
      (earlier, latest) => {
        const found: string[] = [];
        for (const word of latest) {
          if (!found.includes(word) && !earlier.some((text) => text.includes(word))) {
            found.push(word);
          }
        }
        return found;
      },
      (earlier, latest) => [
        ...earlier.reduce((left, text) => left.difference(new Set(text)), new Set(latest)),
      ],
    ],
    wrong: {
      last_only: (earlier, latest) => {
        const known = new Set(earlier.at(-1));
        return [...new Set(latest)].filter((word) => !known.has(word));
      },
      repeats: (earlier, latest) => {
        const known = new Set(earlier.flat());
        return latest.filter((word) => !known.has(word));
      },
      sorted: (earlier, latest) => {
        const known = new Set(earlier.flat());
        return [...new Set(latest)].filter((word) => !known.has(word)).sort();
      },
      lost_words: (earlier, latest) =>
        [...new Set(earlier.flat())].filter((w) => !latest.includes(w)),
    },
  },
};

function countAll(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts];
}

function byCount(words: readonly string[]): [string, number][] {
  return countAll(words).sort(([, a], [, b]) => b - a);
}

function followersOf(words: readonly string[], word: string): [string, number][] {
  return byCount(words.slice(1).filter((_, i) => words[i] === word));
}
