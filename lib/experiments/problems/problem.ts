import { padRows } from "@tunebook/data";
import type { CutAt } from "../encoding.ts";
import type { ModelInputs, TextModel } from "@tunebook/models";
import { type Tensor, tensor } from "@tunebook/tensor";
import type { Tokenizer } from "@tunebook/tokenizers";

/** An example as a model reads it. */
export interface Row {
  /** Its tokens. */
  readonly ids: Int32Array;
  /** For BERT, 0 in the first of two texts and 1 in the second. */
  readonly types?: Int32Array;
}

/** What a model was right about; `score` is the one that matters, the higher the better. */
export interface Measures {
  /** The one to choose by. */
  score: number;
  /** Further ones by name. */
  [name: string]: number;
}

/** Which kind of head a problem needs. */
export type ProblemKind = "classification" | "tokens" | "questions";

/**
 * A task made ready for a tokenizer: rows of tokens, and how to tell whether what a model says about
 * them is right.
 *
 * @typeParam R What a row holds.
 * @typeParam A What a model says about a row.
 */
export interface Problem<R extends Row = Row, A = unknown> {
  /** Which kind of head it needs. */
  readonly kind: ProblemKind;
  /** The names of the head's classes. */
  readonly labels: readonly string[];
  /** The rows to train on, to choose by, to measure with. */
  readonly parts: Readonly<Record<"train" | "validation" | "test", readonly R[]>>;
  /** What short rows are filled with. */
  readonly paddingId: number;
  /** Over how much the loss of these rows is a mean. */
  weight(rows: readonly R[]): number;
  /** The mean loss of the model's scores. */
  loss(scores: Tensor, rows: readonly R[]): Tensor;
  /** What the model says about each row. */
  answers(scores: Tensor, rows: readonly R[]): A[];
  /** How right that is. */
  measure(rows: readonly R[], answers: readonly A[]): Measures;
}

/** How examples become rows. */
export interface ReadingOptions {
  /** Makes tokens of texts. */
  tokenizer: Tokenizer;
  /** The most tokens of a text. */
  maxLength: number;
  /** How many training examples to draw. Default: all. */
  labels?: number | undefined;
  /** How many validation examples to draw. Default: all. */
  validationExamples?: number | undefined;
  /** How many test examples to draw. Default: all. */
  testExamples?: number | undefined;
  /** Which draw of training examples. */
  seed: number;
  /** At which end long texts are cut; questions' contexts always at their end. */
  cutAt: CutAt;
}

/** What a model is made for. */
export interface ModelRequest {
  /** Which kind of head it needs. */
  readonly kind: ProblemKind;
  /** The names of the head's classes, for `config.labels`; `["start", "end"]` for questions. */
  readonly labels: string[];
  /** The run's seed; layers that draw from `manualSeed`'s generator are already seeded by it. */
  readonly seed: number;
}

/** Makes a new model for a run, which trains it and frees its memory. */
export type ModelFactory = (request: ModelRequest) => TextModel | Promise<TextModel>;

/** Rows as a model takes them. */
export interface Batch<R> {
  /** The rows. */
  readonly rows: readonly R[];
  /** Tokens, int32 `[batch, time]`, or embeddings `[batch, time, dim]`. */
  readonly input: Tensor;
  /** The mask and token types. */
  readonly inputs: ModelInputs;
}

/** Pads rows on the right to the longest of them. */
export function padBatch<R extends Row>(rows: readonly R[], paddingId: number): Batch<R> {
  const { ids: input, mask } = padRows(rows.map(({ ids }) => ids), paddingId);
  const time = input.shape[1]!;
  const padded = rows.some((row) => row.ids.length < time);
  return {
    rows,
    input,
    inputs: {
      ...(padded && { mask }),
      ...(rows[0]!.types && { tokenTypes: padTypes(rows, time) }),
    },
  };
}

function padTypes(rows: readonly Row[], time: number): Tensor {
  const types = new Int32Array(rows.length * time);
  for (const [i, row] of rows.entries()) types.set(row.types!, i * time);
  return tensor(types, { shape: [rows.length, time] });
}
