/**
 * What a right answer to each exercise of lesson 00 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { exercise, type Expectations } from "@tunebook/notebook";

/** The checks, by the name of the function they judge. */
export const checks = {
  perThousand: exercise({
    title: "Exercise 1: How often, per thousand words",
    hint: "`words.filter(…)` keeps the words you want; `.length` counts them.",
    misconceptions: {
      counted:
        "That is how often the word occurs. Longer texts have more of every word, so divide " +
        "by the number of words.",
      share: "That is the share of all words. Per thousand is a thousand times that.",
      inside: "Looking for the letters finds `war` inside `toward` and `warm` too. Compare whole " +
        "words, with `===`.",
    },
    check(perThousand: (words: readonly string[], word: string) => number, expect) {
      const others = ["toward", "warm", "peace", "the", "of"];
      const hits = expect.integer(2, 9);
      const words = expect.shuffle([
        ...Array<string>(hits).fill("war"),
        "toward",
        "warm",
        ...Array.from({ length: expect.integer(10, 40) }, () => expect.pick(others)),
      ]);
      const inside = words.filter((word) => word.includes("war")).length;
      expect.close(perThousand(words, "war"), 1000 * hits / words.length, {
        input: { words, word: "war" },
        misconceptions: {
          counted: hits,
          share: hits / words.length,
          inside: 1000 * inside / words.length,
        },
      });
    },
  }),

  topWords: exercise({
    title: "Exercise 2: The most frequent words",
    hint: "Count into a `Map`, spread it into an array of pairs, sort that by the count.",
    misconceptions: {
      rarest_first: "These are the rarest words. Sort from the largest count to the smallest.",
      first_seen: "These are the first words of the text: a Map keeps the order in which words " +
        "arrived. Sort by the count.",
      as_text:
        "Here 9 came before 10: `sort()` without a comparison sorts as text. Tell it how to " +
        "compare two counts.",
      inherited:
        "It fails on a text with the word `constructor`, and the addresses have it. Every " +
        "object `{}` is born with a `constructor`; a `Map` begins empty.",
    },
    check(
      topWords: (words: readonly string[], count: number) => [string, number][],
      expect,
    ) {
      const plain = drawText(expect, "nation");
      const ranked = plain.counts;
      expect.equal(topWords(plain.words, 3), ranked.slice(0, 3), {
        input: { words: plain.words, count: 3 },
        misconceptions: {
          rarest_first: ranked.toReversed().slice(0, 3),
          first_seen: inOrderOf(plain.words, ranked).slice(0, 3),
          as_text: ranked.toSorted(([, a], [, b]) => String(a) < String(b) ? 1 : -1).slice(0, 3),
        },
      });
      const tricky = drawText(expect, "constructor");
      const found = topWords(tricky.words, 1);
      expect.that(found?.[0]?.[0] === "constructor" && found[0][1] === tricky.counts[0]![1], {
        expected: JSON.stringify(tricky.counts.slice(0, 1)),
        found,
        input: { words: tricky.words, count: 1 },
        misconception: "inherited",
      });
    },
  }),

  onceOnly: exercise({
    title: "Exercise 3: How much of the vocabulary occurs once",
    hint: "Count every word as before. Of the counts, how many are 1, and how many are there?",
    misconceptions: {
      of_all_words: "Divide by the number of *different* words, not by the length of the text.",
      not_a_share: "That is how many words occur once. What share of the different words is it?",
      variety: "That is the number of different words for each word of text. How many of the " +
        "different words occur exactly once?",
    },
    check(onceOnly: (words: readonly string[]) => number, expect) {
      const once = ["nation", "gold", "war", "peace", "treaty"].slice(0, expect.integer(2, 5));
      const often = ["the", "of", "and"].slice(0, expect.integer(1, 3));
      const words = expect.shuffle([
        ...once,
        ...often.flatMap((word) => Array<string>(expect.integer(6, 12)).fill(word)),
      ]);
      const vocabulary = once.length + often.length;
      expect.close(onceOnly(words), once.length / vocabulary, {
        input: words,
        misconceptions: {
          of_all_words: once.length / words.length,
          not_a_share: once.length,
          variety: vocabulary / words.length,
        },
      });
    },
  }),

  newWords: exercise({
    title: "Exercise 4: Words used for the first time",
    hint: "A `Set` of all earlier words tells quickly what is known; a `Set` of the latest words " +
      "drops repeats.",
    misconceptions: {
      last_only: "You compared with the last earlier text alone. A word may be older than that.",
      repeats: "A new word may occur several times. Return it once.",
      lost_words: "These words were in the earlier texts and are gone. The new ones are asked for.",
    },
    check(
      newWords: (earlier: readonly string[][], latest: readonly string[]) => string[],
      expect,
    ) {
      const [old, recent, fresh, gone, other] = expect.shuffle([
        "canal",
        "gold",
        "railroad",
        "radio",
        "energy",
      ]) as [string, string, string, string, string];
      const earlier = [["the", old], ["the", gone], ["the", recent]];
      const latest = ["the", fresh, old, other, recent, fresh, other, "the"];
      expect.equal(newWords(earlier, latest), [fresh, other], {
        input: { earlier, latest },
        misconceptions: {
          last_only: [fresh, old, other],
          repeats: [fresh, other, fresh, other],
          lost_words: [gone],
        },
      });
    },
  }),
};

/**
 * A text in which `top` is the most frequent word, no two words are equally frequent, and counts of
 * one and of two digits occur, so that wrong orders show.
 */
function drawText(expect: Expectations, top: string) {
  const drawn = expect.shuffle([2, 3, 4, 5, 6, 7, 8, 9]).slice(0, 4).sort((a, b) => b - a);
  const others = expect.shuffle(["the", "of", "war", "gold"]);
  const counts: [string, number][] = [
    [top, expect.integer(10, 15)],
    ...others.map((word, i): [string, number] => [word, drawn[i]!]),
  ];
  // The text begins with the words in an order that is neither that of the counts nor its reverse.
  const rest = counts.flatMap(([word, count]) => {
    return Array<string>(word === top ? count : count - 1).fill(word);
  });
  const opening = [1, 0, 3, 2].map((rank) => others[rank]!);
  return { counts, words: [...opening, ...expect.shuffle(rest)] };
}

/** The pairs in the order in which their words first appear. */
function inOrderOf(words: readonly string[], counts: readonly [string, number][]) {
  return counts.toSorted(([a], [b]) => words.indexOf(a) - words.indexOf(b));
}
