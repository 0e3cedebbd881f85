import type { Layer, Module } from "@tunebook/nn";
import { noGrad, type Tensor } from "@tunebook/tensor";
import { AdaptedLayer, type Affine, type LayerAdapter } from "./layer.ts";
import { PeftError } from "./errors.ts";

/** One place of a model that an adapter changes: it can be put in and taken out at any time. */
export interface Piece {
  /** The path of the module that it changes. */
  readonly path: string;
  /** What trains, under the names that files give it, without `base_model.model.` in front. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What files hold, where that isn't `tensors` themselves. */
  stored?(): ReadonlyMap<string, Tensor>;
  /** Puts it to work. */
  insert(): void;
  /** Takes it out of work; the model does what it did before. */
  remove(): void;
  /** Takes it out of the model for good. */
  detach(): void;
}

/** An adapter around a layer. */
export class LayerPiece implements Piece {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly #wrapper: AdaptedLayer;

  /**
   * Wraps the layer at a path, unless another adapter did.
   *
   * @param model The model.
   * @param path The layer's path.
   * @param name The adapter's name.
   * @param adapter What goes around the layer.
   * @param tensors Its parameters' names in files, behind `path`.
   */
  constructor(
    readonly model: Module,
    readonly path: string,
    readonly name: string,
    readonly adapter: LayerAdapter,
    tensors: Iterable<readonly [string, Tensor]>,
  ) {
    const found = model.module(path);
    this.#wrapper = found instanceof AdaptedLayer ? found : new AdaptedLayer(found as Layer);
    if (found !== this.#wrapper) model.replaceModule(path, this.#wrapper);
    this.#wrapper.adapters.set(name, adapter);
    this.tensors = new Map(Array.from(tensors, ([own, tensor]) => [`${path}.${own}`, tensor]));
  }

  insert(): void {
    this.remove();
    this.#wrapper.active.push(this.adapter);
  }

  remove(): void {
    this.#wrapper.active = this.#wrapper.active.filter((one) => one !== this.adapter);
  }

  detach(): void {
    this.remove();
    this.#wrapper.adapters.delete(this.name);
    if (this.#wrapper.adapters.size === 0) {
      this.model.replaceModule(this.path, this.#wrapper.base_layer);
    }
  }

  /** The layer that is wrapped; a quantised one has no weight. */
  get layer(): Layer & Partial<Affine> {
    return this.#wrapper.base_layer as Layer & Partial<Affine>;
  }
}

/** How a {@linkcode ReplacementPiece} appears in files and counts. */
export interface ReplacementOptions {
  /** Its name in files. */
  fileName: string;
  /** Whether files hold it with its two axes swapped. */
  transposed?: boolean;
  /**
   * Whether PEFT trains the base's own parameter here, so that it counts once. Ours is a copy all the
   * same: the base stays as it is.
   */
  inPlace?: boolean;
}

/** A parameter that stands in for one of the base's, which stays as it is. */
export class ReplacementPiece implements Piece {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The base's parameter. */
  readonly original: Tensor;
  /** See {@linkcode ReplacementOptions}. */
  readonly options: ReplacementOptions;

  /**
   * Makes it, not yet in place.
   *
   * @param path The path of the module that holds the parameter.
   * @param owner That module.
   * @param field The parameter's name in it.
   */
  constructor(
    readonly path: string,
    readonly owner: Module,
    readonly field: string,
    readonly own: Tensor,
    options: ReplacementOptions,
  ) {
    this.original = this.#fields[field]!;
    this.tensors = new Map([[options.fileName, own]]);
    this.options = options;
  }

  get #fields(): Record<string, Tensor> {
    return this.owner as unknown as Record<string, Tensor>;
  }

  insert(): void {
    const present = this.#fields[this.field];
    if (present === this.own) return;
    if (present !== this.original) {
      throw new PeftError(
        `Two adapters at work replace ${this.path}.${this.field}; only one can at a time`,
      );
    }
    this.#fields[this.field] = this.own;
  }

  remove(): void {
    if (this.#fields[this.field] === this.own) this.#fields[this.field] = this.original;
  }

  detach(): void {
    this.remove();
  }
}

/** A trainable copy of a parameter. */
export function trainableCopy(parameter: Tensor): Tensor {
  const copy = noGrad(() => parameter.clone());
  copy.requiresGrad = true;
  return copy;
}
