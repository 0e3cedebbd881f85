import {
  agreementTask,
  type ClassificationTask,
  periodTask,
  prepositionTask,
  punctuationTask,
  sentimentTask,
  spamTask,
  withoutGiveaways,
} from "@tunebook/finetune";
import { nearDuplicates } from "@tunebook/data";
import { assert, assertEquals, assertRejects } from "@std/assert";

const tasks: Record<string, () => Promise<ClassificationTask>> = {
  agreement: agreementTask,
  period: periodTask,
  preposition: prepositionTask,
  sentiment: () => sentimentTask(),
  spam: () => spamTask(),
};

for (const [name, make] of Object.entries(tasks)) {
  Deno.test(`${name}: balanced, no group in two parts, the same on every call`, async () => {
    const [task, again] = [await make(), await make()];
    assertEquals(task.name, name);
    const parts = [task.train, task.validation, task.test];
    assertEquals(
      parts.map((part) => part.at(0)),
      [again.train, again.validation, again.test].map((
        part,
      ) => part.at(0)),
    );
    const groups = parts.map((part) => new Set(part.column("group")));
    for (const [i, j] of [[0, 1], [0, 2], [1, 2]] as const) {
      assert(groups[i]!.isDisjointFrom(groups[j]!));
    }
    for (const part of parts) {
      const counts = task.labels.map((_, label) =>
        part.filter((example) => example.label === label).length
      );
      const even = part.length / task.labels.length;
      assert(counts.every((count) => Math.abs(count - even) <= 0.1 * even), counts.join());
    }
  });
}

Deno.test("a period is the year's, and no year stands in the sentence", async () => {
  const { train, labels } = await periodTask();
  for (const { text, label, group } of train) {
    const [from, to] = labels[label]!.split("-").map(Number) as [number, number];
    const year = Number(group.slice(0, 4));
    assert(from <= year && year <= to && !/\d{4}/.test(text), `${group}: ${text}`);
  }
});

Deno.test("what an agreement or a preposition is asked for does not end the text", async () => {
  const verb = /\s(is|was|has|are|were|have)$/;
  assert((await agreementTask()).test.toArray().every(({ text }) => !verb.test(text)));
  const { test, labels } = await prepositionTask();
  assert(test.toArray().every(({ text, label }) => !text.endsWith(` ${labels[label]}`)));
});

Deno.test("sentiment takes the sources named, and keeps near-duplicates in one part", async () => {
  const yelp = await sentimentTask({ sources: ["yelp"] });
  assert([...yelp.train, ...yelp.test].every(({ group }) => group.startsWith("yelp ")));
  await assertRejects(() => sentimentTask({ sources: [] }), RangeError, "amazon, imdb, yelp");
  const { train, test } = await sentimentTask();
  const texts = [...train.column("text"), ...test.column("text")];
  const across = nearDuplicates(texts, {
    compare: (a, b) => a < train.length && b >= train.length,
  });
  assertEquals(across, []);
});

Deno.test("spam has no tells of lists, quotes, links and addresses", () => {
  const text = withoutGiveaways({
    subject: "Re: [ILUG] Cheap flights     8812",
    text: "On Monday Ann wrote:\n> old\nSee http://x.org now, ann@x.org\n-- \nlist footer",
  });
  assertEquals(text, "Cheap flights. See LINK now, ADDRESS");
});

Deno.test("punctuation is asked for word by word, without capitals or marks", async () => {
  const { train, labels } = await punctuationTask();
  assertEquals(labels.length, 4);
  for (const { words, wordLabels } of train.take(200)) {
    assertEquals(words.length, wordLabels.length);
    assert(
      words.every((word, i) => /^ ?[^.,;:?!A-Z]+$/.test(word) && (i === 0) !== /^ /.test(word)),
    );
  }
});
