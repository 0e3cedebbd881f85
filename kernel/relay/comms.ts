/**
 * Comms: lines between a control in the front-end and the code of a cell. Jupyter's widgets speak
 * through them (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 *
 * What the front-end says on a line is run like a cell, in turn with the others; what that puts out
 * appears under the cell that made the control.
 *
 * @module
 */
import type { JsonObject, Message } from "../wire/mod.ts";
import { Cell, scriptName } from "./cell.ts";
import type { FrontEnd } from "./front_end.ts";
import { log } from "./log.ts";
import type { Place } from "./rewrite/mod.ts";

/** What may come with a comm message. */
export interface CommExtra {
  readonly metadata?: JsonObject;
  readonly buffers?: Uint8Array[];
}

interface OpenComm {
  readonly target: string;
  /** The cell that made it, or that registered its target. */
  readonly cell: Cell;
}

/** Knows every comm that is open, and whose it is. */
export class Comms {
  readonly #frontEnd: Pick<FrontEnd, "publish">;
  readonly #deliver: (owner: Cell, message: Message) => Promise<void>;
  readonly #open = new Map<string, OpenComm>();
  readonly #targets = new Map<string, Cell>();

  /**
   * @param frontEnd Where comms lead.
   * @param deliver Hands a message to the child on behalf of a cell, and waits until it is dealt with.
   */
  constructor(
    frontEnd: Pick<FrontEnd, "publish">,
    deliver: (owner: Cell, message: Message) => Promise<void>,
  ) {
    this.#frontEnd = frontEnd;
    this.#deliver = deliver;
  }

  /** A cell takes comms that the front-end opens under a name. */
  register(target: string, cell: Cell): void {
    this.#targets.set(target, cell);
  }

  /** A cell opens or closes a comm, or says something on one. */
  sent(cell: Cell, type: string, content: JsonObject, extra: CommExtra): void {
    const id = String(content.comm_id);
    if (type === "comm_open") this.#open.set(id, { target: String(content.target_name), cell });
    if (type === "comm_close") this.#open.delete(id);
    cell.outputs.flush(); // What the cell put out before comes before.
    this.#frontEnd.publish(type, content, cell.request, extra);
  }

  /** The front-end opens or closes a comm, or says something on one. */
  async receive(message: Message): Promise<void> {
    const { header: { msg_type: type }, content } = message;
    const id = String(content.comm_id);
    const target = String(content.target_name);
    const cell = type === "comm_open" ? this.#targets.get(target) : this.#open.get(id)?.cell;
    if (!cell) {
      log("nobody's", type, id);
      // Whoever opens a line that nobody listens to would wait for an answer.
      if (type === "comm_open") this.#close(id, message);
      return;
    }
    if (type === "comm_open") this.#open.set(id, { target, cell });
    if (type === "comm_close") this.#open.delete(id);
    await this.#deliver(cell, message);
  }

  /** The content of a `comm_info_reply`: the open comms, or those under one name. */
  info(target: unknown): JsonObject {
    const comms = [...this.#open]
      .filter(([, comm]) => typeof target !== "string" || comm.target === target)
      .map(([id, comm]) => [id, { target_name: comm.target }]);
    return { status: "ok", comms: Object.fromEntries(comms) };
  }

  /** The child is gone, and with it everything that listened. */
  closeAll(): void {
    for (const [id, { cell }] of this.#open) this.#close(id, cell.request);
    this.#open.clear();
    this.#targets.clear();
  }

  #close(id: string, parent: Message): void {
    this.#frontEnd.publish("comm_close", { comm_id: id, data: {} }, parent);
  }
}

/**
 * A message as a cell that hands it to its handler.
 *
 * @param number The number of this run.
 * @param owner The cell that the outputs belong to.
 */
export function handlerCell(number: number, owner: Cell, message: Message): Cell {
  const { header, content, metadata } = message;
  const buffers = message.buffers.map((buffer) => buffer.toBase64());
  // As text in the text: as an object literal it may be too deep, and `__proto__` isn't a name.
  const given = JSON.stringify(JSON.stringify([header.msg_type, content, metadata, buffers]));
  const script = "'use strict';await __cell.begin();" +
    `await __cell.await(__kernel.comm(...JSON.parse(${given})));void 0;\n` +
    `//# sourceURL=${scriptName(number)}`;
  const rewritten = { script, showUndefined: false, placeOf: (place: Place) => place };
  return new Cell(number, owner.count, message, "", rewritten, owner.outputs, true);
}

/**
 * Joins an update of a control's state with one that still waits: a slider that is dragged says more
 * than a slow function can follow, and only where it is now matters. Nothing overtakes anything but
 * updates of other controls.
 *
 * @param queue What waits; changed in place.
 * @returns The message that was replaced, whose sender waits for its end; `undefined` when the
 * update has to wait in a place of its own.
 */
export function joinWaiting(queue: { message: Message }[], update: Message): Message | undefined {
  const after = updatedState(update);
  if (!after) return undefined;
  for (const queued of queue.toReversed()) {
    const { message } = queued;
    const before = updatedState(message);
    if (!before) return undefined;
    if (message.content.comm_id !== update.content.comm_id) continue;
    const data = { ...update.content.data as JsonObject, state: { ...before, ...after } };
    queued.message = { ...update, content: { ...update.content, data } };
    return message;
  }
  return undefined;
}

function updatedState({ header, content, buffers }: Message): JsonObject | undefined {
  const data = content.data as { method?: unknown; state?: JsonObject } | undefined;
  const isUpdate = header.msg_type === "comm_msg" && data?.method === "update";
  return isUpdate && buffers.length === 0 ? data.state : undefined;
}
