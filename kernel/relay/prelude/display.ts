/**
 * What a value looks like in the notebook, and `Deno.jupyter`'s ways of showing things.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { send } from "./channel.ts";

/** Representations of one value by MIME type. */
export type MimeBundle = Record<string, unknown>;

interface JupyterApi {
  broadcast: (
    type: string,
    content: Record<string, unknown>,
    extra?: { metadata?: Record<string, unknown>; buffers?: (ArrayBuffer | ArrayBufferView)[] },
  ) => void;
  display: (
    value: unknown,
    options?: { raw?: boolean; update?: boolean; display_id?: string },
  ) => Promise<void>;
  format: (value: unknown) => Promise<MimeBundle>;
  $display: symbol;
}

const PLAIN_TYPES = new Set(["undefined", "bigint", "number", "symbol", "boolean"]);
const jupyter = (Deno as unknown as { jupyter: JupyterApi }).jupyter;

/** Sends `Deno.jupyter`'s output through the channel instead of the child's own sockets. */
export function installDisplay(): void {
  jupyter.broadcast = (type, content, extra = {}) => {
    const buffers = (extra.buffers ?? []).map((buffer) => bytesOf(buffer).toBase64());
    send("broadcast", ownerCell(), type, content, extra.metadata ?? {}, buffers);
  };
  jupyter.display = async (value, options = {}) => {
    const data = options.raw ? value as MimeBundle : await formatValue(value);
    jupyter.broadcast(options.update ? "update_display_data" : "display_data", {
      data,
      metadata: {},
      transient: options.display_id ? { display_id: options.display_id } : {},
    });
  };
}

/**
 * How a cell's value is shown. Deno's own protocol (`Symbol.for("Jupyter.display")`, canvases, data
 * frames, images) comes first; what it shows as nothing (`NaN`, `-0`, bigints) is inspected.
 */
export async function formatValue(value: unknown): Promise<MimeBundle> {
  const plain = formatPlain(value);
  if (plain) return plain;
  const custom = (value as Record<symbol, unknown>)[jupyter.$display];
  if ((value instanceof Promise || value instanceof Error) && typeof custom !== "function") {
    return { "text/plain": inspect(value) };
  }
  const bundle = await jupyter.format(value);
  return isBundle(bundle, typeof custom === "function") ? bundle : { "text/plain": inspect(value) };
}

/** How a value is shown that has no code of its own to run for that; `undefined` for others. */
export function formatPlain(value: unknown): MimeBundle | undefined {
  const plain = value === null || PLAIN_TYPES.has(typeof value);
  const custom = (value as Record<symbol, unknown> | null | undefined)?.[jupyter.$display];
  return plain && typeof custom !== "function" ? { "text/plain": inspect(value) } : undefined;
}

function inspect(value: unknown): string {
  return Deno.inspect(value, { colors: !Deno.noColor });
}

/** A value that decides for itself may hand back an empty bundle: there is nothing to show. */
function isBundle(value: unknown, mayBeEmpty: boolean): value is MimeBundle {
  if (typeof value !== "object" || value === null) return false;
  return mayBeEmpty || Object.keys(value).length > 0;
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}
