import { encodeSafetensors, SafetensorsFile, type Tensor } from "@tunebook/tensor";
import type { Adapter } from "./adapter.ts";
import { applyPeft } from "./apply.ts";
import { adapterConfigJson, readAdapterConfig } from "./config_json.ts";
import { list, PeftError } from "./errors.ts";
import { type Forwarding, PeftModel, type SetAdapterOptions } from "./peft_model.ts";
import { ReplacementPiece } from "./pieces.ts";

/** An adapter as Hugging Face PEFT stores it: the two files' contents. */
export interface AdapterFiles {
  /** `adapter_config.json`, parsed. */
  config: Record<string, unknown>;
  /** `adapter_model.safetensors` */
  tensors: Uint8Array<ArrayBuffer>;
}

/** What goes into an adapter's files. */
export interface SaveAdapterOptions {
  /** Which adapter; the one at work unless given. */
  name?: string;
  /** The base's name on the hub or its folder, `base_model_name_or_path`. */
  baseModel?: string;
}

/** What {@linkcode loadAdapter} does with an adapter. */
export interface LoadAdapterOptions extends SetAdapterOptions {
  /** What to call it; `default` unless given. */
  name?: string;
}

const CONFIG = "adapter_config.json", TENSORS = "adapter_model.safetensors";

/**
 * An adapter in Hugging Face PEFT's format, which `PeftModel.from_pretrained` reads.
 *
 * @throws {PeftError} If there is no such adapter, or several are at work and none is named.
 */
export function encodeAdapter(
  peft: PeftModel<Forwarding>,
  { name, baseModel }: SaveAdapterOptions = {},
): AdapterFiles {
  const adapter = peft.adapter(name ?? onlyActive(peft));
  const prefix = prefixOf(adapter);
  const entries = [...layoutOf(adapter)].map(([own, { tensor, transposed }]) => {
    const stored = transposed ? tensor.detach().transpose(0, 1) : tensor;
    return [isBare(own) ? own : prefix + own, { shape: stored.shape, data: stored.data }] as const;
  });
  return {
    config: adapterConfigJson(peft.model, adapter, baseModel ?? null),
    tensors: encodeSafetensors(entries, { format: "pt" }),
  };
}

/**
 * Writes an adapter's two files, `adapter_config.json` and `adapter_model.safetensors`.
 *
 * @param folder Made if it isn't there.
 */
export async function saveAdapter(
  peft: PeftModel<Forwarding>,
  folder: string,
  options: SaveAdapterOptions = {},
): Promise<void> {
  const { config, tensors } = encodeAdapter(peft, options);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(`${folder}/${TENSORS}`, tensors);
  await Deno.writeTextFile(`${folder}/${CONFIG}`, JSON.stringify(config, null, 2) + "\n");
}

/**
 * Puts a stored adapter on a model and to work, be it ours or Hugging Face PEFT's.
 *
 * @param model A plain model, or one with adapters, which gets a further one.
 * @param source A folder, or the files' contents.
 * @throws {PeftError} If the files are missing, or the adapter was made for another base: the message
 * names what doesn't fit.
 *
 * @example
 * ```ts
 * import { applyPeft, encodeAdapter, loadAdapter, lora } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2 });
 * const files = encodeAdapter(applyPeft(model, lora({ rank: 2 }))); // saveAdapter writes a folder
 * assertEquals(files.config.peft_type, "LORA");
 *
 * const other = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2 });
 * const peft = await loadAdapter(other, files, { name: "mine" });
 * assertEquals(peft.activeAdapters, ["mine"]);
 * ```
 */
export async function loadAdapter<M extends Forwarding>(
  model: M | PeftModel<M>,
  source: string | AdapterFiles,
  { name = "default", trainable = true }: LoadAdapterOptions = {},
): Promise<PeftModel<M>> {
  const { config, tensors } = typeof source === "string" ? await readFolder(source) : source;
  const file = await SafetensorsFile.open(tensors);
  const values = new Map<string, Values>();
  for (const key of file.names) values.set(key, await file.readFloat32(key));
  const configured = readAdapterConfig(config);
  const base = String(config.base_model_name_or_path ?? "another base");
  try {
    const isNew = !(model instanceof PeftModel);
    const peft = isNew ? applyPeft(model, configured, { name }) : model;
    if (!isNew) peft.addAdapter(name, configured);
    try {
      fill(peft.adapter(name), values, base, peft.model.constructor.name);
    } catch (error) {
      if (isNew) peft.unload();
      else peft.deleteAdapter(name);
      throw error;
    }
    peft.setAdapter(name, { trainable });
    return peft;
  } catch (error) {
    if (!(error instanceof PeftError) || error.message.includes(base)) throw error;
    throw new PeftError(`The adapter made for ${base} doesn't fit: ${error.message}`);
  }
}

interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Copies stored values into an adapter, all or nothing. */
function fill(
  adapter: Adapter,
  values: ReadonlyMap<string, Values>,
  base: string,
  model: string,
): void {
  const prefix = prefixOf(adapter);
  const layout = layoutOf(adapter);
  const problems: string[] = [];
  for (const [own, { tensor, transposed }] of layout) {
    const found = values.get(isBare(own) ? own : prefix + own);
    const expected = transposed ? tensor.shape.toReversed() : tensor.shape;
    if (!found) problems.push(`${own} is missing`);
    else if (found.shape.join() !== expected.join()) {
      problems.push(
        `${own}: expected [${expected.join(", ")}] but found [${found.shape.join(", ")}]`,
      );
    }
  }
  const known = new Set([...layout.keys()].map((own) => isBare(own) ? own : prefix + own));
  for (const key of values.keys()) if (!known.has(key)) problems.push(`${key} is unexpected`);
  if (problems.length > 0) {
    throw new PeftError(
      `The adapter made for ${base} doesn't fit this ${model}: ${list(problems)}`,
    );
  }
  for (const [own, { tensor, transposed }] of layout) {
    const { data } = values.get(isBare(own) ? own : prefix + own)!;
    if (!transposed) tensor.data.set(data);
    else {
      const [rows, columns] = tensor.shape as [number, number];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) tensor.data[i * columns + j] = data[j * rows + i]!;
      }
    }
  }
}

function prefixOf({ configured }: Adapter): string {
  return configured.method.filePrefix ?? "base_model.model.";
}

/** A tensor of the whole model, which files name without a prefix. */
function isBare(own: string): boolean {
  return !own.includes(".");
}

/** The tensors in their files' order, and which of them files hold with swapped axes. */
function layoutOf(adapter: Adapter): Map<string, { tensor: Tensor; transposed: boolean }> {
  return new Map(
    adapter.pieces.flatMap((piece) =>
      Array.from(piece.stored?.() ?? piece.tensors, ([own, tensor]) => {
        const transposed = piece instanceof ReplacementPiece && piece.options.transposed === true;
        return [own, { tensor, transposed: transposed && tensor.ndim === 2 }] as const;
      })
    ),
  );
}

function onlyActive({ activeAdapters }: PeftModel<Forwarding>): string {
  const [name, ...others] = activeAdapters;
  if (name !== undefined && others.length === 0) return name;
  throw new PeftError(
    `Expected one adapter at work, or a name; at work are ${list(activeAdapters)}`,
  );
}

async function readFolder(folder: string): Promise<AdapterFiles> {
  try {
    return {
      config: JSON.parse(await Deno.readTextFile(`${folder}/${CONFIG}`)),
      tensors: await Deno.readFile(`${folder}/${TENSORS}`),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new PeftError(
      `Expected a folder with ${CONFIG} and ${TENSORS} but found none: ${folder}`,
    );
  }
}
