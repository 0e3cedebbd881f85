/**
 * What a right answer to each exercise of lesson 00 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { exercise } from "@tunebook/notebook";

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

  nextWords: exercise({
    title: "Exercise 2: What comes next",
    hint:
      "Collect every `words[i + 1]` where `words[i]` is the word. Then count into a `Map` and " +
      "sort its pairs by the count.",
    misconceptions: {
      previous:
        "These are the words that come *before*. What follows `words[i]` is `words[i + 1]`.",
      first_only: "`indexOf` finds the first place only. Go through the whole text.",
      past_the_end: "The last word of the text is followed by nothing, and that `undefined` got " +
        "counted.",
      rarest_first: "These begin with the rarest. Sort from the largest count to the smallest.",
      as_text:
        "Here 9 came before 10: `sort()` without a comparison sorts as text. Tell it how to " +
        "compare two counts.",
      too_many: "These are all that follow. Return at most `count` of them.",
    },
    check(
      nextWords: (words: readonly string[], word: string, count: number) => [string, number][],
      expect,
    ) {
      const followers: [string, number][] = [
        ["states", expect.integer(10, 12)],
        ["nations", expect.integer(6, 9)],
        ["people", expect.integer(4, 5)],
        ["front", 2],
      ];
      const places = followers.flatMap(([follower, times]) =>
        Array.from(
          { length: times },
          () => [expect.pick(["the", "these", "our"]), "united", follower],
        )
      );
      const words = [...expect.shuffle(places).flat(), "we", "stand", "united"];
      const input = { words, word: "united", count: 5 };
      const found = nextWords(words, "united", 5);
      const before = words.filter((_, i) => words[i + 1] === "united");
      expect.that(!found?.length || !found.every((pair) => before.includes(pair?.[0])), {
        expected: JSON.stringify(followers),
        found,
        input,
        misconception: "previous",
      });
      expect.equal(found, followers, {
        input,
        misconceptions: {
          first_only: [[words[words.indexOf("united") + 1], 1]],
          past_the_end: [...followers, [undefined, 1]],
          rarest_first: followers.toReversed(),
          as_text: followers.toSorted(([, a], [, b]) => String(a) < String(b) ? 1 : -1),
        },
      });
      expect.equal(nextWords(words, "united", 2), followers.slice(0, 2), {
        input: { ...input, count: 2 },
        misconceptions: { too_many: followers },
      });
    },
  }),

  onceOnly: exercise({
    title: "Exercise 3: How much of the vocabulary occurs once",
    hint: "Count every word as before. Of the counts, how many are 1, and how many are there?",
    misconceptions: {
      of_all_words: "Divide by the number of *different* words, not by the length of the text.",
      not_a_share: "That is how many words occur once. What share of the different words is it?",
      percent: "A share lies between 0 and 1. These are percent.",
      variety: "That is the number of different words for each word of text. How many of the " +
        "different words occur exactly once?",
      inherited:
        "It miscounts the word `constructor`, and the addresses have it. Every object `{}` " +
        "is born with a `constructor`; a `Map` begins empty.",
    },
    check(onceOnly: (words: readonly string[]) => number, expect) {
      // More rare words than frequent ones, so that no two ways of going wrong give the same.
      const rare = ["nation", "gold", "war", "peace"].slice(0, expect.integer(3, 4));
      const once = ["constructor", ...rare];
      const often = ["the", "of", "and"].slice(0, expect.integer(1, 2));
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
          percent: 100 * once.length / vocabulary,
          variety: vocabulary / words.length,
          inherited: rare.length / vocabulary,
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
      sorted: "The right words, but in the order of the alphabet. Keep that of the text.",
      lost_words: "These words were in the earlier texts and are gone. The new ones are asked for.",
    },
    check(
      newWords: (earlier: readonly string[][], latest: readonly string[]) => string[],
      expect,
    ) {
      const [old, recent, gone] = expect.shuffle(["canal", "gold", "railroad"]) as [
        string,
        string,
        string,
      ];
      // Not in the order of the alphabet.
      const fresh = expect.pick(["steam", "radio"]), other = expect.pick(["energy", "atom"]);
      const earlier = [["the", old], ["the", gone], ["the", recent]];
      const latest = ["the", fresh, old, other, recent, fresh, other, "the"];
      expect.equal(newWords(earlier, latest), [fresh, other], {
        input: { earlier, latest },
        misconceptions: {
          last_only: [fresh, old, other],
          repeats: [fresh, other, fresh, other],
          sorted: [other, fresh],
          lost_words: [gone],
        },
      });
    },
  }),
};
