import { assertEquals, assertRejects } from "@std/assert";
import { frameHeader, FrameReader, ZmtpError } from "../../../kernel/wire/frames.ts";

/** A stream that hands out `bytes` in pieces of at most `step`, and counts the largest request. */
function source(bytes: Uint8Array, step = Infinity) {
  let at = 0;
  return {
    largestRead: 0,
    read(into: Uint8Array): Promise<number | null> {
      this.largestRead = Math.max(this.largestRead, into.length);
      if (at === bytes.length) return Promise.resolve(null);
      const count = Math.min(into.length, bytes.length - at, step);
      into.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
  };
}

function framed(body: Uint8Array, more = false): Uint8Array {
  return new Uint8Array([...frameHeader(body.length, { more }), ...body]);
}

const LIMIT = 1_000_000;

for (const step of [1, 2, 7, 1000, Infinity]) {
  Deno.test(`FrameReader reads frames that arrive ${step} bytes at a time`, async () => {
    const bodies = [0, 1, 255, 256, 3000].map((length) =>
      Uint8Array.from({ length }, (_, index) => index % 251)
    );
    const bytes = new Uint8Array(bodies.flatMap((body, i) => [...framed(body, i % 2 === 0)]));
    const reader = new FrameReader(source(bytes, step));
    for (const [index, body] of bodies.entries()) {
      const frame = await reader.frame(LIMIT);
      assertEquals(frame?.more, index % 2 === 0);
      assertEquals(frame?.command, false);
      assertEquals(frame?.body, body);
    }
    assertEquals(await reader.frame(LIMIT), undefined);
  });
}

Deno.test("FrameReader reads a body larger than its buffer", async () => {
  const body = Uint8Array.from({ length: 300_000 }, (_, index) => index % 241);
  const reader = new FrameReader(source(new Uint8Array([...framed(body), 0, 1, 9]), 50_000));
  assertEquals((await reader.frame(LIMIT))?.body, body);
  assertEquals((await reader.frame(LIMIT))?.body, new Uint8Array([9]));
});

Deno.test("FrameReader takes memory as bytes arrive, not as a header claims", async () => {
  const bytes = source(new Uint8Array([...frameHeader(900_000_000), 1, 2, 3]));
  const reader = new FrameReader(bytes);
  await assertRejects(() => reader.frame(1_000_000_000), ZmtpError, "found 3");
  assertEquals(bytes.largestRead <= 65536, true);
});

Deno.test("FrameReader refuses what is malformed, truncated or oversized", async () => {
  const cases: [string, number[], string][] = [
    ["reserved flags", [8, 0], "flags 0 to 7, found 8"],
    ["a command with more parts", [5, 0], "more follow"],
    ["a frame over the limit", [...frameHeader(LIMIT + 1)], "at most 1000000 bytes, found 1000001"],
    ["a length beyond all numbers", [2, ...Array(8).fill(255)], "at most"],
    ["a lone flag", [0], "found 1 before the stream ended"],
    ["half a long length", [2, 0, 0, 1], "found 4 before the stream ended"],
    ["half a body", [0, 5, 1, 2], "body of 5 bytes, found 2"],
  ];
  for (const [what, bytes, message] of cases) {
    const reader = new FrameReader(source(new Uint8Array(bytes)));
    await assertRejects(() => reader.frame(LIMIT), ZmtpError, message, what);
  }
});
