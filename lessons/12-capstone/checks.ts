/**
 * What a right answer to each exercise of lesson 12 does, and a hint for each way of going wrong.
 * Reading this file gives no answer away.
 *
 * @module
 */

import { Dataset } from "@tunebook/data";
import { exercise } from "@tunebook/notebook";
import { bootstrapInterval } from "@tunebook/training";
import type { Labelled, Score, TestParts, Trial, TwoParts } from "./types.ts";

const NAMES = ["ada", "bo", "cy", "dee", "eli", "fay"];

/** The checks, by the name of the function they judge. */
export const checks = {
  splitBySender: exercise({
    title: "Exercise 1: Read a CSV and split it by sender",
    hint: "`Dataset.fromCsv(csv).toArray()` gives the records. Make each sender alike with " +
      "`trim()` and `toLowerCase()`, then ask whether it is one of `testSenders`.",
    misconceptions: {
      by_place:
        "You cut the file at a place. Then a sender has texts on both sides. Go by who wrote " +
        "each text.",
      as_written: "You compared senders as they are written. `Ada@x.org` and `ada@x.org ` are one.",
      untrimmed: "White space around a sender makes another text of it. Take it away: `trim()`.",
      kept_as_written: "The parts are right, but senders in them are still as they were written. " +
        "Give them in lower case, without white space around them.",
      at_commas:
        "A text may hold commas: cutting lines at them breaks it. Let `Dataset.fromCsv` read.",
      swapped: "Train and test are swapped: the senders given are those of the test.",
    },
    check(splitBySender: (csv: string, testSenders: readonly string[]) => TwoParts, expect) {
      const records: Labelled[] = expect.shuffle(
        [...NAMES, ...NAMES, ...NAMES].map((name, i) => ({
          text: `Well, ${name}, "this" is mail ${i}`,
          label: expect.pick(["ham", "spam"]),
          sender: `${name}@x.org`,
        })),
      );
      const testSenders = expect.shuffle(NAMES).slice(0, 2).map((name) => `${name}@x.org`);
      let count = 0;
      const written = records.map((record) => {
        const ways = [record.sender, record.sender.toUpperCase(), ` ${record.sender} `];
        return { ...record, sender: ways[count++ % 3]! };
      });
      // Every sender of the test is written in capitals, and with spaces, at least once.
      for (const sender of testSenders) {
        const [capitals, spaces] = [...records.keys()].filter((i) => records[i]!.sender === sender);
        written[capitals!]!.sender = sender.toUpperCase();
        written[spaces!]!.sender = ` ${sender} `;
      }
      const csv = Dataset.from(written).toCsv(["label", "text", "sender"]);
      const parts = (inTest: (sender: string, i: number) => boolean, of = records): TwoParts => ({
        train: of.filter(({ sender }, i) => !inTest(sender, i)),
        test: of.filter(({ sender }, i) => inTest(sender, i)),
      });
      const right = parts((sender) => testSenders.includes(sender));
      const lowered = written.map((one) => ({ ...one, sender: one.sender.toLowerCase() }));
      const broken = csv.trim().split(/\r?\n/).slice(1).map((line): Labelled => {
        const [label, text, sender] = line.split(",");
        return { text: text!, label: label!, sender: sender!.trim().toLowerCase() };
      });
      expect.equal(splitBySender(csv, testSenders), right, {
        input: { csv: `${csv.slice(0, 120)}…`, testSenders },
        misconceptions: {
          by_place: parts((_, i) => i >= records.length - right.test.length),
          as_written: parts((sender) => testSenders.includes(sender), written),
          untrimmed: parts((sender) => testSenders.includes(sender), lowered),
          kept_as_written: parts((_, i) => testSenders.includes(records[i]!.sender), written),
          at_commas: parts((sender) => testSenders.includes(sender), broken),
          swapped: { train: right.test, test: right.train },
        },
      });
    },
  }),

  chooseRate: exercise({
    title: "Exercise 2: Choose a rate from validation results",
    hint: "Leave out the runs whose score is `null`. Sort the others by score, then by loss.",
    misconceptions: {
      by_test: "You looked at the test. A rate chosen there makes the test score too good.",
      by_loss: "You went by the loss. It decides only between equal scores.",
      first_of_equals: "Two runs have the same score. Take the one with the lower loss.",
      largest: "That is the largest rate that didn't break down. The scores should decide.",
    },
    check(chooseRate: (trials: readonly Trial[]) => number, expect) {
      const best = 0.8 + expect.integer(0, 10) / 100;
      const test = () => 0.5 + expect.integer(0, 20) / 100;
      const [equal, chosen, easy, tested, broken] = expect.shuffle([3e-4, 1e-3, 2e-3, 3e-3, 5e-3]);
      const made = (
        rate: number,
        score: number | null,
        loss: number | null,
        testScore = test(),
      ) => ({
        rate,
        validationScore: score,
        validationLoss: loss,
        testScore,
      });
      const trials: Trial[] = [
        made(equal!, best, 0.5),
        ...expect.shuffle([
          made(chosen!, best, 0.4),
          made(easy!, best - 0.1, 0.3),
          made(tested!, best - 0.05, 0.6, 0.95),
          made(broken!, null, null),
          made(6e-5, best - 0.3, 0.69),
          made(9e-3, best - 0.2, 0.9),
        ]),
      ];
      expect.equal(chooseRate(trials), chosen, {
        input: trials,
        misconceptions: { by_test: tested, by_loss: easy, first_of_equals: equal, largest: 9e-3 },
      });
    },
  }),

  testOnce: exercise({
    title: "Exercise 3: The test, made once, with an interval",
    hint:
      "`const said = predict(texts)` is the one look. Then `bootstrapInterval(right, { groups: " +
      "senders })`, where `right` has a 1 for every right answer and a 0 for every wrong one.",
    misconceptions: {
      several_looks: "You asked the model more than once. Keep what it said and go on from there.",
      by_text:
        "Your interval draws single texts. Those of one sender go together, and the interval " +
        "is wider: draw whole senders.",
      errors: "You counted the wrong answers. Accuracy is the share of right ones.",
      no_interval: "Return the accuracy with both ends of its interval: `{ value, low, high }`.",
    },
    check(testOnce: (parts: TestParts) => Score, expect) {
      const senders = Array.from({ length: 40 }, (_, i) => `sender ${i}`);
      const wrongSenders = new Set(expect.shuffle(senders).slice(0, expect.integer(12, 16)));
      const mails = expect.shuffle(
        senders.flatMap((sender) =>
          Array.from({ length: 6 }, (_, i) => ({ sender, text: `${sender}, mail ${i}` }))
        ),
      );
      const labels = mails.map(() => expect.integer(0, 1));
      const said = mails.map(({ sender }, i) =>
        wrongSenders.has(sender) ? 1 - labels[i]! : labels[i]!
      );
      const answers = new Map(mails.map(({ text }, i) => [text, said[i]!]));
      let looks = 0;
      const found = testOnce({
        texts: mails.map(({ text }) => text),
        labels,
        senders: mails.map(({ sender }) => sender),
        predict(texts) {
          looks++;
          return texts.map((text) => answers.get(text)!);
        },
      });
      const right = labels.map((label, i) => label === said[i] ? 1 : 0);
      const groups = mails.map(({ sender }) => sender);
      const expected = bootstrapInterval<number>(right, { groups, resamples: 1000 });
      const listed = (score?: Score) => [score?.value, score?.low, score?.high];
      const about = { mails: mails.length, senders: senders.length };
      const whole = [found?.value, found?.low, found?.high].every((x) => typeof x === "number");
      expect.that(whole || found === undefined, {
        expected: "an object { value, low, high }",
        found,
        input: about,
        misconception: "no_interval",
      });
      // Another draw moves the ends by less than this; drawing texts moves them by more.
      expect.close(listed(found), listed(expected), {
        tolerance: 0.035,
        input: about,
        misconceptions: {
          by_text: listed(bootstrapInterval<number>(right, { resamples: 400 })),
          errors: [1 - expected.value, 1 - expected.high, 1 - expected.low],
        },
      });
      expect.that(looks === 1, {
        expected: "one look at the model's answers",
        found: looks,
        input: about,
        misconception: "several_looks",
      });
    },
  }),
};
