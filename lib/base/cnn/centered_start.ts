import type { SmallCnn } from "@tunebook/models";
import type { Conv2d, Layer, Linear } from "@tunebook/nn";
import { noGrad, scope, type Tensor } from "@tunebook/tensor";

/**
 * Scales the initial weights so that each channel and each feature has mean 0 and variance 1 over
 * some images (Mishkin & Matas 2016, "All you need is a good init", here with the mean as well).
 *
 * A network without normalisation sees light on black: everything that goes in is at least 0, and so
 * a feature begins above 0 for nearly all images, or below 0 for all of them, where ReLU gives it no
 * gradient and it never learns.
 *
 * @param model The network, its weights just drawn.
 * @param images `[batch, imageChannels, size, size]`
 */
export function centerFeatures(model: SmallCnn, images: Tensor): void {
  noGrad(() =>
    scope(() => {
      let seen = images;
      for (const block of model.blocks) {
        standardize(block.conv, block.conv.forward(seen));
        seen = block.forward(seen);
      }
      standardize(model.dense, model.dense.forward(seen.flatten(1)));
    })
  );
}

/** From outputs `[batch, channels, …]`, corrects the layer that made them. */
function standardize(layer: Layer, outputs: Tensor): void {
  const { weight, bias } = layer as Conv2d | Linear;
  const channels = outputs.shape[1]!, places = outputs.size / outputs.shape[0]! / channels;
  const fanIn = weight.size / channels;
  const values = outputs.data;
  for (let channel = 0; channel < channels; channel++) {
    let count = 0, sum = 0, squares = 0;
    for (let start = channel * places; start < values.length; start += channels * places) {
      for (let i = start; i < start + places; i++) {
        const value = values[i]!;
        count++;
        sum += value;
        squares += value * value;
      }
    }
    const mean = sum / count;
    // A channel that never varies is only moved.
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1;
    for (let i = channel * fanIn; i < (channel + 1) * fanIn; i++) weight.data[i]! /= deviation;
    bias!.data[channel] = (bias!.data[channel]! - mean) / deviation;
  }
}
