import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ServerOptions,
  ZmtpConnection,
  ZmtpError,
  ZmtpServer,
} from "../../../kernel/wire/mod.ts";
import { encodeCommand, greeting, readyCommand } from "../../../kernel/wire/handshake.ts";
import { frameHeader } from "../../../kernel/wire/frames.ts";

const full = Deno.env.get("TUNEBOOK_TEST") === "full";
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (frame: Uint8Array | undefined) => new TextDecoder().decode(frame);

/** Waits for what another task will bring about. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error(`Waited 10 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A server that remembers why it refused clients. */
function listen(options: ServerOptions) {
  const refused: string[] = [];
  const server = ZmtpServer.bind({ onRefused: (error) => refused.push(String(error)), ...options });
  return { server, refused };
}

/** A raw connection that has said what a DEALER says first. */
async function rawDealer(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const ready = readyCommand("DEALER", new Uint8Array());
  await connection.write(greeting());
  await connection.write(
    new Uint8Array([...frameHeader(ready.length, { command: true }), ...ready]),
  );
  return connection;
}

Deno.test("DEALER and ROUTER exchange multipart messages, addressed by identity", async () => {
  const { server } = listen({
    type: "ROUTER",
    onMessage: (identity, parts) => void server.send(identity, [...parts, identity]),
  });
  const connect = (identity?: string) =>
    ZmtpConnection.connect({
      type: "DEALER",
      port: server.port,
      ...(identity === undefined ? {} : { identity }),
    });
  const [anna, ben, other] = await Promise.all([connect("anna"), connect("ben"), connect()]);
  const large = new Uint8Array(3_000_000).fill(7);
  anna.send([bytes("a"), new Uint8Array(), large]);
  ben.send([bytes("b")]);
  other.send([bytes("c")]);
  const reply = await anna.receive();
  assertEquals(reply?.map((part) => part.length), [1, 0, 3_000_000, 4]);
  assert(reply![2]!.every((byte) => byte === 7));
  assertEquals((await ben.receive())?.map(text), ["b", "ben"]);
  const generated = await other.receive();
  assertEquals([text(generated![0]), generated![1]!.length, generated![1]![0]], ["c", 5, 0]);
  assertEquals(server.send(bytes("nobody"), [bytes("x")]), false);
  for (const client of [anna, ben, other]) client.close();
  await server.close();
});

Deno.test("messages of a client arrive complete and in order, in both directions", async () => {
  const count = full ? 100_000 : 10_000;
  const { server } = listen({
    type: "ROUTER",
    onMessage: (identity, parts) => void server.send(identity, parts),
  });
  const client = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
  for (let i = 0; i < count; i++) client.send([bytes(`${i}`), new Uint8Array(i % 300)]);
  for (let i = 0; i < count; i++) {
    const parts = await client.receive();
    if (text(parts?.[0]) !== `${i}` || parts?.[1]?.length !== i % 300) {
      throw new Error(`Expected message ${i}, found ${text(parts?.[0])}`);
    }
  }
  client.close();
  await server.close();
});

Deno.test("PUB sends to every subscriber, by 3.0 messages and 3.1 commands, by topic", async () => {
  const topics: string[] = [];
  const { server } = listen({ type: "PUB", onSubscribe: (_, topic) => topics.push(text(topic)) });
  const all = await ZmtpConnection.connect({ type: "SUB", port: server.port });
  const raw = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const ready = readyCommand("SUB", new Uint8Array());
  const subscription = new Uint8Array([1, ...bytes("news")]);
  await raw.write(greeting());
  await raw.write(new Uint8Array([...frameHeader(ready.length, { command: true }), ...ready]));
  await raw.write(new Uint8Array([...frameHeader(subscription.length), ...subscription]));
  await until(() => topics.length === 2, "two subscriptions");
  assertEquals(topics.toSorted(), ["", "news"]);
  server.publish([bytes("other"), bytes("1")]);
  server.publish([bytes("news.today"), bytes("2")]);
  await server.drain();
  assertEquals((await all.receive())?.map(text), ["other", "1"]);
  assertEquals((await all.receive())?.map(text), ["news.today", "2"]);
  const received = new Uint8Array(64 + 2 + 100);
  let length = 0;
  while (!text(received.subarray(0, length)).includes("news.today")) {
    length += (await raw.read(received.subarray(length)))!;
  }
  assert(!text(received).includes("other"));
  raw.close();
  all.close();
  await server.close();
});

Deno.test("a cancelled subscription gets nothing more", async () => {
  const { server } = listen({ type: "PUB" });
  const raw = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const command = (body: Uint8Array) =>
    raw.write(new Uint8Array([...frameHeader(body.length, { command: true }), ...body]));
  await raw.write(greeting());
  await command(readyCommand("SUB", new Uint8Array()));
  for (const name of ["SUBSCRIBE", "CANCEL", "SUBSCRIBE"]) {
    await command(encodeCommand(name, bytes(name === "SUBSCRIBE" ? "a" : "a")));
  }
  await command(encodeCommand("CANCEL", bytes("unknown")));
  // The answer to the ping proves that everything before it was handled.
  await command(encodeCommand("PING", new Uint8Array([0, 0, 42])));
  const received = new Uint8Array(300);
  let length = 0;
  while (!text(received.subarray(0, length)).includes("PONG*")) {
    length += (await raw.read(received.subarray(length)))!;
  }
  server.publish([bytes("b")]);
  server.publish([bytes("abc")]);
  await server.drain();
  const count = (await raw.read(received))!;
  assertEquals(received.slice(0, count), new Uint8Array([0, 3, ...bytes("abc")]));
  raw.close();
  await server.close();
});

Deno.test("REQ and REP echo a heartbeat", async () => {
  const { server } = listen({
    type: "REP",
    onMessage: (identity, parts) => void server.send(identity, parts),
  });
  const client = await ZmtpConnection.connect({ type: "REQ", port: server.port });
  for (const beat of ["ping", "", "pong"]) {
    client.send([bytes(beat)]);
    assertEquals((await client.receive())?.map(text), [beat]);
  }
  client.close();
  await server.close();
});

Deno.test("a handler's promise holds back that client's next message only", async () => {
  let release = () => {};
  const seen: string[] = [];
  const { server } = listen({
    type: "ROUTER",
    onMessage: (_, parts) => {
      seen.push(text(parts[0]));
      if (text(parts[0]) === "slow") return new Promise((resolve) => release = resolve);
    },
  });
  const slow = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
  const quick = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
  slow.send([bytes("slow")]);
  slow.send([bytes("after")]);
  await until(() => seen.length === 1, "the slow message");
  quick.send([bytes("quick")]);
  await until(() => seen.length === 2, "the quick message");
  assertEquals(seen, ["slow", "quick"]);
  release();
  await until(() => seen.length === 3, "the message held back");
  slow.close();
  quick.close();
  await server.close();
});

Deno.test("a server survives whatever bytes a client sends, and keeps serving others", async () => {
  const { server, refused } = listen({
    type: "ROUTER",
    maxMessageBytes: 1000,
    handshakeMs: 50,
    onMessage: (identity, parts) => {
      if (text(parts[0]) === "throw") throw new Error("handler failed");
      server.send(identity, parts);
    },
  });
  const good = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
  const oldVersion = greeting();
  oldVersion[10] = 2;
  const otherMechanism = greeting();
  otherMechanism.set(bytes("CURVE"), 12);
  const greeted = async (...frame: number[]) => {
    const connection = await rawDealer(server.port);
    await connection.write(new Uint8Array(frame)).catch(() => 0);
    return connection;
  };
  const raw = async (...parts: number[]) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await connection.write(new Uint8Array(parts));
    return connection;
  };
  const notReady = encodeCommand("HELLO");
  const badReady = encodeCommand("READY", new Uint8Array([11, 1, 2]));
  const wrongSocket = readyCommand("PUB", new Uint8Array());
  const parts: [string, Promise<Deno.TcpConn>][] = [
    ["isn't ZeroMQ", raw(...bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".padEnd(80)))],
    ["ZMTP 3, found version 2", raw(...oldVersion)],
    ['found "CURVE', raw(...otherMechanism)],
    ["READY command, found HELLO", raw(...greeting(), 4, notReady.length, ...notReady)],
    ["Expected a property", raw(...greeting(), 4, badReady.length, ...badReady)],
    ["READY command, found none", raw(...greeting(), 0, 1, 65)],
    ['found "PUB"', raw(...greeting(), 4, wrongSocket.length, ...wrongSocket)],
    ["within 50 ms", raw(0xff)],
    ["flags 0 to 7", greeted(255, 0)],
    ["at most 1000 bytes, found 1001", greeted(...frameHeader(1001))],
    [
      "at most 400 bytes, found 500",
      greeted(
        1,
        200,
        ...Array(200),
        1,
        200,
        ...Array(200),
        1,
        200,
        ...Array(200),
        ...frameHeader(500),
      ),
    ],
    ["a command name", greeted(4, 0)],
    ["reported an error", greeted(4, 7, 5, ...bytes("ERROR"), 0)],
    ["handler failed", greeted(0, 5, ...bytes("throw"))],
  ];
  for (const [message, connecting] of parts) {
    const connection = await connecting;
    await until(() => refused.some((error) => error.includes(message)), `"${message}"`);
    connection.close();
    good.send([bytes("still there?")]);
    assertEquals((await good.receive())?.map(text), ["still there?"]);
  }
  const truncated = await greeted(1, 3, 65);
  await truncated.closeWrite();
  await until(() => refused.some((error) => error.includes("body of 3 bytes")), "the truncation");
  truncated.close();
  await until(() => server.clients === 1, "one client");
  good.close();
  await until(() => server.clients === 0, "no client");
  await server.close();
});

Deno.test("a client that stops reading is disconnected, not waited for", async () => {
  let subscribed = 0;
  const { server, refused } = listen({
    type: "PUB",
    maxBacklogBytes: 1_000_000,
    onSubscribe: () => void subscribed++,
  });
  const reader = await ZmtpConnection.connect({ type: "SUB", port: server.port });
  const sleeper = await ZmtpConnection.connect({ type: "SUB", port: server.port });
  await until(() => subscribed === 2, "two subscriptions");
  const part = new Uint8Array(400_000);
  for (let i = 0; i < 500; i++) {
    server.publish([part]);
    assertEquals((await reader.receive())?.[0]?.length, part.length);
  }
  assertEquals(server.clients, 1);
  assert(refused[0]?.includes("a client that reads"), refused[0]);
  await server.drain();
  assertEquals(server.backlog, 0);
  reader.close();
  sleeper.close();
  await server.close();
});

Deno.test("a client that reconnects under its identity takes over", async () => {
  const { server } = listen({
    type: "ROUTER",
    onMessage: (identity, parts) => void server.send(identity, parts),
  });
  const connect = () =>
    ZmtpConnection.connect({ type: "DEALER", port: server.port, identity: "me" });
  const first = await connect();
  first.send([bytes("1")]);
  assertEquals((await first.receive())?.map(text), ["1"]);
  const second = await connect();
  assertEquals(await first.receive(), undefined);
  second.send([bytes("2")]);
  assertEquals((await second.receive())?.map(text), ["2"]);
  assertEquals(server.clients, 1);
  second.close();
  await server.close();
});

Deno.test("a client learns that the server vanished, and can't send any more", async () => {
  const { server } = listen({ type: "ROUTER" });
  const client = await ZmtpConnection.connect({ type: "DEALER", port: server.port });
  const received = client.receive();
  await server.close();
  assertEquals(await received, undefined);
  assert(client.closed);
  assertThrows(() => client.send([bytes("x")]), ZmtpError, "found it closed");
});

Deno.test("a client refuses a server that isn't the socket expected", async () => {
  const { server } = listen({ type: "PUB" });
  await assertRejects(
    () => ZmtpConnection.connect({ type: "DEALER", port: server.port }),
    ZmtpError,
    'ROUTER socket, found "PUB"',
  );
  await server.close();
});

Deno.test("a client waits for a server that starts later, or gives up", async () => {
  const { server } = listen({ type: "ROUTER" });
  const { port } = server;
  await server.close();
  await assertRejects(
    () => ZmtpConnection.connect({ type: "DEALER", port }),
    Deno.errors.ConnectionRefused,
  );
  await assertRejects(
    () => ZmtpConnection.connect({ type: "DEALER", port, retryUntil: AbortSignal.abort() }),
    Deno.errors.ConnectionRefused,
  );
  const later = new AbortController();
  const connecting = ZmtpConnection.connect({ type: "DEALER", port, retryUntil: later.signal });
  const reopened = listen({ type: "ROUTER", port });
  (await connecting).close();
  await reopened.server.close();
});
