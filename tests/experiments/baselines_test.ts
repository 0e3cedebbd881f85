import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { majorityBaseline, tfidfBaseline } from "@tunebook/experiments";
import { LogisticRegression } from "../../lib/experiments/baselines/logistic_regression.ts";
import { TfIdf } from "../../lib/experiments/baselines/tfidf.ts";
import cases from "../reference/baselines.json" with { type: "json" };
import { answersTask } from "./small.ts";

for (const one of cases) {
  const { classes, maxWords, strength } = one;
  const name = `${classes} classes, runs of up to ${maxWords}, C = ${strength}`;
  Deno.test(`TF-IDF and logistic regression are scikit-learn's: ${name}`, () => {
    const tfidf = new TfIdf(one.train, { maxWords });
    assertEquals(tfidf.size, one.features);
    const rows = one.test.map((text) => tfidf.transform(text));
    for (const [i, { places, values }] of rows.entries()) {
      assertEquals([...places], one.rows[i]!.places, one.test[i]);
      for (const [j, value] of values.entries()) {
        assertAlmostEquals(value, one.rows[i]!.values[j]!, 1e-12);
      }
    }
    const known = one.train.map((text) => tfidf.transform(text));
    const size = { classes, features: tfidf.size, strength };
    const regression = new LogisticRegression(known, one.labels, size);
    for (const [i, row] of rows.entries()) {
      for (const [c, probability] of regression.probabilities(row).entries()) {
        assertAlmostEquals(probability, one.probabilities[i]![c]!, 1e-5);
      }
    }
  });
}

Deno.test("the words' baseline beats the majority's on what words tell", () => {
  const options = { task: answersTask(), labels: 12, seed: 1 };
  const majority = majorityBaseline(options), words = tfidfBaseline(options);
  assertAlmostEquals(majority.test.score, 2 / 3);
  assertEquals([words.test.score, words.labels, majority.labels], [1, 12, 12]);
  // Nine of twelve, each class counted once more.
  assertAlmostEquals(majority.validation.loss, -(2 * Math.log(9 / 14) + Math.log(5 / 14)) / 3);
});

Deno.test("a baseline reads no more of a text than it is told", () => {
  const { test } = tfidfBaseline({ task: answersTask(), shorten: () => "maybe" });
  assertAlmostEquals(test.score, 2 / 3);
});

Deno.test("a baseline refuses a task without data", () => {
  const task = answersTask();
  assertThrows(
    () => majorityBaseline({ task: { ...task, test: task.test.take(0) } }),
    RangeError,
    "Expected test examples but found none",
  );
});
