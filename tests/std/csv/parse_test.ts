import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse, type ParseOptions } from "@std/csv";
import type { Holds, Same } from "../types.ts";

interface Case {
  text: string;
  options?: ParseOptions;
  rows: string[][];
}

/** A test for each text and the rows it should give. */
function readsAs(cases: Record<string, Case>): void {
  for (const [name, { text, options, rows }] of Object.entries(cases)) {
    Deno.test(`parse: ${name}`, () => assertEquals(parse(text, options ?? {}), rows));
  }
}

readsAs({
  "a line": { text: "a,b,c\n", rows: [["a", "b", "c"]] },
  "a line without an end": { text: "a,b,c", rows: [["a", "b", "c"]] },
  "CRLF": { text: "a,b\r\nc,d\r\n", rows: [["a", "b"], ["c", "d"]] },
  "nothing": { text: "", rows: [] },
  "blank lines only": { text: "\r\n\r\n\n", rows: [] },
  "blank lines between": { text: "a\n\nb\n\n", rows: [["a"], ["b"]] },
  "a line of spaces is not blank": { text: "a\n \nb", rows: [["a"], [" "], ["b"]] },
  "ragged rows": { text: "a,b,c\nd,e\n", rows: [["a", "b", "c"], ["d", "e"]] },
  "empty fields": { text: ",,\na,,\n,,b", rows: [["", "", ""], ["a", "", ""], ["", "", "b"]] },
  "spaces belong to the field": { text: " a,  b,c ", rows: [[" a", "  b", "c "]] },
  "a byte-order mark is dropped": { text: "\ufeffa", rows: [["a"]] },
  "a byte-order mark before a quote": { text: '\ufeff"a""b"', rows: [['a"b']] },
  "a byte-order mark further on stays": { text: "a\ufeffb", rows: [["a\ufeffb"]] },
  "control characters": { text: "\x09\x41\xb4\x1c,b", rows: [["\x09A\xb4\x1c", "b"]] },
});

readsAs({
  "quoted fields": { text: '"a","b, c",d', rows: [["a", "b, c", "d"]] },
  "empty quoted fields": { text: '"",""\n"",a', rows: [["", ""], ["", "a"]] },
  "doubled quotes": { text: '"a ""b""",""""', rows: [['a "b"', '"']] },
  "four pairs of quotes": { text: '""""""""', rows: [['"""']] },
  "line ends in quotes": { text: '"a\nb","c\n\n\nd"', rows: [["a\nb", "c\n\n\nd"]] },
  "CRLF in quotes becomes LF": { text: 'a,"b\r\nc"\r\n', rows: [["a", "b\nc"]] },
  "line ends alone in quotes": { text: '"\n\n\n"', rows: [["\n\n\n"]] },
  "separators that look like the start of a character": {
    text: '"abθcd"λefθgh',
    options: { separator: "λ", comment: "€" },
    rows: [["abθcd", "efθgh"]],
  },
});

readsAs({
  "CR inside a field": { text: "a\rb,c\r\n", rows: [["a\rb", "c"]] },
  "CR inside quotes": { text: '"a\rb"', rows: [["a\rb"]] },
  "one CR at the end of the text": { text: "a,b\r", rows: [["a", "b"]] },
  "one CR at the end after a quote": { text: '"a"\r', rows: [["a"]] },
  "two CR at the end of the text": { text: "a\r\r", rows: [["a\r"]] },
  "CR CR LF": { text: "a\r\r\nb\r\r\n", rows: [["a\r"], ["b\r"]] },
  "CR at the start of a line": { text: "a\r\n\rb\r\n\r\r", rows: [["a"], ["\rb"], ["\r"]] },
});

readsAs({
  "semicolons": { text: "a;b,c", options: { separator: ";" }, rows: [["a", "b,c"]] },
  "tabs": { text: "a\tb\n", options: { separator: "\t" }, rows: [["a", "b"]] },
  "a separator of two characters": {
    text: 'a::"b::c"::d:e',
    options: { separator: "::" },
    rows: [["a", "b::c", "d:e"]],
  },
  "comments": {
    text: "#1,2\na,b\n#c",
    options: { comment: "#" },
    rows: [["a", "b"]],
  },
  "no comments without the option": { text: "#1,2\na,b", rows: [["#1", "2"], ["a", "b"]] },
  "a comment starts its line": {
    text: ' # a\nb,#c\n"# d"',
    options: { comment: "#", trimLeadingSpace: true },
    rows: [["# a"], ["b", "#c"], ["# d"]],
  },
  "leading space": {
    text: ' a,  b, "c", " d"',
    options: { trimLeadingSpace: true },
    rows: [["a", "b", "c", " d"]],
  },
  "leading space, nothing behind": {
    text: "a, \nb, ",
    options: { trimLeadingSpace: true },
    rows: [["a", ""], ["b", ""]],
  },
  "leading space that is the separator": {
    text: "a\t\tb\tc",
    options: { trimLeadingSpace: true, separator: "\t" },
    rows: [["a", "b", "c"]],
  },
  "a byte-order mark is a leading space": {
    text: " \ufeffa",
    options: { trimLeadingSpace: true },
    rows: [["a"]],
  },
});

const lazy = { lazyQuotes: true };
readsAs({
  "lazy quotes": { text: 'a "b",c"', options: lazy, rows: [['a "b"', 'c"']] },
  "lazy quotes, doubled": { text: 'a""b,c', options: lazy, rows: [['a""b', "c"]] },
  "lazy quotes in a quoted field": { text: '"1"2",a', options: lazy, rows: [['1"2', "a"]] },
  "lazy quotes at the end of a line": { text: '"a"b"\r\n', options: lazy, rows: [['a"b']] },
  "lazy quotes, never closed": { text: '"a,b\nc', options: lazy, rows: [["a,b\nc"]] },
  "lazy quotes, an odd number": { text: '"""""""', options: lazy, rows: [['"""']] },
  "lazy quotes, an open one last": { text: 'a,"', options: lazy, rows: [["a", ""]] },
});

readsAs({
  "as many fields as asked for": {
    text: "a,b\n\nc,d",
    options: { fieldsPerRecord: 2 },
    rows: [["a", "b"], ["c", "d"]],
  },
  "as many fields as the first record": {
    text: "a,b\n\nc,d",
    options: { fieldsPerRecord: 0 },
    rows: [["a", "b"], ["c", "d"]],
  },
  "any number of fields": {
    text: "a,b\nc",
    options: { fieldsPerRecord: -1 },
    rows: [["a", "b"], ["c"]],
  },
});

/** Texts that are refused, and the end of the message. */
const refused: Record<string, [text: string, message: string, options?: ParseOptions]> = {
  "a quote in a plain field": [
    'a "b",c',
    'Syntax error on line 1; parse error on line 1, column 3: bare " in non-quoted-field',
  ],
  "a quote after a plain field": [
    '"a b",c"',
    'Syntax error on line 1; parse error on line 1, column 8: bare " in non-quoted-field',
  ],
  "columns count characters, not code units": [
    'a,🐱"',
    'Syntax error on line 1; parse error on line 1, column 4: bare " in non-quoted-field',
  ],
  "text after a quoted field": [
    '"a "b"',
    'Syntax error on line 1; parse error on line 1, column 4: extraneous or missing " in quoted-field',
  ],
  "a quoted field over two lines": [
    'a,"b\nc"d,e',
    'Syntax error on line 1; parse error on line 2, column 2: extraneous or missing " in quoted-field',
  ],
  "a quote that is never closed": [
    'a,b\n"d\n\n,e',
    'Syntax error on line 2; parse error on line 4, column 1: extraneous or missing " in quoted-field',
  ],
  "a quote opened last of all": [
    '"""""""',
    'Syntax error on line 1; parse error on line 1, column 8: extraneous or missing " in quoted-field',
  ],
  "a record counts once, however many lines it has": [
    '"a\nb"\nc"',
    'Syntax error on line 2; parse error on line 2, column 2: bare " in non-quoted-field',
  ],
  "too few fields": [
    "a,b\n\nc",
    "Syntax error on line 3: expected 2 fields but got 1",
    { fieldsPerRecord: 0 },
  ],
  "too many fields": [
    "a,b,c",
    "Syntax error on line 1: expected 2 fields but got 3",
    { fieldsPerRecord: 2 },
  ],
  "a comment counts as a first record of no fields, as in std": [
    "#\na",
    "Syntax error on line 2: expected 0 fields but got 1",
    { fieldsPerRecord: 0, comment: "#" },
  ],
};
for (const [name, [text, message, options]] of Object.entries(refused)) {
  Deno.test(`parse refuses: ${name}`, () => {
    const error = assertThrows(() => parse(text, options ?? {}), SyntaxError);
    assertEquals(error.message, message);
  });
}

Deno.test("parse refuses delimiters that cannot be told from the rest", () => {
  const bad: ParseOptions[] = [
    ...["\n", "\r", '"', ""].map((separator) => ({ separator })),
    ...["\n", "\r", '"', ","].map((comment) => ({ comment })),
    { separator: "X", comment: "X" },
  ];
  for (const options of bad) {
    assertThrows(() => parse("", options), Error, "Cannot parse input: invalid delimiter");
  }
});

Deno.test("parse: the first row names the columns", () => {
  const text = "a,b\n1,2\n\n3,4";
  assertEquals(parse(text, { skipFirstRow: true }), [{ a: "1", b: "2" }, { a: "3", b: "4" }]);
  assertEquals(parse("a,b", { skipFirstRow: true }), []);
  assertThrows(
    () => parse("", { skipFirstRow: true }),
    TypeError,
    "Cannot parse input: headers must be defined",
  );
});

Deno.test("parse: columns of one's own, with and without the first row", () => {
  const text = "1,2\n3,4";
  const columns = ["a", "b"] as const;
  assertEquals(parse(text, { columns }), [{ a: "1", b: "2" }, { a: "3", b: "4" }]);
  assertEquals(parse(text, { columns, skipFirstRow: true }), [{ a: "3", b: "4" }]);
  assertEquals(parse("", { columns }), []);
});

Deno.test("parse: a row of another width than the columns", () => {
  const row = (fields: number) => `The record has ${fields} fields, but the header has 2 fields`;
  const refuses = (text: string, options: ParseOptions, message: string) =>
    assertEquals(assertThrows(() => parse(text, options), Error).message, message);
  refuses("a,b\n1,2\n3", { skipFirstRow: true }, `Syntax error on line 3: ${row(1)}`);
  refuses("1,2,3", { columns: ["a", "b"] }, `Syntax error on line 1: ${row(3)}`);
});

Deno.test("parse: the options decide the type", () => {
  const rows = parse("a\nb");
  const unset = parse("a\nb", {});
  const kept = parse("a\nb", { skipFirstRow: false });
  const named = parse("a\nb", { skipFirstRow: true });
  const given = parse("a,b", { columns: ["x", "y"] });
  const both = parse("a,b", { skipFirstRow: true, columns: ["x", "y"] });
  const some = parse("a", { columns: ["x"] as string[] });
  const either = parse("a", {} as ParseOptions);
  const types: [
    Holds<Same<typeof rows, string[][]>>,
    Holds<Same<typeof unset, string[][]>>,
    Holds<Same<typeof kept, string[][]>>,
    Holds<Same<typeof named, Record<string, string>[]>>,
    Holds<Same<typeof given, Record<"x" | "y", string>[]>>,
    Holds<Same<typeof both, Record<"x" | "y", string>[]>>,
    Holds<Same<typeof some, Record<string, string>[]>>,
    Holds<Same<typeof either, Record<string, string>[] | string[][]>>,
  ] = [true, true, true, true, true, true, true, true];
  assert(types.every(Boolean));
});

Deno.test("parse: a hundred thousand lines in a moment", () => {
  const text = 'some text,"a ""quoted"" one",12\n'.repeat(100_000);
  const start = performance.now();
  const rows = parse(text);
  assertEquals(rows.length, 100_000);
  assertEquals(rows.at(-1), ["some text", 'a "quoted" one', "12"]);
  assert(performance.now() - start < 5000, "parse should be linear in the length of the text");
});
