/**
 * Jupyter messages as TypeScript values
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html).
 *
 * @module
 */

/** A JSON object. */
export type JsonObject = { [key: string]: unknown };

/** What identifies a message. Names are the protocol's own, since headers are sent back verbatim. */
export interface Header extends JsonObject {
  /** Unique to the message. */
  msg_id: string;
  /** `execute_request`, `stream`, … */
  msg_type: string;
  /** Unique to the sender's run. */
  session: string;
  /** The sender. */
  username: string;
  /** ISO 8601. */
  date: string;
  /** The version of the Jupyter protocol: `5.3`, `5.4`. */
  version: string;
}

/** A whole message. */
export interface Message {
  /** The routing frames before the message: who sent it to a ROUTER, or an IOPub topic. */
  identities: Uint8Array[];
  /** What identifies it. */
  header: Header;
  /** The header of the request this belongs to; `undefined` when there is none. */
  parentHeader: Header | undefined;
  /** Side information. */
  metadata: JsonObject;
  /** What it says; the shape depends on `header.msg_type`. */
  content: JsonObject;
  /** Binary attachments. */
  buffers: Uint8Array[];
}

/** What a new message is made of. */
export interface MessageOptions {
  /** The sender's session. */
  session: string;
  /** The protocol version to announce. */
  version: string;
  /** The request that this answers. */
  parent?: Message | undefined;
  /** The routing frames. Default: the parent's. */
  identities?: Uint8Array[];
  /** Side information. */
  metadata?: JsonObject;
  /** Binary attachments. */
  buffers?: Uint8Array[];
  /** The sender. Default `tunebook`. */
  username?: string;
}

/**
 * Makes a message with a fresh id and today's date.
 *
 * @param type The message's type.
 * @param content What it says.
 *
 * @example
 * ```ts
 * import { createMessage } from "./message.ts";
 *
 * const request = createMessage("kernel_info_request", {}, { session: "s", version: "5.3" });
 * const reply = createMessage("kernel_info_reply", { status: "ok" }, {
 *   session: "s",
 *   version: "5.4",
 *   parent: request,
 * });
 * if (reply.parentHeader?.msg_id !== request.header.msg_id) throw new Error("not the parent");
 * ```
 */
export function createMessage(type: string, content: JsonObject, options: MessageOptions): Message {
  return {
    identities: options.identities ?? options.parent?.identities ?? [],
    header: {
      msg_id: crypto.randomUUID(),
      msg_type: type,
      session: options.session,
      username: options.username ?? "tunebook",
      date: new Date().toISOString(),
      version: options.version,
    },
    parentHeader: options.parent?.header,
    metadata: options.metadata ?? {},
    content,
    buffers: options.buffers ?? [],
  };
}
