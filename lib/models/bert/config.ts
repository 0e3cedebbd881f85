import type { ActivationName } from "@tunebook/nn";
import {
  activation,
  amount,
  choice,
  type CommonConfig,
  count,
  flag,
  LABELS,
  optionalProbability,
  probability,
  tokenId,
} from "../config.ts";
import { ConfigError, ConfigFormat } from "../config_format.ts";
import type { Pooling } from "../pooling.ts";

/** The configuration of a {@linkcode Bert}; the presets are BERT-base's. */
export interface BertConfig extends CommonConfig {
  /** Tokens in the vocabulary. */
  vocabSize: number;
  /** The longest text, in tokens. */
  maxPositions: number;
  /** How many kinds of text there are in an input: two, where pairs are read. */
  tokenTypes: number;
  /** Width of a token; a multiple of `heads`. */
  dim: number;
  /** How many blocks. */
  layers: number;
  /** How many heads in each block. */
  heads: number;
  /** Width of the feed-forward's hidden layer. */
  hidden: number;
  /** The feed-forward's function. */
  activation: ActivationName;
  /** Added to the variance in each norm. */
  normEps: number;
  /** The standard deviation of the initial weights. */
  initializerRange: number;
  /** Whether the language model's head is the table of token embeddings. */
  tieEmbeddings: boolean;
  /** Probability of zeroing an element of the embeddings, and of what each half of a block adds. */
  hiddenDropout: number;
  /** Probability of overlooking a token in attention. It costs time: 0 takes the fast way. */
  attentionDropout: number;
  /** Probability of zeroing an element before a classifier; `null` is as `hiddenDropout`. */
  classifierDropout: number | null;
  /**
   * Which token a sequence classifier reads: `first` is BERT's way, through the pooler; `mean` and
   * `last` do without the pooler.
   */
  pooling: Pooling;
}

/** Reads and writes the `config.json` of BERT. */
export const bertConfigFormat: ConfigFormat<BertConfig> = new ConfigFormat<BertConfig>("bert", {
  vocabSize: count("vocab_size", 30522),
  maxPositions: count("max_position_embeddings", 512),
  tokenTypes: count("type_vocab_size", 2),
  dim: count("hidden_size", 768),
  layers: count("num_hidden_layers", 12),
  heads: count("num_attention_heads", 12),
  hidden: count("intermediate_size", 3072),
  activation: activation("hidden_act", "gelu"),
  normEps: amount("layer_norm_eps", 1e-12),
  initializerRange: amount("initializer_range", 0.02),
  tieEmbeddings: flag("tie_word_embeddings", true),
  hiddenDropout: probability("hidden_dropout_prob", 0.1),
  attentionDropout: probability("attention_probs_dropout_prob", 0.1),
  classifierDropout: optionalProbability("classifier_dropout"),
  pooling: choice<Pooling>("pooling", "first", ["first", "last", "mean"]),
  padTokenId: tokenId("pad_token_id", 0),
  labels: LABELS,
}, (config) => {
  if (config.dim % config.heads !== 0) {
    throw new ConfigError(
      `Expected dim to be a multiple of heads but found ${config.dim} and ${config.heads}`,
    );
  }
  const { position_embedding_type: kind, is_decoder: isDecoder } = config.extra;
  if (isDecoder === true || (kind !== undefined && kind !== "absolute")) {
    throw new ConfigError(
      "Expected a BERT that reads in both directions with absolute positions but config.json says " +
        (isDecoder === true ? '"is_decoder": true' : `"position_embedding_type": "${kind}"`),
    );
  }
});
