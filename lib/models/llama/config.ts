import type { ActivationName } from "@tunebook/nn";
import {
  activation,
  amount,
  choice,
  type CommonConfig,
  type ConfigField,
  count,
  flag,
  LABELS,
  optionalCount,
  probability,
  tokenId,
} from "../config.ts";
import { ConfigError, ConfigFormat } from "../config_format.ts";
import type { Pooling } from "../pooling.ts";
import { readRotary, type RotaryConfig, writeRotary } from "./rotary_config.ts";

/** The configuration of a {@linkcode Llama}; the presets are transformers'. */
export interface LlamaConfig extends CommonConfig {
  /** Tokens in the vocabulary. */
  vocabSize: number;
  /** The longest text, in tokens. */
  maxPositions: number;
  /** Width of a token. */
  dim: number;
  /** How many blocks. */
  layers: number;
  /** How many heads ask in each block. */
  heads: number;
  /** How many heads answer; `null` is as many as ask. */
  keyValueHeads: number | null;
  /** Width of a head; `null` is `dim / heads`. */
  headDim: number | null;
  /** Width of the feed-forward's hidden layer. */
  hidden: number;
  /** The function of the feed-forward's gate. */
  activation: ActivationName;
  /** Added to the mean square in each norm. */
  normEps: number;
  /** How positions turn queries and keys. */
  rotary: RotaryConfig;
  /** The standard deviation of the initial weights. */
  initializerRange: number;
  /** Whether the language model's head is the table of token embeddings. */
  tieEmbeddings: boolean;
  /** Whether attention's linear layers have a bias. */
  attentionBias: boolean;
  /** Whether the feed-forward's linear layers have a bias. */
  feedForwardBias: boolean;
  /** Probability of overlooking a token in attention. It costs time: 0 takes the fast way. */
  attentionDropout: number;
  /** Probability of zeroing an element before a token classifier. */
  classifierDropout: number;
  /** Which token a sequence classifier reads. */
  pooling: Pooling;
  /** The token texts begin with. */
  bosTokenId: number | null;
  /** The token texts end with. */
  eosTokenId: number | null;
}

const ROTARY: ConfigField<RotaryConfig> = {
  key: "rope_parameters",
  preset: { theta: 10000 },
  read: readRotary,
  write: writeRotary,
  expected: 'an object such as {"rope_type": "default", "rope_theta": 10000}, of type default, ' +
    "linear or llama3",
};

/** Reads and writes the `config.json` of Llama. */
export const llamaConfigFormat: ConfigFormat<LlamaConfig> = new ConfigFormat<LlamaConfig>("llama", {
  vocabSize: count("vocab_size", 32000),
  maxPositions: count("max_position_embeddings", 2048),
  dim: count("hidden_size", 4096),
  layers: count("num_hidden_layers", 32),
  heads: count("num_attention_heads", 32),
  keyValueHeads: optionalCount("num_key_value_heads"),
  headDim: optionalCount("head_dim"),
  hidden: count("intermediate_size", 11008),
  activation: activation("hidden_act", "silu"),
  normEps: amount("rms_norm_eps", 1e-6),
  rotary: ROTARY,
  initializerRange: amount("initializer_range", 0.02),
  tieEmbeddings: flag("tie_word_embeddings", false),
  attentionBias: flag("attention_bias", false),
  feedForwardBias: flag("mlp_bias", false),
  attentionDropout: probability("attention_dropout", 0),
  classifierDropout: probability("classifier_dropout", 0.1),
  pooling: choice<Pooling>("pooling", "last", ["first", "last", "mean"]),
  bosTokenId: tokenId("bos_token_id"),
  eosTokenId: tokenId("eos_token_id"),
  padTokenId: tokenId("pad_token_id"),
  labels: LABELS,
}, ({ dim, heads, keyValueHeads, headDim }) => {
  if (headDim === null && dim % heads !== 0) {
    throw new ConfigError(
      `Expected dim to be a multiple of heads, or headDim to be given, but found ${dim} and ${heads}`,
    );
  }
  if ((headDim ?? dim / heads) % 2 !== 0) {
    throw new ConfigError(
      `Expected an even width of a head, whose halves turn together, but found ${
        headDim ?? dim / heads
      }`,
    );
  }
  if (heads % (keyValueHeads ?? heads) !== 0) {
    throw new ConfigError(
      `Expected heads to be a multiple of keyValueHeads but found ${heads} and ${keyValueHeads}`,
    );
  }
}, (json) => {
  // Before version 5 of transformers, rotation was described by two entries.
  if (json.rope_parameters === undefined && "rope_theta" in json) {
    json.rope_parameters = { ...json.rope_scaling as object | null, rope_theta: json.rope_theta };
  }
  delete json.rope_theta;
  delete json.rope_scaling;
});
