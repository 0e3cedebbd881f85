import { assertEquals, assertThrows } from "@std/assert";
import { createMessage } from "../../../kernel/wire/mod.ts";
import { Cell } from "../../../kernel/relay/cell.ts";
import { CellOutputs } from "../../../kernel/relay/outputs.ts";
import { patienceFor } from "../../../kernel/relay/runner.ts";
import { rewrite } from "../../../kernel/relay/rewrite/mod.ts";
import { stopCell } from "../../../kernel/relay/stop.ts";

async function makeCell(): Promise<Cell> {
  const request = createMessage("execute_request", {}, { session: "s", version: "5.4" });
  const outputs = new CellOutputs({ publish: () => {} }, request);
  return new Cell(1, 1, request, "1", await rewrite("1", "cell_1.ts"), outputs);
}

async function started(): Promise<Cell> {
  const cell = await makeCell();
  cell.start();
  return cell;
}

Deno.test("a cell goes from waiting to its end, and only forwards", async () => {
  const cell = await makeCell();
  assertEquals(cell.state, "waiting");
  assertEquals(cell.stop(), false, "nothing to stop yet");
  cell.start();
  assertThrows(() => cell.start(), Error, "running can't be running");
  assertEquals(cell.stop(), true);
  assertEquals(cell.stop(), false, "once is enough");
  cell.finish({ kind: "stopped" });
  cell.finish({ kind: "value", expressions: {} }); // Too late to count.
  assertEquals(await cell.ended, { kind: "stopped" });
  assertEquals([cell.state, cell.id, cell.script], ["ended", "c1", "cell_1.ts"]);
});

/** A child that is busy until it has been ended by force so many times. */
function fakeChild(cell: Cell, options: { busyFor?: number; heeds?: boolean }) {
  const { busyFor = 0, heeds = false } = options;
  const done: string[] = [];
  return {
    done,
    actions: {
      interrupt: () => {
        done.push("interrupt");
        if (heeds) queueMicrotask(() => cell.finish({ kind: "stopped" }));
      },
      turns: () => Promise.resolve(done.filter((each) => each === "terminate").length >= busyFor),
      terminate: () => void done.push("terminate"),
      kill: () => {
        done.push("kill");
        cell.finish({ kind: "lost", reason: "", lastWords: "" });
      },
    },
  };
}

Deno.test("Stop is soft where the loop is free, by force where it isn't", async () => {
  const soft = await started();
  const heeding = fakeChild(soft, { heeds: true });
  await stopCell(soft, heeding.actions);
  assertEquals(heeding.done, ["interrupt"]);

  const deaf = await started();
  const ignoring = fakeChild(deaf, {});
  await stopCell(deaf, ignoring.actions);
  assertEquals(ignoring.done.includes("terminate"), false, "it would hit what runs next");
  assertEquals((await deaf.ended).kind, "stopped");

  const busy = await started();
  const forced = fakeChild(busy, { busyFor: 2 });
  await stopCell(busy, forced.actions);
  assertEquals(forced.done.filter((each) => each === "terminate").length, 2);
  assertEquals((await busy.ended).kind, "stopped");
});

Deno.test("Stop kills only what nothing else can end, and does nothing to what has ended", async () => {
  const native = await started();
  const stuck = fakeChild(native, { busyFor: Infinity });
  await stopCell(native, stuck.actions);
  assertEquals(stuck.done.at(-1), "kill");
  assertEquals((await native.ended).kind, "lost");

  const over = await started();
  over.finish({ kind: "value", expressions: {} });
  const untouched = fakeChild(over, {});
  await stopCell(over, untouched.actions);
  assertEquals(untouched.done, []);
});

Deno.test("Stop is patient where the machine is slow", () => {
  assertEquals([0, 5, 20].map(patienceFor), [1, 1, 1]);
  assertEquals(patienceFor(60), 3);
  assertEquals(patienceFor(10_000), 8);
});
