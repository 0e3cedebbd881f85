import type { ActivationName } from "@tunebook/nn";
import {
  activation,
  amount,
  choice,
  type CommonConfig,
  count,
  flag,
  LABELS,
  optionalCount,
  probability,
  tokenId,
} from "../config.ts";
import { ConfigError, ConfigFormat } from "../config_format.ts";
import type { Pooling } from "../pooling.ts";

/** The configuration of a {@linkcode Gpt}; the presets are GPT-2's smallest. */
export interface GptConfig extends CommonConfig {
  /** Tokens in the vocabulary. */
  vocabSize: number;
  /** The longest text, in tokens. */
  maxPositions: number;
  /** Width of a token; a multiple of `heads`. */
  dim: number;
  /** How many blocks. */
  layers: number;
  /** How many heads in each block. */
  heads: number;
  /** Width of the feed-forward's hidden layer; `null` is four times `dim`. */
  hidden: number | null;
  /** The feed-forward's function. */
  activation: ActivationName;
  /** Added to the variance in each norm. */
  normEps: number;
  /** The standard deviation of the initial weights. */
  initializerRange: number;
  /** Whether the language model's head is the table of token embeddings. */
  tieEmbeddings: boolean;
  /** Probability of zeroing an element of the embeddings. */
  embeddingDropout: number;
  /** Probability of overlooking a token in attention. It costs time: 0 takes the fast way. */
  attentionDropout: number;
  /** Probability of zeroing an element of what each half of a block adds. */
  residualDropout: number;
  /** Probability of zeroing an element before a token classifier. */
  classifierDropout: number;
  /** Which token a sequence classifier reads. */
  pooling: Pooling;
  /** The token texts begin with. */
  bosTokenId: number | null;
  /** The token texts end with. */
  eosTokenId: number | null;
}

/** Reads and writes the `config.json` of GPT-2. */
export const gptConfigFormat: ConfigFormat<GptConfig> = new ConfigFormat<GptConfig>("gpt2", {
  vocabSize: count("vocab_size", 50257),
  maxPositions: count("n_positions", 1024),
  dim: count("n_embd", 768),
  layers: count("n_layer", 12),
  heads: count("n_head", 12),
  hidden: optionalCount("n_inner"),
  activation: activation("activation_function", "geluTanh"),
  normEps: amount("layer_norm_epsilon", 1e-5),
  initializerRange: amount("initializer_range", 0.02),
  tieEmbeddings: flag("tie_word_embeddings", true),
  embeddingDropout: probability("embd_pdrop", 0.1),
  attentionDropout: probability("attn_pdrop", 0.1),
  residualDropout: probability("resid_pdrop", 0.1),
  classifierDropout: probability("classifier_dropout", 0.1),
  pooling: choice<Pooling>("pooling", "last", ["first", "last", "mean"]),
  bosTokenId: tokenId("bos_token_id"),
  eosTokenId: tokenId("eos_token_id"),
  padTokenId: tokenId("pad_token_id"),
  labels: LABELS,
}, (config) => {
  if (config.dim % config.heads !== 0) {
    throw new ConfigError(
      `Expected dim to be a multiple of heads but found ${config.dim} and ${config.heads}`,
    );
  }
  const unusual = ["scale_attn_by_inverse_layer_idx", "add_cross_attention"]
    .find((key) => config.extra[key] === true);
  if (unusual || config.extra.scale_attn_weights === false) {
    throw new ConfigError(
      `Expected a plain GPT-2 but config.json sets ${unusual ?? "scale_attn_weights"} to ` +
        `${unusual !== undefined}, which this library doesn't offer`,
    );
  }
});
