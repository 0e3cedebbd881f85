import { assert, assertEquals } from "@std/assert";
import {
  atomicBytes,
  encodeFrame,
  type FramePayload,
  FrameReader,
  SOLE_WRITER_BYTES,
} from "../../../kernel/relay/frames.ts";

const TOKEN = "0123456789abcdef";
const ATOMIC = atomicBytes("linux");

function collect() {
  const messages: FramePayload[] = [];
  let text = "";
  const decoder = new TextDecoder();
  const reader = new FrameReader(
    TOKEN,
    (message) => messages.push(message),
    (bytes) => text += decoder.decode(bytes, { stream: true }),
  );
  return { reader, messages, text: () => text };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("messages of any length survive any cutting of the pipe", () => {
  const sent: FramePayload[] = [
    ["a", "c1"],
    ["b", "c2", "ü".repeat(5_000)],
    ["c", "", { nested: [1, null] }],
  ];
  const whole = concat(sent.flatMap((message) => encodeFrame(TOKEN, message, ATOMIC)));
  for (const size of [1, 2, 7, 40, 4096, 1e6]) {
    const { reader, messages, text } = collect();
    for (let at = 0; at < whole.length; at += size) reader.push(whole.subarray(at, at + size));
    assertEquals(messages, sent);
    assertEquals(text(), "");
  }
});

Deno.test("frames are never longer than they may be", () => {
  const platforms = ["linux", "darwin", "windows"] as const;
  for (const limit of [...platforms.map(atomicBytes), SOLE_WRITER_BYTES]) {
    for (const frame of encodeFrame(TOKEN, ["k", "c", "x".repeat(200_000)], limit)) {
      assert(frame.length <= limit);
    }
  }
});

Deno.test("text between frames, and tokens cut in two, are told apart", () => {
  const [frame] = encodeFrame(TOKEN, ["a", "c"], ATOMIC) as [Uint8Array];
  const all = concat([bytes("before 0123"), frame, bytes("0123456789ab"), frame, bytes("after")]);
  for (const size of [1, 3, 1000]) {
    const { reader, messages, text } = collect();
    for (let at = 0; at < all.length; at += size) reader.push(all.subarray(at, at + size));
    assertEquals(messages.length, 2);
    assertEquals(text(), "before 01230123456789abafter");
  }
});

Deno.test("frames of two threads may mix, and a message broken off harms no other", () => {
  const { reader, messages } = collect();
  const first = encodeFrame(TOKEN, ["main", "c", "m".repeat(9_000)], ATOMIC, "m");
  const second = encodeFrame(TOKEN, ["worker", "c", "w".repeat(9_000)], ATOMIC, "A");
  for (let i = 0; i < first.length; i++) reader.push(concat([first[i]!, second[i]!]));
  assertEquals(messages.map(([kind]) => kind), ["main", "worker"]);
  reader.push(first[0]!); // Ended by force here.
  reader.push(encodeFrame(TOKEN, ["next", "c"], ATOMIC, "m")[0]!);
  reader.push(first.at(-1)!); // A rest without a beginning.
  assertEquals(messages.map(([kind]) => kind), ["main", "worker", "next"]);
});

Deno.test("a frame broken off in the middle spoils one message, not the reader", () => {
  const { reader, messages } = collect();
  const [frame] = encodeFrame(TOKEN, ["broken", "c", "x".repeat(100)], ATOMIC) as [Uint8Array];
  const [next] = encodeFrame(TOKEN, ["next", "c", "y".repeat(100)], ATOMIC) as [Uint8Array];
  reader.push(concat([frame.subarray(0, 60), next, next, next]));
  assertEquals(messages.at(-1)?.[0], "next");
});
