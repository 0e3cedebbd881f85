import { savePretrained } from "@tunebook/hub";
import { GptForCausalLM, nextTokenLoss } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { engineInfo, type Tensor } from "@tunebook/tensor";
import { Tokenizer } from "@tunebook/tokenizers";
import {
  AdamW,
  type Callback,
  type CheckpointOptions,
  cosineSchedule,
  type History,
  Muon,
  Trainer,
} from "@tunebook/training";
import { type Document, documentsFor } from "./corpus.ts";
import { bitsPerByte, type Judged } from "./bits_per_byte.ts";
import { modelCard } from "./card.ts";
import { keepSamples, type Sample } from "./samples.ts";
import { TokenWindows } from "./token_windows.ts";

/** The base model's shape, and how it is trained. */
export const RECIPE = {
  vocabSize: 3072,
  maxPositions: 256,
  dim: 192,
  layers: 4,
  heads: 6,
  /** Windows of 256 tokens in a batch: 8 × 256 = 2,048 tokens a step. */
  batch: 8,
  steps: 2800,
  warmupSteps: 100,
  /** Muon's rate, for the matrices inside blocks. */
  matrixRate: 0.02,
  /** AdamW's rate, for embeddings, norms and biases. */
  restRate: 3e-3,
  seed: 1,
} as const;

/** What {@linkcode pretrainText} may be told. */
export interface PretrainOptions {
  /** Where the finished model goes. */
  folder: string | URL;
  /** Where checkpoints go while it trains; a run found there goes on. */
  checkpoints: string;
  /** Steps, if not the recipe's; the schedule fits itself to them. */
  steps?: number;
  /** Told of steps and evaluations. */
  callbacks?: readonly Callback[];
  /** Told what is being done besides training. */
  say?: (line: string) => void;
  /** Cancels the run between two steps; it can go on later. */
  signal?: AbortSignal;
  /** The texts to read and those to measure on. Default: the corpora less what is held out. */
  documents?: { pretraining: Document[]; validation: Document[] };
}

/** What `training.json` beside the weights holds: the course of the training. */
export interface TrainingLog {
  /** The loss of every step. */
  steps: { step: number; loss: number }[];
  /** The loss on the validation documents now and then. */
  evaluations: { step: number; validationLoss: number }[];
  /** What the model wrote at these moments, and before the first step. */
  samples: Sample[];
  /** Bits per byte at the end. */
  judged: Judged[];
  /** Tokens read in each step. */
  tokensPerStep: number;
}

/** What came of it. */
export interface Pretrained {
  /** The model. */
  model: GptForCausalLM;
  /** The tokenizer. */
  tokenizer: Tokenizer;
  /** The course of the run. */
  history: History;
  /** Bits per byte on the validation texts, beside those of a Kneser-Ney trigram. */
  judged: Judged[];
}

/**
 * Trains tokenizer and language model on the pretraining documents, and saves them as a folder that
 * `fromPretrained` and Hugging Face's `transformers` read, with a model card.
 *
 * The matrices inside blocks are moved by Muon, the rest by AdamW, both along a cosine.
 */
export async function pretrainText(options: PretrainOptions): Promise<Pretrained> {
  const { folder, checkpoints, steps = RECIPE.steps, say = () => {} } = options;
  const { pretraining, validation } = options.documents ?? {
    pretraining: await documentsFor("pretraining"),
    validation: await documentsFor("validation"),
  };
  say(`Training the tokenizer on ${pretraining.length} documents …`);
  const tokenizer = Tokenizer.train(pretraining.map(({ text }) => text), {
    vocabSize: RECIPE.vocabSize,
    specialTokens: ["<|endoftext|>", "<pad>"],
  });
  const end = tokenizer.idOf("<|endoftext|>")!;
  say("Turning the texts into tokens …");
  const texts = pretraining.map(({ text }) => tokenizer.encode(text));
  const line = texts.flatMap((ids) => [...ids, end]);
  const windows = { time: RECIPE.maxPositions, batch: RECIPE.batch, seed: RECIPE.seed };
  const held = validation.flatMap(({ text }) => [...tokenizer.encode(text), end]);

  manualSeed(RECIPE.seed);
  const model = newModel(tokenizer);
  const { matrices, rest } = parametersByKind(model);
  const samples = keepSamples(model, tokenizer, `${checkpoints}/samples.json`);
  const trainer = new Trainer({
    model,
    optimizer: [
      new Muon(matrices, { learningRate: RECIPE.matrixRate, weightDecay: 0.1 }),
      new AdamW(rest, { learningRate: RECIPE.restRate, betas: [0.9, 0.95], weightDecay: 0.1 }),
    ],
    data: new TokenWindows(line, windows),
    loss: (tokens: Tensor) => nextTokenLoss(model.forward(tokens), tokens),
    validation: new TokenWindows(held, windows),
    steps,
    evaluateEvery: Math.max(1, Math.round(steps / 14)),
    schedule: cosineSchedule({
      totalSteps: steps,
      warmupSteps: Math.min(RECIPE.warmupSteps, Math.floor(steps / 10)),
      floor: 0.02,
    }),
    clipNorm: 1,
    checkpoints: {
      folder: checkpoints,
      everySteps: Math.max(1, Math.round(steps / 14)),
      resume: true,
    } satisfies CheckpointOptions,
    callbacks: [samples, ...options.callbacks ?? []],
    ...(options.signal ? { signal: options.signal } : {}),
  });
  say(`Training ${model.countParameters().all.toLocaleString("en")} parameters …`);
  const { history } = await trainer.run();
  say("Measuring beside a Kneser-Ney trigram …");
  const judged = bitsPerByte(model.eval(), tokenizer, { texts, validation });
  await savePretrained(model, folder, { tokenizer, dtype: "F16" });
  const log: TrainingLog = {
    steps: history.steps.map(({ step, loss }) => ({ step, loss })),
    evaluations: history.evaluations.map(({ step, scores }) => ({
      step,
      validationLoss: scores.validationLoss!,
    })),
    samples: await samples.read(),
    judged,
    tokensPerStep: RECIPE.batch * RECIPE.maxPositions,
  };
  const card = modelCard({
    ...{ model, tokenizer, history, judged, pretraining, samples: log.samples },
    ...{ tokens: line.length, tokensPerStep: log.tokensPerStep, engine: engineInfo() },
  });
  await Deno.writeTextFile(inFolder(folder, "training.json"), `${JSON.stringify(log)}\n`);
  await Deno.writeTextFile(inFolder(folder, "README.md"), card);
  return { model, tokenizer, history, judged };
}

function newModel(tokenizer: Tokenizer): GptForCausalLM {
  const { maxPositions, dim, layers, heads } = RECIPE;
  const end = tokenizer.idOf("<|endoftext|>")!;
  return new GptForCausalLM({
    vocabSize: tokenizer.vocabSize,
    maxPositions,
    dim,
    layers,
    heads,
    embeddingDropout: 0,
    attentionDropout: 0,
    residualDropout: 0,
    classifierDropout: 0,
    bosTokenId: end,
    eosTokenId: end,
    padTokenId: tokenizer.idOf("<pad>")!,
  });
}

/** Muon is for matrices that turn vectors into vectors; a table of embeddings does not. */
function parametersByKind(model: GptForCausalLM): { matrices: Tensor[]; rest: Tensor[] } {
  const matrices: Tensor[] = [], rest: Tensor[] = [];
  for (const [name, parameter] of model.namedParameters()) {
    const inBlock = /\.h\.\d+\./.test(name) && parameter.ndim === 2;
    (inBlock ? matrices : rest).push(parameter);
  }
  return { matrices, rest };
}

function inFolder(folder: string | URL, name: string): string | URL {
  return folder instanceof URL
    ? new URL(name, folder.href.replace(/\/?$/, "/"))
    : `${folder}/${name}`;
}
