import { assertEquals } from "@std/assert";
import { CellOutputs, Displays, type Output } from "../../../kernel/client/outputs.ts";

const stream = (text: string, name = "stdout") => ({ type: "stream", content: { name, text } });
const display = (text: string, id?: string, type = "display_data") => ({
  type,
  content: {
    data: { "text/plain": text },
    metadata: {},
    ...(id === undefined ? {} : { transient: { display_id: id } }),
  },
});
const clear = (wait: boolean) => ({ type: "clear_output", content: { wait } });

/** The outputs in short: `stdout:text`, or the plain text of a bundle. */
function short(outputs: readonly Output[]): string[] {
  return outputs.map((output) => {
    if (output.output_type === "stream") return `${output.name}:${output.text}`;
    if (output.output_type === "error") return `${output.ename}:${output.traceback.join("|")}`;
    return String(output.data["text/plain"]);
  });
}

function collect(...messages: { type: string; content: Record<string, unknown> }[]): string[] {
  const outputs = new CellOutputs(new Displays());
  for (const message of messages) outputs.add(message);
  return short(outputs.list);
}

Deno.test("neighbouring pieces of one stream are one output", () => {
  assertEquals(
    collect(stream("a"), stream("b\n"), stream("c", "stderr"), stream("d"), stream("e")),
    ["stdout:ab\n", "stderr:c", "stdout:de"],
  );
});

Deno.test("results and errors have the notebook format's fields, whatever the kernel left out", () => {
  const outputs = new CellOutputs(new Displays());
  outputs.add({
    type: "execute_result",
    content: { execution_count: 3, data: { "text/plain": "1" } },
  });
  outputs.add({
    type: "error",
    content: { ename: "E", evalue: "why", traceback: ["E: why", "  at x"] },
  });
  outputs.add({ type: "error", content: { ename: "Error", evalue: "5", traceback: [""] } });
  assertEquals(outputs.list, [
    {
      output_type: "execute_result",
      data: { "text/plain": "1" },
      metadata: {},
      execution_count: 3,
    },
    { output_type: "error", ename: "E", evalue: "why", traceback: ["E: why", "  at x"] },
    { output_type: "error", ename: "Error", evalue: "5", traceback: ["Error: 5"] },
  ]);
});

Deno.test("messages that are no outputs change nothing", () => {
  const outputs = new CellOutputs(new Displays());
  assertEquals(outputs.add({ type: "execute_input", content: { code: "1" } }), false);
  assertEquals(outputs.add({ type: "comm_open", content: {} }), false);
  assertEquals(outputs.list, []);
});

Deno.test("clear_output clears at once, or just before the next output", () => {
  assertEquals(collect(stream("a"), clear(false)), []);
  assertEquals(collect(stream("a"), clear(true)), ["stdout:a"]);
  assertEquals(collect(stream("a"), clear(true), stream("b"), stream("c")), ["stdout:bc"]);
  assertEquals(collect(display("a"), clear(true), display("b")), ["b"]);
});

Deno.test("a display is updated in every cell that shows it, and never added by an update", () => {
  const displays = new Displays();
  const first = new CellOutputs(displays);
  const second = new CellOutputs(displays);
  first.add(display("one", "d"));
  first.add(display("other", "e"));
  second.add(display("two", "d"));
  assertEquals([short(first.list), short(second.list)], [["two", "other"], ["two"]]);
  second.add(display("three", "d", "update_display_data"));
  second.add(display("nobody", "unknown", "update_display_data"));
  assertEquals([short(first.list), short(second.list)], [["three", "other"], ["three"]]);
});

Deno.test("a value that overtook printed text is put behind it", () => {
  const outputs = new CellOutputs(new Displays());
  outputs.add(stream("a"));
  outputs.add(display("value", undefined, "execute_result"));
  outputs.add(stream("b"));
  outputs.add(display("d"));
  outputs.putEndingLast();
  assertEquals(short(outputs.list), ["stdout:ab", "d", "value"]);
});
