import { Dropout, type Layer, Linear } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { ConfigOptions } from "../config_format.ts";
import { SmallCnn, type SmallCnnConfig, SmallCnnFamily } from "./model.ts";

/**
 * The labels of pretraining without labels: the network is shown images turned by one of these and
 * says by which ([Gidaris et al. 2018](https://arxiv.org/abs/1803.07728)).
 */
export const ROTATIONS: readonly string[] = ["0°", "90°", "180°", "270°"];

/**
 * A {@linkcode SmallCnn} that puts each image in a class; with {@linkcode ROTATIONS} as its labels,
 * one that says how an image is turned.
 *
 * @example
 * ```ts
 * import { ROTATIONS, SmallCnnForImageClassification } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new SmallCnnForImageClassification({ labels: [...ROTATIONS], channels: [4, 8] });
 * assertEquals(model.forward(zeros([5, 1, 28, 28])).shape, [5, 4]);
 * ```
 */
export class SmallCnnForImageClassification extends SmallCnnFamily {
  /** The model without the head. */
  cnn: SmallCnn;
  /** Before the classifier. */
  dropout: Dropout;
  /** `[features]` → a score for each label. */
  classifier: Layer;

  /** Draws the initial weights; presets complete the configuration. */
  constructor(config: ConfigOptions<SmallCnnConfig> = {}) {
    const cnn = new SmallCnn(config);
    super(cnn.config, {
      architecture: "SmallCnnForImageClassification",
      body: "cnn",
      head: ["classifier"],
    });
    this.cnn = cnn;
    this.dropout = new Dropout(this.config.classifierDropout);
    this.classifier = new Linear(this.config.features, this.config.labels.length);
  }

  /** Images `[batch, imageChannels, size, size]` → scores `[batch, labels]` */
  forward(images: Tensor): Tensor {
    return this.classifier.forward(this.dropout.forward(this.cnn.forward(images)));
  }
}
