/**
 * The wire between a notebook front-end and a kernel, both sides: ZeroMQ sockets (ZMTP 3.0 and 3.1,
 * NULL mechanism) over Deno's TCP, and Jupyter's signed messages. Works with libzmq's sockets.
 *
 * @module
 */
export { type ConnectOptions, ZmtpConnection } from "./connection.ts";
export { ZmtpError } from "./frames.ts";
export type { SocketType } from "./handshake.ts";
export { createMessage, type Header, type JsonObject, type Message } from "./message.ts";
export type { MessageOptions } from "./message.ts";
export type { PeerOptions } from "./peer.ts";
export { type ServerOptions, ZmtpServer } from "./server.ts";
export { MalformedMessageError, SignatureError, Signer } from "./signer.ts";
