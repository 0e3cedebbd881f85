import { assertEquals, assertThrows } from "@std/assert";
import { type Column, type DataItem, parse, stringify, type StringifyOptions } from "@std/csv";

interface Case {
  data: DataItem[];
  options?: StringifyOptions;
  text: string;
}

/** A test for each list of rows and the text it should give, with `\n` for `\r\n`. */
function writesAs(cases: Record<string, Case>): void {
  for (const [name, { data, options, text }] of Object.entries(cases)) {
    Deno.test(`stringify: ${name}`, () => {
      assertEquals(stringify(data, options), text.replaceAll("\n", "\r\n"));
    });
  }
}

writesAs({
  "arrays": { data: [[1, 2], [3, 4]], text: "1,2\n3,4\n" },
  "nothing": { data: [], text: "" },
  "nothing but headers": { data: [], options: { columns: ["a", 1] }, text: "a,1\n" },
  "nothing, and no headers": { data: [], options: { columns: ["a"], headers: false }, text: "" },
  "an empty row": { data: [[]], text: "\n" },
  "objects": {
    data: [{ a: 1, b: 2, c: 3 }, { b: 5 }],
    options: { columns: ["b", "a"] },
    text: "b,a\n2,1\n5,\n",
  },
  "without headers": {
    data: [{ a: 1 }],
    options: { columns: ["a"], headers: false },
    text: "1\n",
  },
  "columns of arrays": { data: [["a", "b"]], options: { columns: [1] }, text: "1\nb\n" },
  "numbers as keys": { data: [{ 1: "a" }], options: { columns: [1] }, text: "1\na\n" },
  "paths": {
    data: [{ a: { b: 1, c: ["x", "y"] } }],
    options: { columns: [["a", "b"], ["a", "c", 1], ["a"]] },
    text: 'b,1,a\n1,y,"{""b"":1,""c"":[""x"",""y""]}"\n',
  },
  "a path that ends early gives what it found": {
    data: [{ a: 5 }, { a: null }, {}],
    options: { columns: [["a", "b"]] },
    text: "b\n5\n\n\n",
  },
  "headers of one's own": {
    data: [{ a: { b: 1 }, c: 2 }],
    options: {
      columns: [{ prop: ["a", "b"], header: "first" }, { prop: "c" }, { prop: "c", header: "" }],
    },
    text: "first,c,\n1,2,2\n",
  },
  "headers that need quotes": {
    data: [],
    options: { columns: ["a,b", 'c"d'] },
    text: '"a,b","c""d"\n',
  },
  "a byte-order mark": { data: [["a"]], options: { bom: true }, text: "\ufeffa\n" },
  "no byte-order mark": { data: [["a"]], options: { bom: false }, text: "a\n" },
});

writesAs({
  "null and undefined": { data: [[null, undefined, ""]], text: ",,\n" },
  "numbers": { data: [[0xa, -0, NaN, 1e21, 10n]], text: "10,0,NaN,1e+21,10\n" },
  "booleans and symbols": { data: [[true, Symbol("a")]], text: "true,Symbol(a)\n" },
  "objects as JSON": {
    data: [[{ a: "b" }, [1, 2], new Date(0)]],
    text: '"{""a"":""b""}","[1,2]","""1970-01-01T00:00:00.000Z"""\n',
  },
  "quotes": { data: [['a"']], text: '"a"""\n' },
  "separators": { data: [["a,b", "c;d"]], text: '"a,b",c;d\n' },
  "another separator": {
    data: [["a,b", "c;d"]],
    options: { separator: ";" },
    text: 'a,b;"c;d"\n',
  },
  "a separator of two characters": {
    data: [["a::b", "c:d"]],
    options: { separator: "::" },
    text: '"a::b"::c:d\n',
  },
  "formulas, as they are": { data: [["=1+1", "+1", "@a"]], text: "=1+1,+1,@a\n" },
  "spaces, as they are": { data: [[" a "]], text: " a \n" },
});

Deno.test("stringify: line ends need quotes, a lone CR does not", () => {
  assertEquals(stringify([["a\nb", "a\r\nb", "a\rb"]]), '"a\nb","a\r\nb",a\rb\r\n');
});

Deno.test("stringify: odd separators that std allows", () => {
  const columns = [0, 1];
  assertEquals(stringify([["a", "b"]], { columns, separator: "\r" }), "0\r1\r\na\rb\r\n");
  assertEquals(stringify([["a", "b"]], { columns, separator: "\n" }), "0\n1\r\na\nb\r\n");
});

Deno.test("stringify refuses separators that cannot be told from the rest", () => {
  for (const separator of ['"', "\r\n", 'a"']) {
    assertEquals(
      assertThrows(() => stringify([], { separator }), TypeError).message,
      [
        "Separator cannot include the following strings:",
        '  - U+0022: Quotation mark (")',
        "  - U+000D U+000A: Carriage Return + Line Feed (\\r\\n)",
      ].join("\n"),
    );
  }
});

Deno.test("stringify refuses objects without columns", () => {
  for (const options of [undefined, {}, { columns: [] }]) {
    assertThrows(
      () => stringify([{ a: 1 }], options),
      TypeError,
      "No property accessor function was provided for object",
    );
  }
});

Deno.test("stringify refuses keys of arrays that are no numbers", () => {
  const columns: Column[][] = [["a"], [["b", "a"]]];
  for (const [i, data] of [[["x"]], [{ b: ["x"] }]].entries()) {
    assertThrows(
      () => stringify(data, { columns: columns[i] as Column[] }),
      TypeError,
      'Property accessor is not of type "number"',
    );
  }
});

Deno.test("stringify changes none of its arguments", () => {
  const data = Object.freeze([Object.freeze([1, 2])]);
  const columns = Object.freeze([0, 1]);
  assertEquals(stringify(data, { columns }), "0,1\r\n1,2\r\n");
});

Deno.test("stringify, then parse: the same text comes back", () => {
  const texts = ["", "a", 'say "yes"', "one,two", "line\nline", "\ufeffmark", "🐱", " a ", "=1"];
  const rows = texts.flatMap((a) => texts.map((b) => ["row", a, b]));
  for (const separator of [",", ";", "\t", "::"]) {
    assertEquals(parse(stringify(rows, { separator, bom: true }), { separator }), rows);
  }
});
