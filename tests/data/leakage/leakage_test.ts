import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { jaccard, leakageReport, nearDuplicates, shinglesOf } from "@tunebook/data";

/** Texts of random words, and for some a copy with a few words changed. */
function corpus(texts: number, copies: number, wordsChanged: number) {
  let state = 7;
  const random = (n: number) => Math.floor((state = (state * 48271) % 2147483647) / 2147483647 * n);
  const word = () => `w${random(5000)}`;
  const originals = Array.from({ length: texts }, () => Array.from({ length: 100 }, word));
  const edited = originals.slice(0, copies).map((words) => {
    const copy = [...words];
    for (let i = 0; i < wordsChanged; i++) copy[random(100)] = word();
    return copy;
  });
  return [...originals, ...edited].map((words) => words.join(" "));
}

Deno.test("near-duplicates are the pairs that comparing all pairs finds", () => {
  const texts = corpus(150, 40, 3);
  const shingles = texts.map(shinglesOf);
  const expected: string[] = [];
  for (let second = 0; second < texts.length; second++) {
    for (let first = 0; first < second; first++) {
      if (jaccard(shingles[first]!, shingles[second]!) >= 0.6) expected.push(`${first} ${second}`);
    }
  }
  const found = nearDuplicates(texts, { threshold: 0.6 });
  assert(expected.length > 30, `only ${expected.length} pairs to find`);
  assertEquals(new Set(found.map(({ first, second }) => `${first} ${second}`)), new Set(expected));
});

Deno.test("case and punctuation don't hide a copy", () => {
  const pairs = nearDuplicates(["Dear Sir, send MONEY!", "dear sir  send money", "no"]);
  assertEquals(pairs, [{ first: 0, second: 1, similarity: 1 }]);
});

Deno.test("every pair of a thrice repeated text is found, and texts without a word never", () => {
  assertEquals(nearDuplicates(["a b", "a b", "a b"]).length, 3);
  assertEquals(nearDuplicates(["", "!?", "…"]), []);
  assertThrows(() => nearDuplicates([], { threshold: 0 }), RangeError, "threshold");
});

Deno.test("a report counts what is on both sides of a split and gives examples", () => {
  const texts = ["The same text", "another one here", "the same text!", "quite different words"];
  const report = leakageReport(texts, { train: [0, 1], test: [2, 3] }, {
    groups: ["ann", "bob", "ann", "cid"],
  });
  assertEquals([report.exact, report.near], [1, 0]);
  assertEquals(report.duplicateShare, { train: 0.5, test: 0.5 });
  assertEquals(report.sharedGroups, ["ann"]);
  assertEquals(report.examples[0]!.parts, ["train", "test"]);
  assertStringIncludes(report.summary, "1 pairs the same");
  assertStringIncludes(report.summary, "the same text!");
});

Deno.test("copies inside one part are no leak", () => {
  const report = leakageReport(["a b", "a b", "c d"], { train: [0, 1], test: [2] });
  assertEquals(report.exact, 0);
  assertEquals(report.summary, "No leakage found.");
});
