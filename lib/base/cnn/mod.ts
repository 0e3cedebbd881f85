/**
 * The image half of the base models: `tunebook-cnn`, pretrained on Fashion-MNIST without labels and
 * with them.
 *
 * @module
 */
export { baseCnn, type BaseCnnOptions } from "./base_cnn.ts";
export { imageTensor } from "./batches.ts";
export { centerFeatures } from "./centered_start.ts";
export {
  IMAGE_CLASSES,
  imageRole,
  imagesFor,
  type LabelledImage,
  labelledImages,
} from "./held_out.ts";
export type { ImagePretraining } from "./recipe.ts";
