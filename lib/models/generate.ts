import type { Module } from "@tunebook/nn";
import { noGrad, Random, scope, type Tensor, tensor } from "@tunebook/tensor";
import { Attention } from "./attention.ts";
import { KeyValueCache } from "./cache.ts";
import type { ModelInputs } from "./inputs.ts";
import { sample, type SamplingOptions } from "./sampling.ts";

/** What {@linkcode generate} takes: a model that scores the next token. */
export interface LanguageModel extends Module {
  /** What it needs to know of the configuration. */
  readonly config: { readonly maxPositions: number; readonly eosTokenId?: number | null };
  /** Tokens `[batch, time]` → scores `[batch, time, vocabSize]` */
  forward(input: Tensor, inputs?: ModelInputs): Tensor;
}

/** How {@linkcode generate} writes. */
export interface GenerateOptions extends SamplingOptions {
  /**
   * The most tokens to write.
   *
   * @default {50}
   */
  maxNewTokens?: number;
  /** It ends before one of these; unless given, before the token that ends texts, if there is one. */
  stopTokens?: readonly number[];
  /**
   * The same seed gives the same text.
   *
   * @default {0}
   */
  seed?: number;
  /** Ends the writing from outside; what was written so far stays. */
  signal?: AbortSignal;
}

/** How long other things may wait for their turn, such as the output of what was written. */
const TURN_MS = 20;

/**
 * Goes on with a text, token by token. Keys and values of what was read are kept, so that each new
 * token costs one token's work; when the model's positions are used up, it goes on from the later
 * half of what it has.
 *
 * Dropout is off while it writes; between tokens, other things get their turn.
 *
 * @param model A language model.
 * @param prompt The tokens to go on from, at least one. Of more than the model has positions for,
 * the last count.
 * @returns Each new token as soon as it is chosen.
 * @throws {RangeError} If the prompt is empty, or an option isn't possible.
 *
 * @example
 * ```ts
 * import { generate, GptForCausalLM } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 10, maxPositions: 8, dim: 8, layers: 1, heads: 2 });
 * const written: number[] = [];
 * for await (const token of generate(model, [1, 2], { maxNewTokens: 20, topK: 5 })) {
 *   written.push(token);
 * }
 * assertEquals(written.length, 20);
 * ```
 */
export async function* generate(
  model: LanguageModel,
  prompt: Iterable<number>,
  options: GenerateOptions = {},
): AsyncGenerator<number, void, undefined> {
  const { maxNewTokens = 50, seed = 0, signal } = options;
  const end = model.config.eosTokenId ?? null;
  const stops = new Set(options.stopTokens ?? (end === null ? [] : [end]));
  const random = new Random(seed);
  const room = model.config.maxPositions - prefixLength(model);
  const text = [...prompt];
  if (text.length === 0) {
    throw new RangeError(
      "Expected a prompt of at least one token but found none; begin with the token that begins " +
        "texts, or with a line break",
    );
  }
  using cache = new KeyValueCache();
  let fresh = text.slice(-room);
  let turn = performance.now();
  for (let written = 0; written < maxNewTokens && !signal?.aborted; written++) {
    if (cache.length + fresh.length > room) {
      cache.clear();
      fresh = text.slice(-Math.ceil(room / 2));
    }
    const token = sample(nextScores(model, fresh, cache), options, random);
    if (stops.has(token)) return;
    text.push(token);
    fresh = [token];
    yield token;
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      turn = performance.now();
    }
  }
}

/** The scores of the token behind the given ones, and those in the cache before. */
function nextScores(model: LanguageModel, tokens: number[], cache: KeyValueCache): Float32Array {
  const { training } = model;
  if (training) model.eval();
  try {
    return scope(() =>
      noGrad(() => {
        const input = tensor([tokens], { dtype: "int32" });
        return Float32Array.from(model.forward(input, { cache, logitsToKeep: 1 }).data);
      })
    );
  } finally {
    if (training) model.train();
  }
}

/** How many positions prefix tuning takes. */
function prefixLength(model: Module): number {
  for (const [, module] of model.namedModules()) {
    if (module instanceof Attention) return module.prefix?.length ?? 0;
  }
  return 0;
}
