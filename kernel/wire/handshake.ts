/**
 * The start of a ZMTP connection: greetings, then a READY command from each side
 * (https://rfc.zeromq.org/spec/37/, mechanism NULL: no authentication; Jupyter signs its messages
 * instead).
 *
 * @module
 */
import { ZmtpError } from "./frames.ts";

/** The ZeroMQ socket types that Jupyter uses. */
export type SocketType = "DEALER" | "ROUTER" | "SUB" | "PUB" | "REQ" | "REP";

/** Which types may sit at the other end (libzmq's XPUB and XSUB speak as PUB and SUB do). */
const PARTNERS: Record<SocketType, readonly string[]> = {
  DEALER: ["ROUTER"],
  REQ: ["REP", "ROUTER"],
  SUB: ["PUB", "XPUB"],
  ROUTER: ["DEALER", "REQ"],
  REP: ["REQ", "DEALER"],
  PUB: ["SUB", "XSUB"],
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A greeting is 64 bytes whatever it says. */
export const GREETING_BYTES = 64;

/** A command: `READY`, `ERROR`, `PING`, `PONG`, `SUBSCRIBE`, `CANCEL`. */
export interface Command {
  /** The command's name. */
  readonly name: string;
  /** What follows the name. */
  readonly data: Uint8Array;
}

/** What a peer said of itself in its READY command. */
export interface PeerProperties {
  /** The peer's socket type. */
  readonly socketType: string;
  /** The peer's identity, empty when it has none. */
  readonly identity: Uint8Array;
}

/** Our greeting: ZMTP 3.1, mechanism NULL. */
export function greeting(): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes[11] = 1;
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

/**
 * Reads a peer's greeting.
 *
 * @returns The peer's minor version: 0 for ZMTP 3.0, 1 for ZMTP 3.1.
 * @throws {ZmtpError} When it isn't ZMTP 3 with the NULL mechanism.
 */
export function readGreeting(bytes: Uint8Array): number {
  if (bytes[0] !== 0xff || bytes[9] !== 0x7f) {
    throw new ZmtpError("Expected a ZMTP greeting, found other bytes: the peer isn't ZeroMQ");
  }
  if (bytes[10]! < 3) throw new ZmtpError(`Expected ZMTP 3, found version ${bytes[10]}`);
  const mechanism = decoder.decode(bytes.subarray(12, 32)).replace(/\0+$/, "");
  if (mechanism !== "NULL") {
    throw new ZmtpError(`Expected the NULL mechanism, found ${JSON.stringify(mechanism)}`);
  }
  return bytes[10]! > 3 ? 1 : bytes[11]!;
}

/** Encodes a command's body. */
export function encodeCommand(name: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const nameBytes = encoder.encode(name);
  return concat([new Uint8Array([nameBytes.length]), nameBytes, data]);
}

/**
 * Decodes a command's body.
 *
 * @throws {ZmtpError} When the name doesn't fit the frame.
 */
export function decodeCommand(body: Uint8Array): Command {
  const length = body[0] ?? 0;
  if (length === 0 || body.length < 1 + length) {
    throw new ZmtpError(`Expected a command name, found a body of ${body.length} bytes`);
  }
  return { name: decoder.decode(body.subarray(1, 1 + length)), data: body.subarray(1 + length) };
}

/** The body of our READY command. */
export function readyCommand(type: SocketType, identity: Uint8Array): Uint8Array {
  return encodeCommand(
    "READY",
    concat([...property("Socket-Type", encoder.encode(type)), ...property("Identity", identity)]),
  );
}

/**
 * Reads the peer's answer to our READY and checks that the two sockets fit.
 *
 * @param ours Our own socket type.
 * @param body The body of the peer's command.
 * @throws {ZmtpError} On an ERROR, a malformed READY, or a socket type that doesn't fit.
 */
export function readReady(ours: SocketType, body: Uint8Array): PeerProperties {
  const { name, data } = decodeCommand(body);
  if (name === "ERROR") {
    throw new ZmtpError(`The peer refused: ${decoder.decode(data.subarray(1))}`);
  }
  if (name !== "READY") throw new ZmtpError(`Expected a READY command, found ${name}`);
  const properties = decodeProperties(data);
  const socketType = decoder.decode(properties.get("socket-type") ?? new Uint8Array());
  if (!PARTNERS[ours].includes(socketType)) {
    throw new ZmtpError(
      `Expected a ${PARTNERS[ours].join(" or ")} socket, found ${JSON.stringify(socketType)}`,
    );
  }
  return { socketType, identity: properties.get("identity") ?? new Uint8Array() };
}

function property(name: string, value: Uint8Array): Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, value.length);
  return [new Uint8Array([name.length]), encoder.encode(name), length, value];
}

function decodeProperties(data: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const properties = new Map<string, Uint8Array>();
  for (let at = 0; at < data.length;) {
    const valueAt = at + 1 + data[at]! + 4;
    const length = valueAt <= data.length ? view.getUint32(valueAt - 4) : Infinity;
    if (valueAt + length > data.length) {
      throw new ZmtpError(`Expected a property, found ${data.length - at} bytes that aren't one`);
    }
    const name = decoder.decode(data.subarray(at + 1, valueAt - 4)).toLowerCase();
    properties.set(name, data.slice(valueAt, valueAt + length));
    at = valueAt + length;
  }
  return properties;
}

function concat(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
