import { boolean, Corpus, fromCsv, integer, oneOf, text, toCsv } from "@tunebook/data";
import { assertEquals, assertThrows } from "@std/assert";

const columns = { id: integer, kind: oneOf("ham", "spam"), seen: boolean, note: text };

Deno.test("rows survive the way to CSV and back, whatever their text holds", () => {
  const kinds = ["ham", "spam"] as const;
  const notes = [
    "",
    " ",
    "a,b",
    'say "ah"',
    "two\nlines",
    "\n",
    '"',
    "鯨",
    "\u{1F433}",
    "a\tb",
    "#x",
  ];
  const rows = notes.map((note, id) => ({ id, kind: kinds[id % 2]!, seen: id % 2 === 0, note }));
  assertEquals(fromCsv(toCsv(rows, columns), columns), { rows, dropped: [] });
});

Deno.test("columns may stand in any order, and others are passed over", () => {
  const csv = "note,extra,seen,kind,id\nhello,x,true,spam,7\n";
  assertEquals(fromCsv(csv, columns).rows, [{ id: 7, kind: "spam", seen: true, note: "hello" }]);
});

Deno.test("wrong records are dropped with their position and the reason", () => {
  const csv = [
    "id,kind,seen,note",
    "1,ham,true,fine",
    "one,ham,true,",
    "2,eggs,true,",
    "3,ham,maybe,",
    "4,ham",
    "5,spam,false,fine",
  ].join("\n");
  const { rows, dropped } = fromCsv(csv, columns);
  assertEquals(rows.map(({ id }) => id), [1, 5]);
  assertEquals(dropped, [
    { index: 1, reason: 'id: Expected a whole number but found "one"' },
    { index: 2, reason: 'kind: Expected one of ham, spam but found "eggs"' },
    { index: 3, reason: 'seen: Expected one of true, false but found "maybe"' },
    { index: 4, reason: "Expected 4 cells but found 2" },
  ]);
});

Deno.test("a file without the columns, or an empty one, says what is missing", () => {
  assertThrows(() => fromCsv("id,note\n1,x\n", columns), TypeError, "kind, seen missing");
  assertThrows(() => fromCsv("", columns), TypeError, "but found nothing");
});

Deno.test("a corpus is shared, so it can't be changed", () => {
  const about = { title: "t", source: "s", licence: "l", citation: "c" };
  const corpus = new Corpus(about, { note: text }, [{ note: "a" }, { note: "b" }]);
  assertEquals([...corpus].map(({ note }) => note), ["a", "b"]);
  assertEquals(corpus.length, 2);
  assertThrows(() => (corpus.rows as { note: string }[]).reverse(), TypeError);
  assertThrows(() => ((corpus.rows[0] as { note: string }).note = "c"), TypeError);
  assertEquals(corpus.toCsv(), "note\r\na\r\nb\r\n");
});
