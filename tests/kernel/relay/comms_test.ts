import { assertEquals } from "@std/assert";
import { createMessage, type JsonObject, type Message } from "../../../kernel/wire/mod.ts";
import { joinWaiting } from "../../../kernel/relay/comms.ts";

function message(type: string, content: JsonObject, buffers: Uint8Array[] = []): Message {
  return createMessage(type, content, { session: "s", version: "5.4", buffers });
}

function update(comm: string, state: JsonObject, buffers: Uint8Array[] = []): Message {
  return message("comm_msg", { comm_id: comm, data: { method: "update", state } }, buffers);
}

const states = (queue: { message: Message }[]) =>
  queue.map(({ message }) => (message.content.data as JsonObject | undefined)?.state);

Deno.test("an update joins the waiting one of its control, past those of others", () => {
  const first = update("a", { x: 1, y: 1 });
  const queue = [{ message: first }, { message: update("b", { x: 2 }) }];
  const second = update("a", { x: 3 });
  assertEquals(joinWaiting(queue, second), first);
  assertEquals(states(queue), [{ x: 3, y: 1 }, { x: 2 }]);
  assertEquals(queue[0]!.message.header, second.header);
});

Deno.test("an update overtakes no cell, no other message, and nothing joins what has buffers", () => {
  const cell = message("execute_request", { code: "1" });
  const custom = message("comm_msg", { comm_id: "a", data: { method: "custom" } });
  for (const between of [cell, custom]) {
    const queue = [{ message: update("a", { x: 1 }) }, { message: between }];
    assertEquals(joinWaiting(queue, update("a", { x: 2 })), undefined);
    assertEquals(states(queue)[0], { x: 1 });
  }
  const withBuffers = update("a", { x: 1 }, [new Uint8Array(1)]);
  assertEquals(joinWaiting([{ message: withBuffers }], update("a", { x: 2 })), undefined);
  assertEquals(joinWaiting([{ message: update("a", { x: 1 }) }], withBuffers), undefined);
  assertEquals(joinWaiting([{ message: update("a", { x: 1 }) }], custom), undefined);
  assertEquals(joinWaiting([], update("a", { x: 1 })), undefined);
});
