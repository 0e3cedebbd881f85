import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header, JsonObject, Message } from "./message.ts";

/** Bytes that aren't a Jupyter message. */
export class MalformedMessageError extends Error {
  /** The name in messages. */
  override name = "MalformedMessageError";
}

/** A message without the right signature: its sender doesn't know the connection's key. */
export class SignatureError extends Error {
  /** The name in messages. */
  override name = "SignatureError";
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const DELIMITER = encoder.encode("<IDS|MSG>");

/**
 * Turns messages into signed frames and back.
 *
 * @example
 * ```ts
 * import { createMessage } from "./message.ts";
 * import { Signer } from "./signer.ts";
 *
 * const signer = new Signer("secret");
 * const message = createMessage("execute_request", { code: "1 + 1" }, {
 *   session: "s",
 *   version: "5.3",
 * });
 * const { content } = signer.decode(signer.encode(message));
 * if (content.code !== "1 + 1") throw new Error("not the same");
 * ```
 */
export class Signer {
  readonly #key: string;
  readonly #hash: string;

  /**
   * Makes a signer for one connection.
   *
   * @param key The connection file's `key`; empty turns signing off.
   * @param scheme The connection file's `signature_scheme`.
   * @throws {TypeError} When the scheme isn't `hmac-` and a hash that exists.
   */
  constructor(key: string, scheme = "hmac-sha256") {
    this.#key = key;
    this.#hash = scheme.replace(/^hmac-/, "");
    if (!scheme.startsWith("hmac-")) {
      throw new TypeError(`Expected a signature scheme like hmac-sha256, found ${scheme}`);
    }
    if (key !== "") this.#sign([]);
  }

  /** The frames of a message. */
  encode(message: Message): Uint8Array[] {
    const pieces = [message.header, message.parentHeader ?? {}, message.metadata, message.content]
      .map((piece) => encoder.encode(JSON.stringify(piece)));
    const signature = encoder.encode(this.#key === "" ? "" : this.#sign(pieces));
    return [...message.identities, DELIMITER, signature, ...pieces, ...message.buffers];
  }

  /**
   * The message in some frames.
   *
   * @throws {SignatureError} When it isn't signed with our key.
   * @throws {MalformedMessageError} When it isn't a Jupyter message.
   */
  decode(frames: readonly Uint8Array[]): Message {
    const delimiter = frames.findIndex((frame) => equal(frame, DELIMITER));
    if (delimiter < 0) {
      throw new MalformedMessageError("Expected a <IDS|MSG> delimiter, found none");
    }
    const [signature, ...rest] = frames.slice(delimiter + 1);
    const [header, parent, metadata, content] = rest;
    if (!signature || !header || !parent || !metadata || !content) {
      throw new MalformedMessageError(
        `Expected a signature and four parts after <IDS|MSG>, found ${
          frames.length - delimiter - 1
        } frames`,
      );
    }
    this.#verify(signature, [header, parent, metadata, content]);
    const parentHeader = parseObject("parent header", parent);
    return {
      identities: frames.slice(0, delimiter),
      header: asHeader("header", parseObject("header", header)),
      parentHeader: Object.keys(parentHeader).length === 0
        ? undefined
        : asHeader("parent header", parentHeader),
      metadata: parseObject("metadata", metadata),
      content: parseObject("content", content),
      buffers: rest.slice(4),
    };
  }

  #sign(pieces: readonly Uint8Array[]): string {
    let hmac;
    try {
      hmac = createHmac(this.#hash, this.#key);
    } catch {
      throw new TypeError(`Expected a signature scheme like hmac-sha256, found hmac-${this.#hash}`);
    }
    for (const piece of pieces) hmac.update(piece);
    return hmac.digest("hex");
  }

  #verify(signature: Uint8Array, pieces: readonly Uint8Array[]): void {
    if (this.#key === "") return;
    const expected = encoder.encode(this.#sign(pieces));
    if (signature.length === 0) throw new SignatureError("Expected a signed message, found none");
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new SignatureError(
        "Expected a message signed with the connection's key, found another",
      );
    }
  }
}

function parseObject(what: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new MalformedMessageError(`Expected JSON as ${what}`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedMessageError(`Expected a JSON object as ${what}`);
  }
  return value as JsonObject;
}

function asHeader(what: string, value: JsonObject): Header {
  for (const name of ["msg_id", "msg_type", "session"]) {
    if (typeof value[name] !== "string") {
      throw new MalformedMessageError(`Expected a ${what} with a ${name}`);
    }
  }
  return value as Header;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
