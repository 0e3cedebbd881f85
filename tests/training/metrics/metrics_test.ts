import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  accuracy,
  averagePrecision,
  bitsPerByte,
  bootstrapInterval,
  calibration,
  classScores,
  confusionMatrix,
  exactMatch,
  f1,
  logLoss,
  meanInterval,
  normalizeAnswer,
  pairedDifference,
  perplexity,
  precision,
  precisionRecallCurve,
  recall,
  rocAuc,
  rocCurve,
  tokenF1,
} from "@tunebook/training";
import reference from "../../reference/scikit_learn.json" with { type: "json" };

function assertClose(actual: readonly number[], expected: readonly number[]) {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-12));
}

Deno.test("classification scores are scikit-learn's", () => {
  for (const example of reference.metrics.classification) {
    const { actual, predicted, averages } = example;
    assertAlmostEquals(accuracy(actual, predicted), example.accuracy, 1e-12);
    assertEquals(confusionMatrix(actual, predicted), {
      labels: example.labels,
      counts: example.confusion,
    });
    const scores = classScores(actual, predicted);
    for (const name of ["precision", "recall", "f1", "support"] as const) {
      assertClose(scores.map((entry) => entry[name]), example[name]);
    }
    for (const average of ["micro", "macro", "weighted"] as const) {
      const expected = averages[average];
      assertAlmostEquals(precision(actual, predicted, average), expected.precision, 1e-12);
      assertAlmostEquals(recall(actual, predicted, average), expected.recall, 1e-12);
      assertAlmostEquals(f1(actual, predicted, average), expected.f1, 1e-12);
    }
  }
});

Deno.test("rankings are scikit-learn's, ties included", () => {
  for (const { actual, scores, ...expected } of reference.metrics.ranking) {
    const roc = rocCurve(actual, scores);
    assertClose(roc.x, expected.fpr);
    assertClose(roc.y, expected.tpr);
    assertAlmostEquals(rocAuc(actual, scores), expected.auc, 1e-12);
    const curve = precisionRecallCurve(actual, scores);
    assertClose(curve.x, expected.recall);
    assertClose(curve.y, expected.precision);
    assertAlmostEquals(averagePrecision(actual, scores), expected.averagePrecision, 1e-12);
  }
});

Deno.test("log loss is scikit-learn's", () => {
  for (const { actual, probabilities, expected } of reference.metrics.logLoss) {
    assertAlmostEquals(logLoss(actual, probabilities), expected, 1e-12);
  }
  assert(logLoss([0], [[0, 1]]) < 37, "a probability of 0 costs much, not infinitely much");
});

Deno.test("calibration compares confidence with accuracy, bin by bin", () => {
  const { error, bins } = calibration([0, 0, 1, 1], [[1, 0], [0.6, 0.4], [0.6, 0.4], [0.2, 0.8]]);
  // Sure and right; twice 0.6 sure, half right; once 0.8 sure and right.
  assertAlmostEquals(error, (0 + 2 * 0.1 + 0.2) / 4, 1e-12);
  assertEquals(bins.map((bin) => bin.count), [0, 0, 0, 0, 0, 2, 0, 1, 0, 1]);
  assertAlmostEquals(bins[5]!.confidence, 0.6);
  assertEquals(bins[5]!.accuracy, 0.5);
});

Deno.test("perplexity and bits a byte", () => {
  assertAlmostEquals(perplexity(0), 1);
  assertAlmostEquals(bitsPerByte(Math.log(4), 10, 20), 1);
});

Deno.test("answers are compared as SQuAD compares them", () => {
  assertEquals(normalizeAnswer("The  Senate's (upper) house!"), "senates upper house");
  assertEquals(exactMatch("A treaty.", ["the war", "treaty"]), 1);
  assertEquals(exactMatch("treaties", ["treaty"]), 0);
  assertAlmostEquals(tokenF1("in the year 1812", ["1812", "year 1813"]), 0.5);
  assertEquals(tokenF1("the", ["a"]), 1, "both empty after normalising");
  assertEquals(tokenF1("", ["x"]), 0);
  assertAlmostEquals(tokenF1("no no no", ["no"]), 0.5);
  assertThrows(() => exactMatch("x", []), RangeError);
});

Deno.test("the interval of a mean over seeds is Student's", () => {
  // scipy.stats.t.interval(0.95, 4, loc=mean, scale=sem) of these values
  const { value, low, high } = meanInterval([0.71, 0.68, 0.74, 0.7, 0.72]);
  assertAlmostEquals(value, 0.71, 1e-12);
  assertAlmostEquals(low, 0.71 - 2.7764451051977934 * 0.01, 1e-9);
  assertAlmostEquals(high, 0.71 + 2.7764451051977934 * 0.01, 1e-9);
  assertEquals(meanInterval([3]), { value: 3, low: -Infinity, high: Infinity });
  assertThrows(() => meanInterval([]), RangeError);
});

Deno.test("pairing cancels what the runs share", () => {
  const easy = [0.9, 0.5, 0.7, 0.6, 0.8];
  const better = easy.map((score, i) => score + 0.02 + 0.001 * (i % 2));
  const paired = pairedDifference(better, easy);
  assert(paired.low > 0.019 && paired.high < 0.022);
  const alone = meanInterval(better);
  assert(alone.high - alone.low > 0.3, "while each alone is uncertain");
  assertThrows(() => pairedDifference([1], []), RangeError);
});

Deno.test("a bootstrap interval covers the truth about as often as it says", () => {
  let covered = 0;
  for (let run = 0; run < 200; run++) {
    let state = run + 1;
    const sample = Array.from({ length: 60 }, () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647 < 0.7 ? 1 : 0;
    });
    const { low, high } = bootstrapInterval(sample, { resamples: 300, seed: run });
    if (low <= 0.7 && 0.7 <= high) covered++;
  }
  assert(covered >= 176 && covered <= 200, `covered ${covered} of 200`);
});

Deno.test("records of one group are drawn together, which widens the interval", () => {
  const scores = Array.from({ length: 200 }, (_, i) => (i % 10 < 5 ? 1 : 0));
  const groups = scores.map((_, i) => i % 10);
  const single = bootstrapInterval(scores), grouped = bootstrapInterval(scores, { groups });
  assert(grouped.high - grouped.low > 2 * (single.high - single.low));
  assertEquals(bootstrapInterval(scores, { groups }), grouped, "one seed, one interval");
  assertThrows(() => bootstrapInterval([1, 2], { groups: [1] }), RangeError);
});

Deno.test("a bootstrap of another statistic", () => {
  const pairs = Array.from({ length: 50 }, (_, i) => ({ actual: i % 2, predicted: i % 3 ? 1 : 0 }));
  const macro = (sample: readonly { actual: number; predicted: number }[]) =>
    f1(sample.map((pair) => pair.actual), sample.map((pair) => pair.predicted));
  const { value, low, high } = bootstrapInterval(pairs, { resamples: 200 }, macro);
  assert(low < value && value < high);
});

Deno.test("what can't be scored says why", () => {
  assertThrows(() => accuracy([], []), RangeError, "0 records");
  assertThrows(() => accuracy(["a"], []), RangeError, "0 predictions");
  assertThrows(() => confusionMatrix(["a"], ["b"], ["a"]), RangeError, "found b at record 0");
  assertThrows(() => rocAuc([true], [0.5]), RangeError, "both classes");
  assertThrows(() => precisionRecallCurve([false], [0.5]), RangeError, "positive");
  assertThrows(() => rocAuc([true, false], [0.5, NaN]), RangeError, "NaN");
  assertThrows(() => logLoss([2], [[0.5, 0.5]]), RangeError, "found 2 at record 0");
  assertThrows(() => logLoss([0], [[3, -1]]), RangeError, "softmax");
});
