import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { completionPoint } from "../../../kernel/relay/completion.ts";
import type { JsonObject, Message } from "../../../kernel/wire/mod.ts";
import { readCompletions } from "../../../kernel/language/completion.ts";
import { renderWarning } from "../../../kernel/language/diagnostics.ts";
import { CellDocuments } from "../../../kernel/language/documents.ts";
import { OutputGate } from "../../../kernel/language/gate.ts";
import { nameAt } from "../../../kernel/language/inspection.ts";
import {
  completeCommand,
  readMagics,
  timeText,
  withoutMagics,
} from "../../../kernel/language/magics.ts";
import { readNames } from "../../../kernel/language/names.ts";
import { isObjectCell } from "../../../kernel/language/object_cell.ts";
import { Rpc } from "../../../kernel/language/rpc.ts";
import { isInText } from "../../../kernel/language/tokens.ts";

function documentsOf(...cells: string[]) {
  const documents = new CellDocuments("file:///n/");
  const made = cells.map((code, i) => documents.add(i + 1, code, readNames(code)));
  return { documents, made, texts: made.map(({ text }) => text) };
}

Deno.test("a cell's document imports what it takes from the cells before it", () => {
  const { texts, made } = documentsOf("const a = 1; let b = 2", "a + b + c", "{ a: 1 }");
  assertEquals(texts[0], "\nconst a = 1; let b = 2\n;export { a, b };");
  assertEquals(
    texts[1],
    'declare let b: typeof import("./__cell_1.ts").b; import { a } from "./__cell_1.ts";\n' +
      "a + b + c\n;export {  };",
  );
  assertEquals(texts[2], 'import { a } from "./__cell_1.ts";(\n{ a: 1 }\n);export {  };');
  assertEquals(made.map(({ declares }) => declares), [true, false, false]);
});

Deno.test("a cell in braces is an object or a block, as it runs", () => {
  const objects = [
    ...["{ a: 1 }", "{}", "{ a, b }", "{ ...a }", "{ 'a': 1 }", "{ 1: 2 }", "{ [a]: 1 }"],
    ...["{ f() { return 1 } }", "{ f(): number { return 1 } }", "{ get a() { return 1 } }"],
    ...["{ async *f() {} }", "\n{ a: 1 }.a\n", "{ a: 1 } as const", "{ async: 1 }"],
    ...["{", "{ a", "{ a: b.c", "{ a: `${"], // half typed
  ];
  const blocks = [
    ...["{ const x = 1; x }", "{ f(1); }", "{ f(1) }", "{ a.b = 1; }", "{ x = 1 }", "a"],
    ...["{ a: 1 };", "{ a\n}\nb", "{ a: 1 }\nf()", "{ [a, b] = [b, a]; }", "{ async () => 1 }"],
    ...["{ a: for (;;) {} }", "{ for (const a of b) { a } }", "{ if (a > b) { a } }"],
  ];
  for (const code of objects) assertEquals([code, isObjectCell(code)], [code, true]);
  for (const code of blocks) assertEquals([code, isObjectCell(code)], [code, false]);
  assertEquals(documentsOf("{ f(1); }").texts, ["\n{ f(1); }\n;export {  };"]);
});

Deno.test("a cursor in a string, a template or a comment is told from one in code", () => {
  for (const text of ['"a', "'a\\", "`a", "`a\\", "// a", "/* a", "`${'a", "`${a}b", "1."]) {
    assertEquals([text, isInText(text)], [text, true]);
  }
  for (
    const code of ["", "a", '"a"; ', "`${a", "`a`; b", "// a\nb", "/* a */ b", "/a/; b", "a / b"]
  ) {
    assertEquals([code, isInText(code)], [code, false]);
  }
});

Deno.test("a long name or number is passed over quickly", () => {
  const code = `const digits = "${"0a".repeat(100_000)}`;
  assertEquals(completionPoint(code)!.path, []);
  assertEquals(completionPoint(`${code}"; digits.le`), { path: ["digits"], typed: "le" });
  assertEquals(nameAt(`${code}"; digits`, code.length + 6), code.length + 3);
  assertEquals(readCompletions([{ label: "length" }], `${code}"; digits.le`, code.length + 12), {
    start: code.length + 10,
    proposals: [{ text: "length", type: "text", item: { label: "length" } }],
  });
  assertEquals([...readNames(`${code}"`).declared.keys()], ["digits"]);
});

Deno.test("of documents only those are kept that a later cell can need", () => {
  const { documents } = documentsOf(
    "const a = 1",
    "const b = a",
    "const a = 2",
    "b",
    "const c = 1",
  );
  // The first is what the second is made of.
  assertEquals(documents.prune().map(({ number }) => number), [4]);
  documents.add(6, "const b = 1", readNames("const b = 1"));
  assertEquals(documents.prune().map(({ number }) => number), [1, 2]);
  assertEquals(documents.all.map(({ number }) => number), [3, 5, 6]);
  assertEquals(documents.clear().length, 3);
  assertEquals(documents.draft("a.").text, "\na.\n;export {  };");
});

Deno.test("proposals are told apart by what is typed, and replace what they say", () => {
  const range = { start: { line: 1, character: 1 }, end: { line: 1, character: 2 } };
  const read = (items: object[], code: string) => {
    const { start, proposals } = readCompletions({ items: items as never[] }, code, code.length);
    return [start, proposals.map(({ text, type }) => `${text} ${type}`)];
  };
  const items = [{ label: "two", kind: 2, sortText: "2" }, {
    label: "Toe",
    kind: 7,
    sortText: "1",
  }];
  assertEquals(read(items, "a.t"), [2, ["Toe class", "two method"]]);
  assertEquals(read(items, "a.tw"), [2, ["two method"]]);
  // A member of what may be missing replaces the dot.
  const maybe = { label: "b", kind: 5, filterText: "?.b", textEdit: { range, newText: "?.b" } };
  assertEquals(read([maybe], "a."), [1, ["?.b property"]]);
  assertEquals(read([{ ...maybe, additionalTextEdits: [{}] }], "a."), [2, []]);
  // The mark of a private name is a part of it.
  assertEquals(read([{ label: "#two", kind: 5 }], "a.#t"), [2, ["#two property"]]);
  assertEquals(readCompletions(null, "a.", 2), { start: 2, proposals: [] });
});

Deno.test("a warning shows the first mistakes with their lines, and no style", () => {
  const at = (line: number, code: number, severity = 1) => ({
    range: { start: { line, character: 6 }, end: { line, character: 7 } },
    ...{ severity, code, source: "deno-ts", message: `<${code}>` },
  });
  const cell = { count: 7, code: Array(20).fill("const x = 1;").join("\n") };
  const data = (...found: object[]) =>
    renderWarning(found as never[], cell)?.data as Record<string, string> | undefined;
  assertEquals(data(), undefined);
  assertEquals(
    data(at(1, 6133, 4), at(1, 7006), at(1, 2307), { ...at(1, 1), source: "deno" }),
    undefined,
  );
  assertEquals(data(at(0, 2322), at(99, 2322)), undefined); // Not in the cell.
  const shown = data(at(12, 2322), at(2, 2339))!;
  assertEquals(
    shown["text/plain"],
    "⚠ TS2339 at Cell [7]:2:7: <2339>\n      2 | const x = 1;\n        |       ~\n" +
      "⚠ TS2322 at Cell [7]:12:7: <2322>\n      12 | const x = 1;\n         |       ~",
  );
  assertEquals(/<2339>/.test(shown["text/html"]!), false);
  const many = data(...[1, 2, 3, 4, 5].map((line) => at(line, 2322)))!;
  assertEquals(many["text/plain"]!.split("\n").at(-1), "… and 2 more");
});

Deno.test("of a long line a warning shows the part that is wrong", () => {
  const warn = (code: string, from: number, to: number) => {
    const range = { start: { line: 1, character: from }, end: { line: 1, character: to } };
    const found = { range, severity: 1, code: 1, source: "deno-ts", message: "m" };
    const { data } = renderWarning([found], { count: 1, code })!;
    return (data as Record<string, string>)["text/plain"]!.split("\n");
  };
  const [place, line, squiggle] = warn(
    `${"a".repeat(1_000)}wrong${"b".repeat(1_000)}`,
    1_000,
    1_005,
  );
  assertEquals(place, "⚠ TS1 at Cell [1]:1:1001: m");
  assertEquals(line, `      1 | …${"a".repeat(40)}wrong${"b".repeat(75)}…`);
  assertEquals(squiggle, `        | ${" ".repeat(41)}~~~~~`);
  assertEquals(warn("b".repeat(500), 0, 500).slice(1), [
    `      1 | ${"b".repeat(120)}…`,
    `        | ${"~".repeat(120)}`,
  ]);
  assertEquals(warn(`${"a".repeat(200)}b`, 200, 201)[1], `      1 | …${"a".repeat(119)}b`);
});

Deno.test("outputs wait for a warning, but not for long", async () => {
  const shown: string[] = [];
  const publish = (type: string) => void shown.push(type);
  const gate = () => new OutputGate({ publish }, {} as Message);

  const inTime = gate();
  const found = Promise.withResolvers<JsonObject | undefined>();
  inTime.await({ warning: found.promise, holdMs: 60_000 });
  inTime.publish("stream", {}, undefined);
  assertEquals(shown, []);
  found.resolve({});
  await inTime.opened();
  assertEquals(shown, ["display_data", "stream"]);

  shown.length = 0;
  const late = gate();
  const never = Promise.withResolvers<JsonObject | undefined>();
  late.await({ warning: never.promise, holdMs: 1 });
  late.publish("stream", {}, undefined);
  await late.opened();
  assertEquals(shown, ["stream"]);
  never.resolve({});
  await never.promise;
  assertEquals(shown, ["stream", "display_data"]);

  shown.length = 0;
  const free = gate();
  await free.opened();
  free.publish("stream", {}, undefined);
  assertEquals(shown, ["stream"]);
});

Deno.test("commands are read from the top of a cell, which keeps its places", () => {
  const { time, reload, help, types, code } = readMagics("\n%time\n  %reload\nx % y\n%no");
  assertEquals({ time, reload, help, types }, {
    ...{ time: true, reload: true, help: false, types: undefined },
  });
  assertEquals(code, "\n     \n         \nx % y\n%no");
  assertEquals(readMagics("%types off").types, "off");
  assertThrows(() => readMagics("%types"), SyntaxError, 'no command "%types"');
  assertEquals(withoutMagics("%anything\nx"), "         \nx");
  assertEquals(withoutMagics("x\n% y"), "x\n% y");
  assertEquals(completeCommand("%time\n %t"), {
    typed: "%t",
    matches: ["%time", "%types off", "%types on"],
  });
  assertEquals(completeCommand("%types o")!.matches, ["%types off", "%types on"]);
  assertEquals([completeCommand("%time\nx"), completeCommand("x\n%t")], [undefined, undefined]);
  assertEquals([12.34, 1_500, 125_000].map(timeText), [
    ...["Time: 12.3 ms\n", "Time: 1.50 s\n", "Time: 2 min 5 s\n"],
  ]);
});

Deno.test("JSON-RPC survives messages in pieces, several at once, errors and the end", async () => {
  const toServer = new TransformStream<Uint8Array, Uint8Array>();
  const toClient = new TransformStream<Uint8Array, Uint8Array>();
  const ended = Promise.withResolvers<void>();
  const rpc = new Rpc(toServer.writable, toClient.readable, { onEnd: ended.resolve });
  const sent = toServer.readable.getReader();
  const answers = toClient.writable.getWriter();
  const frame = (message: object) => {
    const body = new TextEncoder().encode(JSON.stringify(message));
    return [...new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`), ...body];
  };
  const first = rpc.request("first", { text: "🎯" });
  const { value } = await sent.read();
  assertEquals(
    new TextDecoder().decode(value),
    'Content-Length: 66\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"first","params":{"text":"🎯"}}',
  );
  const second = rpc.request("second", {});
  await sent.read();
  const bytes = Uint8Array.from([
    ...frame({ method: "window/logMessage", params: {} }),
    ...frame({ id: 2, error: { message: "no" } }),
    ...frame({ id: 1, result: "🎯 hit" }),
    ...frame({ id: 9, method: "client/registerCapability" }),
  ]);
  const failed = assertRejects(() => second, Error, "no");
  for (const byte of bytes) await answers.write(Uint8Array.of(byte));
  assertEquals(await first, "🎯 hit");
  await failed;
  assertEquals(
    new TextDecoder().decode((await sent.read()).value).split("\r\n\r\n")[1],
    '{"jsonrpc":"2.0","id":9,"result":null}',
  );
  const third = rpc.request("third", {});
  const over = assertRejects(() => third, Error, "has ended");
  await answers.close();
  await over;
  await ended.promise;
  await assertRejects(() => rpc.request("fourth", {}), Error, "has ended");
});
