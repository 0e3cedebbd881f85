/** Three tasks about the same short texts, of one kind each, that a tiny model learns in seconds. */
import { Dataset } from "@tunebook/data";
import { type HeadKind, MultiTaskModel, TaskData, type TextBatch } from "@tunebook/finetune";
import { Bert, Gpt, Llama, type TextModel } from "@tunebook/models";
import { Random, tensor } from "@tunebook/tensor";

/** Tokens 1 to 8; exactly one of them is an 8. */
export interface Text {
  tokens: number[];
}

/** The tasks: is the last token high, is each token odd, where is the 8. */
export const KINDS = {
  high: { kind: "classification", labels: ["low", "high"] },
  odd: { kind: "tokens", labels: ["even", "odd"] },
  where: { kind: "questions" },
} as const satisfies Record<string, HeadKind>;

/** A task of {@linkcode KINDS}. */
export type ToyName = keyof typeof KINDS;

const TIME = 5;
const SIZE = {
  vocabSize: 9,
  maxPositions: 8,
  dim: 16,
  layers: 2,
  heads: 2,
  hidden: 32,
  dropout: 0,
};

/** A body of each family. */
export const BODIES: Record<string, () => TextModel> = {
  Gpt: () => new Gpt(SIZE),
  Bert: () => new Bert(SIZE),
  Llama: () => new Llama(SIZE),
};

/** A model for all three tasks. */
export function toyModel(kinds: Record<string, HeadKind> = KINDS, body = BODIES.Gpt!) {
  return new MultiTaskModel(body(), kinds);
}

/** Texts drawn by a seed. */
export function texts(count: number, seed: number): Dataset<Text> {
  const random = new Random(seed);
  return Dataset.from(Array.from({ length: count }, () => {
    const tokens = Array.from({ length: TIME }, () => random.integer(1, 8));
    tokens[random.integer(0, TIME)] = 8;
    return { tokens };
  }));
}

/** What a batch of a task looks like. */
export function batchOf(name: ToyName, some: readonly Text[]): TextBatch {
  const rows = some.map(({ tokens }) => tokens);
  const input = tensor(rows, { dtype: "int32" });
  const places = Int32Array.from(rows, (row) => row.indexOf(8));
  const targets = {
    high: () => tensor(rows.map((row) => Number(row.at(-1)! > 4)), { dtype: "int32" }),
    odd: () => tensor(rows.map((row) => row.map((token) => token % 2)), { dtype: "int32" }),
    where: () => ({ starts: places, ends: places }),
  }[name]();
  return { input, targets };
}

/** Data of a task. */
export function toyTask(name: ToyName, { examples = 64, batchSize = 8, seed = 1 } = {}) {
  return new TaskData<Text>(name, {
    train: texts(examples, seed),
    validation: texts(64, 99),
    batchSize,
    collate: (some) => batchOf(name, some),
  });
}

/** Data of all three tasks. */
export function toyTasks(options?: Parameters<typeof toyTask>[1]) {
  return (Object.keys(KINDS) as ToyName[]).map((name) => toyTask(name, options));
}

/** The task `odd` with labels drawn by chance: nothing to be learned, and a gradient that never ends. */
export function noise() {
  const random = new Random(3);
  const train = texts(256, 1).map((text) => ({
    ...text,
    labels: text.tokens.map(() => random.integer(0, 2)),
  }));
  return new TaskData("odd", {
    train,
    validation: train,
    batchSize: 8,
    collate: (some) => ({
      input: tensor(some.map(({ tokens }) => tokens), { dtype: "int32" }),
      targets: tensor(some.map(({ labels }) => labels), { dtype: "int32" }),
    }),
  });
}
