import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { JsonObject, Message } from "../../../kernel/wire/mod.ts";
import { errorText, printed, type Request, TestKernel, until } from "./client.ts";

/** A control whose handler says what it got, and sends its double back. */
const DOUBLES = `
const comm = Deno.jupyter.comms.open("jupyter.widget", { state: { value: 1 } });
comm.onMessage = ({ state }) => {
  console.log("got", state.value);
  comm.send({ method: "update", state: { double: 2 * state.value } });
};
"ready"`;

/** Runs a cell that opens a comm. */
async function openIn(kernel: TestKernel, code: string): Promise<{ id: string; cell: Request }> {
  const cell = kernel.submit(code);
  const { reply, outputs } = await kernel.finish(cell);
  assertEquals(reply.status, "ok", String(reply.evalue));
  const [open] = ofType(outputs, "comm_open");
  return { id: open!.content.comm_id as string, cell };
}

/** Says something on a comm, as a control in the front-end does. */
function say(kernel: TestKernel, id: string, data: JsonObject): Request {
  return kernel.request("comm_msg", { comm_id: id, data });
}

const update = (state: JsonObject) => ({ method: "update", state, buffer_paths: [] });

function ofType(messages: readonly Message[], type: string): Message[] {
  return messages.filter(({ header }) => header.msg_type === type);
}

async function openComms(kernel: TestKernel, target?: string): Promise<unknown> {
  const content = target === undefined ? {} : { target_name: target };
  return (await kernel.request("comm_info_request", content).reply).content.comms;
}

Deno.test("comms: a message runs the handler, whose outputs are the cell's", async () => {
  await using kernel = await TestKernel.start();
  const { id, cell } = await openIn(kernel, DOUBLES);
  await kernel.run("console.log('another cell')");
  const request = say(kernel, id, update({ value: 4 }));
  const [answer] = ofType(await request.outputs, "comm_msg");
  assertEquals(answer!.content.data, { method: "update", state: { double: 8 } });
  await until(() => printed(cell.late) === "got 4\n");
  assertEquals(printed(await request.outputs), "");
  assertEquals(await openComms(kernel), { [id]: { target_name: "jupyter.widget" } });
  assertEquals(await openComms(kernel, "another"), {});

  // What a timer of the handler prints later is the cell's as well.
  await kernel.run("comm.onMessage = () => { setTimeout(() => console.log('later'), 20); }");
  await say(kernel, id, update({ value: 5 })).outputs;
  await until(() => printed(cell.late).endsWith("later\n"));
});

Deno.test("comms: a handler gets an object, whatever the front-end sends", async () => {
  await using kernel = await TestKernel.start();
  const { id, cell } = await openIn(
    kernel,
    `const comm = Deno.jupyter.comms.open("jupyter.widget", { state: {} });
    let got; comm.onMessage = (data) => { got = data; };`,
  );
  for (const data of [null, "text", 5, undefined, { method: "update", state: null }]) {
    await kernel.run("got = undefined");
    await kernel.request("comm_msg", { comm_id: id, data: data as JsonObject }).outputs;
    assertEquals(await kernel.value("typeof got"), '"object"', JSON.stringify(data));
  }
  const odd = JSON.parse('{"__proto__": {"a": 1}, "text": "\\u2028\\u0000</script>`${x}`"}');
  await say(kernel, id, odd).outputs;
  assertEquals(
    await kernel.value("[Object.keys(got).length, got.text.length]"),
    "[ 2, 17 ]",
  );
  let deep: JsonObject = {};
  for (let level = 0; level < 3_000; level++) deep = { deep };
  await say(kernel, id, deep).outputs;
  assertEquals(await kernel.value("Object.keys(got)"), '[ "deep" ]');
  await say(kernel, id, { text: "x".repeat(3_000_000) }).outputs;
  assertEquals(await kernel.value("got.text.length"), "3000000");
  // Without an id it is nobody's.
  assertEquals(ofType(await kernel.request("comm_msg", {}).outputs, "error"), []);
  assertEquals(ofType(cell.late, "error"), []);
});

Deno.test("comms: buffers travel both ways", async () => {
  await using kernel = await TestKernel.start();
  const { id } = await openIn(
    kernel,
    `const comm = Deno.jupyter.comms.open("echo", {}, { metadata: { version: "1" } });
    comm.onMessage = (data, { buffers }) => comm.send(data, { buffers: buffers.toReversed() });`,
  );
  const buffers = [new Uint8Array([1, 2]), new Uint8Array([3])];
  const request = kernel.request("comm_msg", { comm_id: id, data: { n: 1 } }, "shell", buffers);
  const [answer] = ofType(await request.outputs, "comm_msg");
  assertEquals(answer!.content.data, { n: 1 });
  assertEquals(answer!.buffers.map((buffer) => [...buffer]), [[3], [1, 2]]);
});

Deno.test("comms: the front-end opens and closes them, and nobody's are closed", async () => {
  await using kernel = await TestKernel.start();
  const cell = kernel.submit(
    `Deno.jupyter.comms.register("greeting", (comm, data) => {
      comm.send({ hello: data.name });
      comm.onClose = () => console.log("closed");
    })`,
  );
  await kernel.finish(cell);
  const open = (target: string, id: string) =>
    kernel.request("comm_open", { comm_id: id, target_name: target, data: { name: "Ada" } });
  const answers = await open("greeting", "one").outputs;
  assertEquals(ofType(answers, "comm_msg")[0]!.content.data, { hello: "Ada" });
  assertEquals(await openComms(kernel), { one: { target_name: "greeting" } });
  await kernel.request("comm_close", { comm_id: "one", data: {} }).outputs;
  await until(() => printed(cell.late) === "closed\n");
  assertEquals(await openComms(kernel), {});

  const unknown = await open("jupyter.widget.control", "two").outputs;
  assertEquals(ofType(unknown, "comm_close")[0]!.content.comm_id, "two");
  // Nobody's messages are taken without a word.
  assertEquals(ofType(await say(kernel, "two", {}).outputs, "error"), []);
});

Deno.test("comms: a control that was merely broadcast is shown again to a page loaded anew", async () => {
  await using kernel = await TestKernel.start();
  // As @anywidget/deno does it, on Deno's own kernel as on ours.
  const { id } = await openIn(
    kernel,
    `const comm_id = crypto.randomUUID();
    const say = (type, content, extra) => Deno.jupyter.broadcast(type, { comm_id, ...content }, extra);
    await say("comm_open", {
      target_name: "jupyter.widget",
      data: { state: { _esm: "export default {}", value: 1, kept: true } },
    }, { metadata: { version: "2.1.0" } });
    await say("comm_msg", { data: { method: "update", state: { value: 2 } } });`,
  );
  await say(kernel, id, update({ front: 3 })).outputs;
  const [answer] = ofType(
    await say(kernel, id, { method: "request_state" }).outputs,
    "comm_msg",
  );
  assertEquals((answer!.content.data as JsonObject).state, {
    _esm: "export default {}",
    value: 2,
    kept: true,
    front: 3,
  });
  await kernel.run(`say("comm_close", {})`);
  assertEquals(await openComms(kernel), {});
});

Deno.test("comms: an error in a handler is shown under the cell, in its lines", async () => {
  await using kernel = await TestKernel.start();
  const { id, cell } = await openIn(
    kernel,
    `const comm = Deno.jupyter.comms.open("failing");
comm.onMessage = async () => {
  await null;
  throw new RangeError("too far");
};`,
  );
  const waiting = kernel.submit("'goes on'");
  const request = say(kernel, id, update({ value: 1 }));
  const after = kernel.submit("'still goes on'");
  assertEquals(ofType(await request.outputs, "error"), []);
  await until(() => ofType(cell.late, "error").length > 0);
  const text = errorText(cell.late);
  assertStringIncludes(text, "RangeError: too far");
  assertMatch(text, /Cell \[1\]:4:9/);
  for (const other of [waiting, after]) {
    assertEquals((await kernel.finish(other)).reply.status, "ok");
  }
});

Deno.test("comms: of a burst of updates a slow handler takes the newest, and each is answered", async () => {
  await using kernel = await TestKernel.start();
  const { id, cell } = await openIn(
    kernel,
    `const comm = Deno.jupyter.comms.open("slow");
    comm.onMessage = async ({ state }) => {
      console.log("begun", state.value);
      while (!await Deno.stat("go").catch(() => {})) await new Promise((go) => setTimeout(go, 5));
      console.log("got", state.value);
    };`,
  );
  const first = say(kernel, id, update({ value: 0 }));
  await until(() => printed(cell.late).includes("begun"));
  const rest = Array.from({ length: 100 }, (_, i) => say(kernel, id, update({ value: i + 1 })));
  const newest = rest.pop()!;
  // Those in between are answered while the first is still being taken.
  for (const request of rest) await request.outputs;
  await Deno.writeTextFile(`${kernel.folder}/go`, "");
  for (const request of [first, newest]) await request.outputs;
  await until(() => printed(cell.late).includes("got 100"));
  assertEquals(printed(cell.late).match(/got \d+/g), ["got 0", "got 100"]);
});

const ENDLESS = {
  "a synchronous loop": "for (;;);",
  "an endless await": "await new Promise(() => {});",
  "an endless await in a function": "await (async () => { await new Promise(() => {}); })();",
};

Deno.test("comms: Stop ends a handler, keeps the variables, and the next message is taken", async () => {
  await using kernel = await TestKernel.start();
  const { id, cell } = await openIn(
    kernel,
    `let kept = 1;
    const comm = Deno.jupyter.comms.open("endless");
    "ready"`,
  );
  const pid = await kernel.childPid();
  for (const [name, code] of Object.entries(ENDLESS)) {
    await kernel.run(`comm.onMessage = async () => { console.log("begun"); ${code} };`);
    const before = cell.late.length;
    const request = say(kernel, id, update({ value: 1 }));
    await until(() => printed(cell.late.slice(before)).includes("begun"));
    await kernel.interrupt();
    await request.outputs;
    await until(() => ofType(cell.late.slice(before), "error").length > 0);
    assertStringIncludes(errorText(cell.late.slice(before)), "KeyboardInterrupt", name);
    await kernel.run(`comm.onMessage = () => console.log("after ${name}");`);
    await say(kernel, id, update({ value: 2 })).outputs;
    await until(() => printed(cell.late).includes(`after ${name}`));
  }
  assertEquals(await kernel.value("kept"), "1");
  assertEquals(await kernel.childPid(), pid);
});

Deno.test("comms: a handler can't ask, and a message waits for the cell that is running", async () => {
  await using kernel = await TestKernel.start();
  kernel.answer = () => "somebody";
  const { id, cell } = await openIn(kernel, DOUBLES);
  const running = kernel.submit(
    "await new Promise((done) => setTimeout(done, 50)); console.log('cell')",
  );
  const request = say(kernel, id, update({ value: 2 }));
  const { outputs } = await kernel.finish(running);
  assertEquals(printed(outputs), "cell\n");
  assertEquals(ofType(await request.outputs, "comm_msg").length, 1);
  await kernel.run(`comm.onMessage = () => { prompt("who?"); };`);
  await say(kernel, id, update({ value: 1 })).outputs;
  await until(() => ofType(cell.late, "error").length > 0);
  assertStringIncludes(errorText(cell.late), "can't ask questions");
});

Deno.test("comms: all are closed when the process ends, and when the kernel is restarted", async () => {
  await using kernel = await TestKernel.start();
  const first = await openIn(kernel, DOUBLES);
  await kernel.run("Deno.exit(3)");
  await until(() => ofType(first.cell.late, "comm_close").length === 1);
  assertEquals(ofType(first.cell.late, "comm_close")[0]!.content.comm_id, first.id);
  assertEquals(await openComms(kernel), {});
  await say(kernel, first.id, update({ value: 1 })).outputs;

  const second = await openIn(kernel, DOUBLES);
  const ending = kernel.request("shutdown_request", { restart: true }, "control");
  await ending.outputs;
  await until(() => ofType(second.cell.late, "comm_close").length === 1);
});
