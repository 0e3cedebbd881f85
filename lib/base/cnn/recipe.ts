/** What an image model learned from: the turn of a picture, or its class. */
export type ImagePretraining = "rotation" | "classes";

/** How the image models are trained. */
export const IMAGE_RECIPE = {
  /** How many numbers describe a picture. */
  features: 256,
  /** Pictures of a step, turned ones included. */
  batch: 128,
  /** Steps of each run. */
  steps: { rotation: 1200, classes: 800 },
  /** Steps until the learning rate is at its height. */
  warmupSteps: 50,
  learningRate: 1e-3,
  weightDecay: 0.05,
  seed: 1,
} as const;
