/**
 * `Deno.jupyter.comms`: lines between a control in the front-end and the code of a cell. Deno's own
 * kernel only has the way out, `Deno.jupyter.broadcast("comm_open", …)`; comms opened like that are
 * known here, too.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { send } from "./channel.ts";

type Json = Record<string, unknown>;

/** What comes with a comm's data. */
interface CommExtra {
  metadata?: Json;
  buffers?: (ArrayBuffer | ArrayBufferView)[];
}

/** Takes what the front-end says. What it returns is awaited before the next message is taken. */
type CommHandler = (data: Json, extra: CommExtra) => unknown;

interface JupyterApi {
  broadcast: (type: string, content: Json, extra?: CommExtra) => void;
  comms: CommsApi;
}

interface CommsApi {
  /** Opens a line to what the front-end has registered under a name. */
  open(target: string, data?: Json, extra?: CommExtra): Comm;
  /** An open line, however it was opened. */
  get(id: string): Comm | undefined;
  /** Takes the lines that the front-end opens under a name. */
  register(target: string, take: (comm: Comm, data: Json, extra: CommExtra) => unknown): void;
}

const WIDGETS = "jupyter.widget";
const { jupyter } = Deno as unknown as { jupyter: JupyterApi };
const open = new Map<string, Comm>();
const targets = new Map<string, Parameters<CommsApi["register"]>[1]>();

/** One line. */
class Comm {
  /** Called with what the front-end says. */
  onMessage: CommHandler | undefined;
  /** Called when the front-end has closed the line. */
  onClose: CommHandler | undefined;

  constructor(readonly id: string, readonly target: string) {}

  /** Says something. */
  send(data: Json, extra: CommExtra = {}): void {
    jupyter.broadcast("comm_msg", { comm_id: this.id, data }, extra);
  }

  /** Closes the line. */
  close(data: Json = {}): void {
    jupyter.broadcast("comm_close", { comm_id: this.id, data });
  }
}

/** What a widget's front-end should show, so that a page that is loaded again gets it all at once. */
const states = new Map<string, Json>();

/** Adds `Deno.jupyter.comms`. Called after `broadcast` was led to the relay. */
export function installComms(): void {
  const { broadcast } = jupyter;
  jupyter.broadcast = (type, content, extra) => {
    const id = String(content.comm_id);
    if (type === "comm_open") take(id, String(content.target_name), content.data);
    if (type === "comm_msg") keepState(id, content.data);
    if (type === "comm_close") forget(id);
    broadcast(type, content, extra);
  };
  jupyter.comms = {
    open(target, data = {}, extra = {}) {
      const id = crypto.randomUUID();
      jupyter.broadcast("comm_open", { comm_id: id, target_name: target, data }, extra);
      return open.get(id)!;
    },
    get: (id) => open.get(id),
    register(target, take) {
      targets.set(target, take);
      send("target", ownerCell(), target);
    },
  };
}

/** Takes a message of the front-end. */
export async function receiveComm(
  type: string,
  content: { comm_id: string; target_name?: string; data?: unknown },
  metadata: Json,
  buffers: string[],
): Promise<void> {
  const { comm_id: id } = content;
  const data = isJson(content.data) ? content.data : {};
  const extra = { metadata, buffers: buffers.map((buffer) => Uint8Array.fromBase64(buffer)) };
  if (type === "comm_open") {
    const target = String(content.target_name);
    await targets.get(target)?.(take(id, target, data), data, extra);
    return;
  }
  const comm = open.get(id);
  if (type === "comm_close") {
    forget(id);
    await comm?.onClose?.(data, extra);
    return;
  }
  keepState(id, data);
  if (data.method === "request_state" && states.has(id)) {
    comm?.send({ method: "update", state: states.get(id), buffer_paths: [] });
  } else await comm?.onMessage?.(data, extra);
}

/** The protocol has objects only; handlers shall not have to look. */
function isJson(data: unknown): data is Json {
  return typeof data === "object" && data !== null;
}

function take(id: string, target: string, data: unknown): Comm {
  const comm = new Comm(id, target);
  open.set(id, comm);
  if (target === WIDGETS) states.set(id, { ...(data as { state?: Json } | undefined)?.state });
  return comm;
}

function keepState(id: string, data: unknown): void {
  const { method, state } = (data ?? {}) as { method?: string; state?: Json };
  if (method === "update" && states.has(id)) Object.assign(states.get(id)!, state);
}

function forget(id: string): void {
  open.delete(id);
  states.delete(id);
}
