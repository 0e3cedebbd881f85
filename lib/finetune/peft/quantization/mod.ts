/**
 * QLoRA's base ([Dettmers et al. 2023](https://arxiv.org/abs/2305.14314)): the linear layers' weights
 * in four bits a number; what trains beside them is float32.
 *
 * @module
 */
import { Embedding, Linear, type Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { PeftError } from "../errors.ts";
import { AdaptedLayer, baseModules } from "../layer.ts";
import { ANY_TARGET, findTargets, type TargetOptions } from "../targets.ts";
import { Int8Embedding, Int8Head } from "./embedding.ts";
import { Nf4Linear } from "./layer.ts";

export { Int8Embedding, Int8Head } from "./embedding.ts";
export { dequantizeInt8, type Int8Rows, quantizeInt8 } from "./int8.ts";
export { Nf4Linear } from "./layer.ts";
export { dequantizeNf4, NF4, type Nf4Values, quantizeNf4 } from "./nf4.ts";

/** What {@linkcode quantize} rounds. */
export interface QuantizeOptions {
  /**
   * Which linear layers, named as for LoRA.
   *
   * @default {"all-linear"}
   */
  targetModules?: TargetOptions["targetModules"];
  /**
   * How many numbers share a scale; even. Fewer are more exact and take more memory.
   *
   * @default {64}
   */
  blockSize?: number;
  /**
   * Whether to hold the tables of tokens, positions and types in eight bits a number, and with them
   * a head that shares its weight with one.
   *
   * @default {false}
   */
  embeddings?: boolean;
}

/** What {@linkcode quantize} did. */
export interface QuantizeReport {
  /** The paths of the layers that are quantised now. */
  layers: string[];
  /** Bytes of their weights before. */
  before: number;
  /** Bytes of their weights now. */
  after: number;
}

/**
 * Rounds a model's linear layers to NF4, in place; norms, biases and heads stay as they are, and
 * embeddings unless `embeddings` is set. Then `applyPeft(model, lora(…))` makes it QLoRA. The rounding is for good.
 *
 * @throws {PeftError} If there is no such layer, one shares its weight with another module, or the
 * model has adapters.
 *
 * @example
 * ```ts
 * import { applyPeft, lora, quantize } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { assert } from "@std/assert";
 *
 * const model = new GptForCausalLM({ vocabSize: 9, maxPositions: 8, dim: 32, layers: 2, heads: 2 });
 * const { before, after } = quantize(model);
 * assert(after < 0.15 * before);
 * const peft = applyPeft(model, lora({ rank: 4, targetModules: "all-linear" }));
 * assert(peft.countParameters().trained > 0);
 * ```
 */
export function quantize(
  model: Module,
  { targetModules = "all-linear", blockSize = 64, embeddings = false }: QuantizeOptions = {},
): QuantizeReport {
  if (!Number.isInteger(blockSize) || blockSize < 2 || blockSize % 2 !== 0) {
    throw new PeftError(
      `Expected blockSize to be an even number of at least 2 but found ${blockSize}`,
    );
  }
  if ([...model.namedModules()].some(([, module]) => module instanceof AdaptedLayer)) {
    throw new PeftError("The model has adapters, made for its exact weights: quantise it before");
  }
  const targets = findTargets(model, { ...ANY_TARGET, targetModules }, {
    method: "quantisation",
    usual: {},
    saved: [],
    fits: (module) => module.constructor.name === "Linear",
    fitting: "plain linear layers",
  }) as Map<string, Linear>;
  refuseShared(model, targets);
  const report: QuantizeReport = { layers: [...targets.keys()], before: 0, after: 0 };
  for (const [path, layer] of targets) {
    const quantised = new Nf4Linear(layer, blockSize);
    report.before += layer.weight.size * 4;
    report.after += (quantised.codes.size + quantised.scales.size) * 4;
    model.replaceModule(path, quantised);
    layer.weight.dispose();
  }
  if (embeddings) quantizeEmbeddings(model, report);
  return report;
}

/** Rounds each table, and lets the heads that share it share the rounded one. */
function quantizeEmbeddings(model: Module, report: QuantizeReport): void {
  const modules = [...model.namedModules()];
  for (const [path, module] of modules) {
    if (!(module instanceof Embedding)) continue;
    const { weight } = module, quantised = new Int8Embedding(module);
    model.replaceModule(path, quantised);
    report.layers.push(path);
    for (const [at, head] of modules) {
      if (!(head instanceof Linear) || head.weight !== weight) continue;
      model.replaceModule(at, new Int8Head(quantised, head));
      report.layers.push(at);
    }
    report.before += weight.size * 4;
    report.after += (quantised.codes.size + quantised.scales.size) * 4;
    weight.dispose();
  }
}

/**
 * Makes plain layers of quantised ones, with the rounded weights: what LoRA is merged into.
 *
 * @returns The paths of the layers.
 */
export function dequantize(model: Module): string[] {
  const paths: string[] = [], tables = new Map<Int8Embedding, Embedding>();
  const plainTable = (table: Int8Embedding) => {
    if (!tables.has(table)) tables.set(table, table.toEmbedding());
    return tables.get(table)!;
  };
  for (const [path, module] of [...baseModules(model)]) {
    let plain: Linear | Embedding;
    if (module instanceof Nf4Linear) plain = module.toLinear();
    else if (module instanceof Int8Embedding) plain = plainTable(module);
    else if (module instanceof Int8Head) plain = module.toLinear(plainTable(module.table).weight);
    else continue;
    const at = model.module(path);
    if (at instanceof AdaptedLayer) at.base_layer = plain;
    else model.replaceModule(path, plain);
    if (module instanceof Nf4Linear) disposeBuffers(module);
    paths.push(path);
  }
  for (const table of tables.keys()) disposeBuffers(table);
  return paths;
}

function disposeBuffers({ codes, scales }: Nf4Linear | Int8Embedding): void {
  codes.dispose();
  scales.dispose();
}

function refuseShared(model: Module, targets: ReadonlyMap<string, Linear>): void {
  const holders = new Map<Tensor, number>();
  for (const [, module] of model.namedModules()) {
    for (const [, tensor] of module.ownParameters()) {
      holders.set(tensor, (holders.get(tensor) ?? 0) + 1);
    }
  }
  for (const [path, { weight }] of targets) {
    if (holders.get(weight) === 1) continue;
    throw new PeftError(`${path} shares its weight with another module, which needs it in full`);
  }
}
