import type { Model } from "@tunebook/models";
import { encodeSafetensors } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";

/** How {@linkcode savePretrained} saves. */
export interface SavePretrainedOptions {
  /** The tokenizer that belongs to the model. */
  tokenizer?: Tokenizer;
  /**
   * How the weights are stored: `F32` exactly, `F16` and `BF16` in half the space with about three
   * decimal digits.
   *
   * @default {"F32"}
   */
  dtype?: "F32" | "F16" | "BF16";
}

/** How `config.json` calls the kinds of numbers. */
const TORCH_NAMES = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const;

/**
 * Saves a model as a folder that {@linkcode fromPretrained} and Hugging Face's `transformers` read:
 * `config.json`, `model.safetensors` and, if given, `tokenizer.json`. Each file is written whole or
 * not at all.
 *
 * @param folder The folder, made if need be.
 */
export async function savePretrained(
  model: Model,
  folder: string | URL,
  { tokenizer, dtype = "F32" }: SavePretrainedOptions = {},
): Promise<void> {
  const base = folder instanceof URL ? folder : asFolder(folder);
  const write = async (name: string, content: string | Uint8Array) => {
    const target = typeof base === "string" ? `${base}${name}` : new URL(name, asFolder(base.href));
    const partial = typeof target === "string" ? `${target}.part` : new URL(`${target.href}.part`);
    if (typeof content === "string") await Deno.writeTextFile(partial, content);
    else await Deno.writeFile(partial, content);
    await Deno.rename(partial, target);
  };
  await Deno.mkdir(folder, { recursive: true });
  const tensors = Array.from(
    model.storedState(),
    ([name, { shape, data }]) => [name, { shape, data, dtype }] as const,
  );
  await write("model.safetensors", encodeSafetensors(tensors, { format: "pt" }));
  const config = { ...model.configJson(), dtype: TORCH_NAMES[dtype] };
  await write("config.json", `${JSON.stringify(config, null, 2)}\n`);
  if (tokenizer) await write("tokenizer.json", `${JSON.stringify(tokenizer, null, 2)}\n`);
}

function asFolder(path: string): string {
  return /[\\/]$/.test(path) ? path : `${path}/`;
}
