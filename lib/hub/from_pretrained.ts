import { fillStored, type Model, modelFromConfig } from "@tunebook/models";
import { Tokenizer } from "@tunebook/tokenizers";
import { HubError, modelFolder, type SourceOptions } from "./model_folder.ts";
import { openWeights } from "./weights.ts";

/** How {@linkcode fromPretrained} loads. */
export interface FromPretrainedOptions<M> extends SourceOptions {
  /** The class, such as `BertForTokenClassification`, instead of the one that was saved. */
  // deno-lint-ignore no-explicit-any -- each class has a configuration of its own
  as?: new (config: any) => M;
  /** Entries of the configuration to change, such as `{ dropout: 0, labels: ["ham", "spam"] }`. */
  config?: Record<string, unknown>;
  /** Told what began anew since the files lack it, as a new head does; a line of text unless given. */
  onNew?: (parameters: string[]) => void;
}

/**
 * Loads a model: from a folder as `savePretrained` and Hugging Face's `transformers` write them, or
 * from the Hugging Face hub, downloaded the first time.
 *
 * The model is in evaluation: call `train()` to train it.
 *
 * @param source A folder's path, or a model's name on the hub.
 * @throws {HubError} If the model can't be had.
 * @throws {ConfigError} If this library has no such model.
 * @throws {SafetensorsError | StateError} If the weights are damaged, or another model's.
 *
 * @example
 * ```ts
 * import { fromPretrained, savePretrained } from "@tunebook/hub";
 * import { GptForCausalLM, GptForSequenceClassification } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const size = { vocabSize: 10, maxPositions: 8, dim: 8, layers: 1, heads: 2 };
 * await savePretrained(new GptForCausalLM(size), folder);
 *
 * const model = await fromPretrained(folder, {
 *   as: GptForSequenceClassification,
 *   config: { labels: ["ham", "spam", "eggs"] },
 *   onNew: (parameters) => assertEquals(parameters, ["score.weight"]),
 * });
 * assertEquals(model.config.labels.length, 3);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function fromPretrained<M extends Model = Model>(
  source: string | URL,
  options: FromPretrainedOptions<M> = {},
): Promise<M> {
  const { as, config = {}, onNew = sayNew } = options;
  const folder = await modelFolder(source, options);
  const path = `${folder}/config.json`;
  const model = modelFromConfig<M>(await readJson(path), {
    source: path,
    config,
    ...(as && { as }),
  });
  const weights = await openWeights(folder);
  const entries = Array.from(weights, ([name, file]) => [name, file.entry(name)] as const);
  const { places, report } = model.matchStoredState(entries);
  for (const [name, place] of places) {
    // One at a time: at no moment is the whole model there twice.
    fillStored(place, (await weights.get(name)!.readFloat32(name)).data);
  }
  if (report.missing.length > 0) onNew(report.missing);
  return model.eval() as M;
}

/**
 * Loads the tokenizer that belongs to a model.
 *
 * @param source A folder's path, or a model's name on the hub.
 * @throws {HubError} If it can't be had.
 */
export async function loadTokenizer(
  source: string | URL,
  options: SourceOptions = {},
): Promise<Tokenizer> {
  const folder = await modelFolder(source, options);
  try {
    return await Tokenizer.load(`${folder}/tokenizer.json`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new HubError(`Expected tokenizer.json in ${folder} but there is none`, { cause: error });
  }
}

function sayNew(parameters: string[]): void {
  console.info(`New, to be trained: ${parameters.join(", ")}`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new HubError(
      missing
        ? `Expected ${path}, which says what the model is, but there is none`
        : `Expected ${path} to hold JSON: ${(cause as Error).message}`,
      { cause },
    );
  }
}
