import { SafetensorsFile } from "@tunebook/tensor";
import { exists } from "./download.ts";
import { HubError } from "./model_folder.ts";

/** A model's weights: names, and where each is. Nothing is read until it is asked for. */
export type Weights = ReadonlyMap<string, SafetensorsFile>;

/**
 * Opens the weights of a model folder, in one file or in several with an index.
 *
 * @throws {HubError} If the folder holds none, or the index is damaged.
 * @throws {SafetensorsError} If a file is.
 */
export async function openWeights(folder: string): Promise<Weights> {
  const single = `${folder}/model.safetensors`, index = `${single}.index.json`;
  if (await exists(single)) {
    const file = await SafetensorsFile.open(single);
    return new Map(file.names.map((name) => [name, file]));
  }
  if (await exists(index)) return await openShards(folder, index);
  const other = await firstOf(folder, ["pytorch_model.bin", "tf_model.h5", "model.onnx"]);
  throw new HubError(
    `Expected model.safetensors in ${folder} but found ${other ?? "no weights"}` +
      (other ? "; load it with transformers in Python and save_pretrained() it anew" : ""),
  );
}

async function openShards(folder: string, index: string): Promise<Weights> {
  const map = await shardMap(index);
  const files = new Map<string, SafetensorsFile>();
  const weights = new Map<string, SafetensorsFile>();
  for (const [tensor, name] of Object.entries(map)) {
    const file = files.get(name) ?? await SafetensorsFile.open(`${folder}/${name}`);
    files.set(name, file);
    file.entry(tensor); // throws if the file lacks what the index promises
    weights.set(tensor, file);
  }
  return weights;
}

async function shardMap(index: string): Promise<Record<string, string>> {
  let map: unknown;
  try {
    map = JSON.parse(await Deno.readTextFile(index)).weight_map;
  } catch (cause) {
    throw new HubError(`Expected ${index} to hold JSON: ${(cause as Error).message}`, { cause });
  }
  const names = typeof map === "object" && map !== null ? Object.values(map) : [];
  // A name is a file beside the index, never a path that leads elsewhere.
  const sound = names.every((name) => typeof name === "string" && /^[\w.-]+$/.test(name));
  if (names.length > 0 && sound) return map as Record<string, string>;
  throw new HubError(
    `Expected ${index} to have a "weight_map" from each tensor's name to a file's beside it`,
  );
}

async function firstOf(folder: string, names: string[]): Promise<string | undefined> {
  for (const name of names) if (await exists(`${folder}/${name}`)) return name;
  return undefined;
}
