/**
 * The experiment of lesson 01: what the base model learned without labels, and what that is worth on a
 * labelled task.
 *
 * @module
 */
import {
  baseGpt,
  baseTokenizer,
  baseTrainingLog,
  documentsFor,
  surprise,
  untrainedGpt,
} from "@tunebook/base";
import { type Experiment, experimentCommand, fitClassifier } from "@tunebook/experiments";
import { agreementTask, periodTask } from "@tunebook/finetune";
import { type GptForCausalLM, GptForSequenceClassification } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { minimalPairs } from "./pairs.ts";

/** One run. */
export interface Key {
  /** What is looked at. */
  part: "text" | "samples" | "pairs" | "task" | "topics";
  /** Where the model starts, for `task` and `topics`. */
  start?: "pretrained" | "untrained";
  /** How many labels, for `task`. */
  labels?: number;
  /** The seed, for `task` and `topics`. */
  seed?: number;
  /** How much less, for the tests. */
  quick?: true;
}

/** What came out. */
export interface Value {
  /** Bits per byte of each validation document: untrained, and pretrained. */
  bits?: { title: string; untrained: number; pretrained: number }[];
  /** For each prompt and moment of training, how many of the words written are words of the corpus. */
  words?: { prompt: string; step: number; known: number; pairs: number }[];
  /** For each kind of mistake, in how many of the pairs the right sentence was likelier. */
  pairs?: { kind: string; count: number; untrained: number; pretrained: number }[];
  /** The test accuracy. */
  score?: number;
  /** After how many steps validation found the weights best, which are those tested. */
  bestStep?: number;
}

const SEEDS = [0, 1, 2, 3, 4];
const LABELS = [50, 200, 1000];
/** Validation chose these among three, for 200 labels (`lib/experiments/base_study.ts`). */
const RATES = { pretrained: 3e-4, untrained: 1e-3 } as const;
/**
 * The same for every number of labels, and enough for the most: four times through a thousand. With
 * few labels the best moment comes early; validation picks it.
 */
const STEPS = 250;

/** What is run. */
export const experiment: Experiment<Key, Value> = {
  name: "01-pretrained-model",
  version: 2,
  rows: [
    { part: "text" },
    { part: "samples" },
    { part: "pairs" },
    ...SEEDS.flatMap((seed) =>
      (["pretrained", "untrained"] as const).flatMap((start): Key[] => [
        ...LABELS.map((labels): Key => ({ part: "task", start, labels, seed })),
        { part: "topics", start, seed },
      ])
    ),
  ],
  quickRows: [
    { part: "pairs", quick: true },
    { part: "task", start: "pretrained", labels: 50, seed: 0, quick: true },
  ],
  oneSeed: ({ seed = 0 }) => seed === 0,
  async run(key) {
    switch (key.part) {
      case "text":
        return { bits: await bitsOfDocuments() };
      case "samples":
        return { words: await wordsOfSamples() };
      case "pairs":
        return { pairs: await judgePairs(key.quick ? 4 : 60) };
      case "task":
      case "topics":
        return await accuracyOf(key);
    }
  },
};

/** The base model, and one of its shape that learned nothing. */
export async function bothModels(): Promise<
  { untrained: GptForCausalLM; pretrained: GptForCausalLM }
> {
  manualSeed(0);
  return { untrained: await untrainedGpt(), pretrained: await baseGpt() };
}

async function bitsOfDocuments(): Promise<NonNullable<Value["bits"]>> {
  const models = await bothModels(), tokenizer = await baseTokenizer();
  return (await documentsFor("validation")).map(({ title, text }) => {
    const tokens = tokenizer.encode(text).slice(0, 1500);
    const bytes = new TextEncoder().encode(tokenizer.decode(tokens.slice(2))).length;
    const bits = (model: GptForCausalLM) => surprise(model, tokens) / Math.LN2 / bytes;
    return { title, untrained: bits(models.untrained), pretrained: bits(models.pretrained) };
  });
}

async function wordsOfSamples(): Promise<NonNullable<Value["words"]>> {
  const known = new Set<string>(), pairs = new Set<string>();
  for (const { text } of await documentsFor("pretraining")) {
    const words = wordsOf(text);
    for (const [i, word] of words.entries()) {
      known.add(word);
      if (i > 0) pairs.add(`${words[i - 1]} ${word}`);
    }
  }
  const share = (hits: boolean[]) => hits.filter(Boolean).length / Math.max(1, hits.length);
  return (await baseTrainingLog()).samples.flatMap(({ step, texts }) =>
    texts.map(({ prompt, continuation }) => {
      const words = wordsOf(continuation).slice(0, -1); // the last one may be cut off
      return {
        prompt,
        step,
        known: share(words.map((word) => known.has(word))),
        pairs: share(words.slice(1).map((word, i) => pairs.has(`${words[i]} ${word}`))),
      };
    })
  );
}

/** The words of a text, whatever stands between them. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

/** In how many pairs each model finds the right sentence likelier, kind by kind. */
export async function judgePairs(each: number): Promise<NonNullable<Value["pairs"]>> {
  const models = await bothModels(), tokenizer = await baseTokenizer();
  const end = tokenizer.idOf("<|endoftext|>")!;
  const pairs = await minimalPairs(each);
  const prefers = (model: GptForCausalLM, right: string, wrong: string) => {
    // The token that ends texts goes first, twice: from there on, every token is predicted.
    const loss = (text: string) => surprise(model, [end, end, ...tokenizer.encode(text)]);
    return loss(right) < loss(wrong);
  };
  return [...Map.groupBy(pairs, ({ kind }) => kind)].map(([kind, of]) => {
    const count = (model: GptForCausalLM) =>
      of.filter(({ right, wrong }) => prefers(model, right, wrong)).length;
    return {
      kind,
      count: of.length,
      untrained: count(models.untrained),
      pretrained: count(models.pretrained),
    };
  });
}

/** The test accuracy of fine-tuning, or for `topics` of a linear probe on frozen features. */
async function accuracyOf(
  { part, start, labels, seed, quick }: Key,
): Promise<{ score: number; bestStep: number }> {
  const whole = part === "topics" ? await periodTask() : await agreementTask();
  const make = start === "pretrained" ? baseGpt : untrainedGpt;
  const { test, best } = await fitClassifier({
    model: ({ labels }) => make({ as: GptForSequenceClassification, config: { labels } }),
    tokenizer: await baseTokenizer(),
    task: {
      ...whole,
      validation: whole.validation.take(quick ? 20 : 150),
      test: whole.test.take(quick ? 40 : 500),
    },
    method: part === "topics" ? "head" : "full",
    learningRate: part === "topics" ? 1e-2 : RATES[start!],
    labels: labels ?? 400,
    steps: quick ? 4 : part === "topics" ? 200 : STEPS,
    batchSize: 16,
    evaluateEvery: quick ? 4 : part === "topics" ? 50 : 25,
    seed: seed!,
  });
  return { score: test!.score, bestStep: best.step };
}

if (import.meta.main) {
  await experimentCommand(experiment, new URL("experiment.json", import.meta.url));
}
