import { assertEquals, assertThrows } from "@std/assert";
import {
  createMessage,
  MalformedMessageError,
  SignatureError,
  Signer,
} from "../../../kernel/wire/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (frame: Uint8Array) => new TextDecoder().decode(frame);

function request() {
  return createMessage("execute_request", { code: "'héllo 語'" }, {
    session: "s",
    version: "5.3",
    identities: [bytes("client")],
    metadata: { cellId: "a" },
    buffers: [new Uint8Array([0, 255])],
  });
}

Deno.test("Signer gives back the message it encoded", () => {
  const signer = new Signer("key");
  const message = request();
  assertEquals(signer.decode(signer.encode(message)), message);
  const reply = createMessage("execute_reply", {}, {
    session: "k",
    version: "5.4",
    parent: message,
  });
  assertEquals(signer.decode(signer.encode(reply)), reply);
  assertEquals(reply.identities, [bytes("client")]);
  assertEquals(reply.header.version, "5.4");
});

Deno.test("Signer signs as Python's hmac does", () => {
  const header = { msg_id: "1", msg_type: "status", session: "s", username: "u", date: "d" };
  const frames = new Signer("key").encode({
    identities: [],
    header: { ...header, version: "5.3" },
    parentHeader: undefined,
    metadata: {},
    content: { execution_state: "idle" },
    buffers: [],
  });
  // hmac.new(b"key", b"".join(parts), "sha256").hexdigest() over the four JSON parts.
  assertEquals(frames.map(text).slice(0, 2), [
    "<IDS|MSG>",
    "4cf8fe164333278e1c21591191d95c64c2c30cb407afb43a2022347f05c1fef9",
  ]);
});

Deno.test("Signer refuses messages that are unsigned, changed, or signed by another key", () => {
  const signer = new Signer("key");
  const frames = signer.encode(request());
  const unsigned = new Signer("").encode(request());
  assertThrows(() => signer.decode(unsigned), SignatureError, "signed message, found none");
  assertThrows(() => signer.decode(new Signer("other").encode(request())), SignatureError);
  for (const index of [3, 4, 5, 6]) {
    const changed = [...frames];
    changed[index] = bytes('{"msg_id":"x","msg_type":"y","session":"z"}');
    assertThrows(() => signer.decode(changed), SignatureError, "signed with the connection's key");
  }
  const short = [...frames];
  short[2] = frames[2]!.subarray(0, 10);
  assertThrows(() => signer.decode(short), SignatureError);
});

Deno.test("Signer with an empty key neither signs nor checks", () => {
  const signer = new Signer("");
  const frames = signer.encode(request());
  assertEquals(text(frames[2]!), "");
  frames[2] = bytes("anything");
  assertEquals(signer.decode(frames).content, { code: "'héllo 語'" });
});

Deno.test("Signer refuses what isn't a Jupyter message", () => {
  const signer = new Signer("");
  const header = '{"msg_id":"x","msg_type":"y","session":"z"}';
  const frames = (...parts: (string | Uint8Array)[]) =>
    parts.map((part) => typeof part === "string" ? bytes(part) : part);
  const cases: [Uint8Array[], string][] = [
    [[], "delimiter, found none"],
    [frames("hello"), "delimiter, found none"],
    [frames("<IDS|MSG>", "", header, "{}"), "found 3 frames"],
    [frames("<IDS|MSG>", "", "{", "{}", "{}", "{}"), "JSON as header"],
    [frames("<IDS|MSG>", "", "[]", "{}", "{}", "{}"), "JSON object as header"],
    [frames("<IDS|MSG>", "", '{"msg_id":1}', "{}", "{}", "{}"), "header with a msg_id"],
    [frames("<IDS|MSG>", "", header, '{"a":1}', "{}", "{}"), "parent header with a msg_id"],
    [frames("<IDS|MSG>", "", header, "{}", "null", "{}"), "JSON object as metadata"],
    [frames("<IDS|MSG>", "", header, "{}", "{}", new Uint8Array([0xff])), "JSON as content"],
  ];
  for (const [parts, message] of cases) {
    assertThrows(() => signer.decode(parts), MalformedMessageError, message);
  }
});

Deno.test("Signer says which signature schemes it knows", () => {
  assertThrows(() => new Signer("key", "plain"), TypeError, "found plain");
  assertThrows(() => new Signer("key", "hmac-nothing"), TypeError, "found hmac-nothing");
  assertEquals(new Signer("key", "hmac-sha512").encode(request())[2]!.length, 128);
});
