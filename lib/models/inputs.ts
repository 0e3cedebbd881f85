import { arange, type Tensor } from "@tunebook/tensor";
import type { KeyValueCache } from "./cache.ts";

/** What a model takes beside the tokens. */
export interface ModelInputs {
  /** `[batch, time]`: 1 for tokens, 0 for padding, which no token sees. All are tokens without it. */
  mask?: Tensor | undefined;
  /** What earlier calls computed of the same texts; the tokens given now come behind it. */
  cache?: KeyValueCache | undefined;
  /** int32 `[batch, time]`, for BERT: 0 in the first of two texts, 1 in the second. 0 without it. */
  tokenTypes?: Tensor | undefined;
  /** Of how many tokens, counted from the end, a language model gives scores. All unless given. */
  logitsToKeep?: number | undefined;
  /** Filled with what is computed on the way. */
  trace?: Trace | undefined;
}

/**
 * What a model computes on the way to its output, for probes and pictures. Give empty arrays of
 * what you want to see.
 */
export interface Trace {
  /** The embeddings, then what comes out of each block: `[batch, time, dim]` each. */
  hiddenStates?: Tensor[];
  /** How much each token looks at each, block by block: `[batch, heads, time, keys]` each. */
  attentions?: Tensor[];
}

/** What an attention module takes beside its input. */
export interface AttendInputs extends ModelInputs {
  /** `[batch, time, dim]`, added to the output. */
  residual?: Tensor | undefined;
}

/**
 * Makes sure that `time` tokens behind `before` others aren't more than a model has positions for.
 *
 * @throws {RangeError} If they are.
 */
export function checkLength(time: number, before: number, most: number): void {
  if (before + time <= most) return;
  throw new RangeError(
    `Expected at most ${most} tokens, which is what the model has positions for, but found ${
      before + time
    }; cut the texts with maxLength: ${most - before}`,
  );
}

/**
 * The positions of `time` tokens behind `before` others, as int32 `[time]`.
 *
 * @throws {RangeError} If there are more than the model has.
 */
export function positions(time: number, before: number, most: number): Tensor {
  checkLength(time, before, most);
  return arange(before, before + time, 1, { dtype: "int32" });
}

/** Whether what a model was given are tokens (int32 `[batch, time]`) and not yet embeddings. */
export function areTokens(input: Tensor): boolean {
  const tokens = input.dtype === "int32" && input.ndim === 2;
  if (tokens || (input.dtype === "float32" && input.ndim === 3)) return tokens;
  throw new TypeError(
    "Expected token ids, int32 [batch, time], or embeddings, float32 [batch, time, dim], but found " +
      `${input.dtype} [${input.shape.join(", ")}]`,
  );
}

/** The last `count` positions of `[batch, time, dim]`, or all. */
export function lastPositions(hidden: Tensor, count?: number): Tensor {
  const time = hidden.shape[1]!;
  return count === undefined || count >= time ? hidden : hidden.narrow(1, time - count, count);
}
