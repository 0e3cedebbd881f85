import { PeftError } from "../errors.ts";
import type { CommonPeftConfig } from "../method.ts";
import { ANY_TARGET, type TargetOptions } from "../targets.ts";

/** The options of {@linkcode lora}. */
export interface LoraConfig extends CommonPeftConfig, TargetOptions {
  /** How many rows the smaller matrices have: the rank of what is learned. */
  rank: number;
  /** How strongly it counts: `B A` is multiplied by `loraAlpha / rank`. */
  loraAlpha: number;
  /** The probability with which, in training, an input of A is dropped. */
  loraDropout: number;
  /** Which biases train too: none, all of the model, or those of the target layers. */
  bias: "none" | "all" | "lora_only";
  /** Multiply by `loraAlpha / √rank`, which keeps the size of what is learned at high ranks. */
  useRslora: boolean;
  /** Learn each row's length apart from its direction. */
  useDora: boolean;
  /** Ranks of their own: names or patterns of modules, from a dot on. */
  rankPattern: Record<string, number>;
  /** Alphas of their own. */
  alphaPattern: Record<string, number>;
  /** Whether B begins at zero, so that nothing changes at first; otherwise it is random. */
  initLoraWeights: boolean;
}

/** PEFT's presets. */
export const LORA_PRESETS: LoraConfig = {
  ...ANY_TARGET,
  rank: 8,
  loraAlpha: 8,
  loraDropout: 0,
  bias: "none",
  useRslora: false,
  useDora: false,
  rankPattern: {},
  alphaPattern: {},
  initLoraWeights: true,
  modulesToSave: null,
};

/** @throws {PeftError} If an option makes no sense. */
export function checkLora(config: LoraConfig): void {
  for (const rank of [config.rank, ...Object.values(config.rankPattern)]) {
    if (!Number.isInteger(rank) || rank < 1) {
      throw new PeftError(`Expected rank to be a whole number above 0 but found ${rank}`);
    }
  }
  for (const alpha of [config.loraAlpha, ...Object.values(config.alphaPattern)]) {
    if (!(alpha > 0 && alpha < Infinity)) {
      throw new PeftError(`Expected loraAlpha to be a number above 0 but found ${alpha}`);
    }
  }
  if (!(config.loraDropout >= 0 && config.loraDropout < 1)) {
    throw new PeftError(
      `Expected loraDropout to be from 0 up to, not including, 1 but found ${config.loraDropout}`,
    );
  }
  if (!["none", "all", "lora_only"].includes(config.bias)) {
    throw new PeftError(
      `Expected bias to be "none", "all" or "lora_only" but found ${JSON.stringify(config.bias)}`,
    );
  }
}

/** The value that a pattern gives a module, as PEFT reads `rank_pattern`. */
export function byPattern(
  patterns: Readonly<Record<string, number>>,
  path: string,
  otherwise: number,
): number {
  const key = Object.keys(patterns).find((one) => new RegExp(`^(.*\\.)?(${one})$`).test(path));
  return key === undefined ? otherwise : patterns[key]!;
}
