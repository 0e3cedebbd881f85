import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { classWeights, cohenKappa, injectLabelNoise, resampleClasses } from "@tunebook/data";
import reference from "../../reference/scikit_learn.json" with { type: "json" };

const count = (labels: readonly string[], label: string) =>
  labels.filter((other) => other === label).length;

Deno.test("Cohen's kappa is scikit-learn's", () => {
  for (const { actual, predicted, kappa } of reference.metrics.classification) {
    assertAlmostEquals(cohenKappa(actual, predicted), kappa, 1e-12);
  }
});

Deno.test("annotators who always give the same one label agree fully", () => {
  assertEquals(cohenKappa(["a", "a"], ["a", "a"]), 1);
  assertThrows(() => cohenKappa([], []), RangeError, "at least one record");
  assertThrows(() => cohenKappa(["a"], []), RangeError, "1 and 0");
});

Deno.test("class weights make every class weigh the same", () => {
  const labels = ["a", "a", "a", "b", "c", "c"];
  const weights = classWeights(labels);
  for (const label of ["a", "b", "c"]) {
    assertAlmostEquals(weights.get(label)! * count(labels, label), 2);
  }
  assertThrows(() => classWeights([]), RangeError);
});

Deno.test("re-sampling makes the classes equally large and invents no record", () => {
  const labels = [...Array(90).fill("ham"), ...Array(7).fill("spam")];
  const over = resampleClasses(labels, "over", 1);
  assertEquals(count(over.map((i) => labels[i]), "ham"), 90);
  assertEquals(count(over.map((i) => labels[i]), "spam"), 90);
  assertEquals(new Set(over).size, 97, "every record stays");
  const under = resampleClasses(labels, "under", 1);
  assertEquals(under.length, 14);
  assertEquals(new Set(under).size, 14, "none is repeated");
  assertEquals(resampleClasses(labels, "under", 1), under);
});

Deno.test("label noise changes exactly the share asked for, to other classes", () => {
  const labels = Array.from({ length: 200 }, (_, i) => ["a", "b", "c"][i % 3]!);
  for (const share of [0, 0.1, 0.333, 1]) {
    const { noisy, changed } = injectLabelNoise(labels, share, { seed: 2 });
    assertEquals(changed.length, Math.round(share * 200));
    assertEquals(noisy.flatMap((label, i) => label === labels[i] ? [] : [i]), changed);
    assert(noisy.every((label) => "abc".includes(label)));
  }
  assertEquals(labels[0], "a", "the labels given stay as they were");
});

Deno.test("label noise needs a share and something to confuse", () => {
  assertThrows(() => injectLabelNoise(["a", "b"], 1.1), RangeError, "share from 0 to 1");
  assertThrows(() => injectLabelNoise(["a", "a"], 0.5), RangeError, "name them in classes");
  assertEquals(injectLabelNoise(["a"], 1, { classes: ["a", "b"] }).noisy, ["b"]);
});
