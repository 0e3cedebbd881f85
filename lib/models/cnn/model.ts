import { Conv2d, Layer, Linear } from "@tunebook/nn";
import { maxPool2d, type Tensor } from "@tunebook/tensor";
import {
  type CommonConfig,
  type ConfigField,
  count,
  LABELS,
  probability,
  tokenId,
} from "../config.ts";
import { ConfigError, ConfigFormat, type ConfigOptions } from "../config_format.ts";
import { type Anatomy, type Identity, Model } from "../model.ts";

/** The configuration of a {@linkcode SmallCnn}. */
export interface SmallCnnConfig extends CommonConfig {
  /** Height and width of an image, in pixels. */
  imageSize: number;
  /** 1 for grey images, 3 for coloured ones. */
  imageChannels: number;
  /** How many features each block looks for; each halves height and width. */
  channels: number[];
  /** How many numbers describe an image in the end. */
  features: number;
  /** Probability of zeroing one of these numbers before the classifier. */
  classifierDropout: number;
}

const CHANNELS: ConfigField<number[]> = {
  key: "channels",
  preset: [16, 32, 64],
  read: (v) =>
    Array.isArray(v) && v.length > 0 && v.every((n) => Number.isSafeInteger(n) && n > 0)
      ? v
      : undefined,
  expected: "a list of whole numbers above 0, one for each block",
};

/** Reads and writes the `config.json` of {@linkcode SmallCnn}. */
export const smallCnnConfigFormat: ConfigFormat<SmallCnnConfig> = new ConfigFormat<SmallCnnConfig>(
  "tunebook-cnn",
  {
    imageSize: count("image_size", 28),
    imageChannels: count("num_channels", 1),
    channels: CHANNELS,
    features: count("hidden_size", 128),
    classifierDropout: probability("classifier_dropout", 0),
    padTokenId: tokenId("pad_token_id"),
    labels: LABELS,
  },
  ({ imageSize, channels }) => {
    if (imageSize >> channels.length > 0) return;
    throw new ConfigError(
      `Expected at most ${
        Math.floor(Math.log2(imageSize))
      } blocks, each of which halves the image ` +
        `of ${imageSize} pixels, but found ${channels.length}`,
    );
  },
);

/** What all models of this family say of themselves. */
export abstract class SmallCnnFamily extends Model<SmallCnnConfig> {
  /** Adds what the family has in common to what a class is. */
  constructor(config: SmallCnnConfig, identity: Omit<Identity, "format" | "bodyPrefix">) {
    super(config, { format: smallCnnConfigFormat, bodyPrefix: "cnn", ...identity });
  }
}

/** Looks for features in 3×3 pixels, then keeps the strongest of each 2×2. */
export class CnnBlock extends Layer {
  /** `[inputs, h, w]` → `[outputs, h, w]` */
  conv: Layer;

  /** Draws the initial weights. */
  constructor(inputs: number, outputs: number) {
    super();
    this.conv = new Conv2d(inputs, outputs, 3, { padding: 1 });
  }

  /** `[batch, inputs, h, w]` → `[batch, outputs, ⌊h/2⌋, ⌊w/2⌋]` */
  forward(input: Tensor): Tensor {
    return maxPool2d(this.conv.forwardInto("relu", input), 2);
  }
}

/**
 * A small convolutional network for small images, such as the 28×28 of Fashion-MNIST and MNIST:
 * blocks that see ever larger parts of the image, then one description of the whole.
 *
 * @example
 * ```ts
 * import { SmallCnn } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new SmallCnn({ channels: [4, 8], features: 16 });
 * assertEquals(model.forward(zeros([5, 1, 28, 28])).shape, [5, 16]);
 * ```
 */
export class SmallCnn extends SmallCnnFamily {
  /** The first sees edges, the last parts of things. */
  blocks: CnnBlock[];
  /** From all places of the last block to one description. */
  dense: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<SmallCnnConfig> = {}) {
    super(smallCnnConfigFormat.complete(config), { architecture: "SmallCnn" });
    const { imageSize, imageChannels, channels, features } = this.config;
    this.blocks = channels.map((outputs, i) =>
      new CnnBlock(channels[i - 1] ?? imageChannels, outputs)
    );
    const side = imageSize >> channels.length;
    this.dense = new Linear(channels.at(-1)! * side * side, features);
  }

  /** Where the parts are. */
  override get anatomy(): Anatomy {
    return {
      embeddings: [],
      blocks: this.blocks.map((_, i) => `blocks.${i}`),
      final: ["dense"],
      head: [],
    };
  }

  /** Images `[batch, imageChannels, size, size]` → descriptions `[batch, features]` */
  forward(images: Tensor): Tensor {
    const seen = this.blocks.reduce((x, block) => block.forward(x), images);
    return this.dense.forwardInto("relu", seen.flatten(1));
  }
}
