import { Tensor } from "@tunebook/tensor";
import { type LoadOptions, type LoadReport, loadState, type StoredState } from "./state.ts";
import { summarize } from "./summary.ts";

/**
 * The base of every layer and model: a tree of named parameters.
 *
 * What a module holds in its fields is what it is made of: a `Tensor` is a parameter (a buffer when
 * it went through {@linkcode Module.buffer}), a `Module` a child, an array of modules numbered
 * children. A parameter's name is the path to it, `blocks.0.attention.query.weight`.
 *
 * @example
 * ```ts
 * import { Linear, Module } from "@tunebook/nn";
 * import type { Tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * class TwoLayers extends Module {
 *   first = new Linear(2, 8);
 *   second = new Linear(8, 1, { bias: false });
 *
 *   forward(x: Tensor): Tensor { // [batch, 2] -> [batch, 1]
 *     return this.second.forward(this.first.forward(x).relu());
 *   }
 * }
 * const names = [...new TwoLayers().namedParameters()].map(([name]) => name);
 * assertEquals(names, ["first.weight", "first.bias", "second.weight"]);
 * ```
 */
export abstract class Module {
  /** Whether dropout drops; {@linkcode Module.train} and {@linkcode Module.eval} set it. */
  training = true;

  readonly #buffers = new Set<Tensor>();

  /**
   * Marks a tensor as a buffer: saved with the state, never trained.
   *
   * @returns The same tensor, so that a field can be set with it.
   */
  protected buffer(tensor: Tensor): Tensor {
    this.#buffers.add(tensor);
    tensor.requiresGrad = false;
    return tensor.retain();
  }

  /** What the summary prints behind the class's name, such as `64 → 256`. */
  describe(): string {
    return "";
  }

  /** The modules held in this one's fields. */
  *children(): Generator<[name: string, module: Module]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) yield [name, value];
      else if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          if (item instanceof Module) yield [`${name}.${index}`, item];
        }
      }
    }
  }

  /** The parameters held in this module's own fields, not in its children's. */
  *ownParameters(): Generator<[name: string, parameter: Tensor]> {
    for (const [name, value] of this.#tensors()) {
      if (!this.#buffers.has(value)) yield [name, value];
    }
  }

  /** The buffers held in this module's own fields, not in its children's. */
  *ownBuffers(): Generator<[name: string, buffer: Tensor]> {
    for (const [name, value] of this.#tensors()) {
      if (this.#buffers.has(value)) yield [name, value];
    }
  }

  *#tensors(): Generator<[string, Tensor]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Tensor) yield [name, value];
    }
  }

  /** This module (named `""`) and all below it, parents first, each once. */
  *namedModules(
    prefix = "",
    seen: Set<Module> = new Set(),
  ): Generator<[name: string, module: Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.children()) {
      yield* child.namedModules(join(prefix, name), seen);
    }
  }

  /** Every parameter at or below this module. One that two modules share comes once. */
  *namedParameters(): Generator<[name: string, parameter: Tensor]> {
    const seen = new Set<Tensor>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, parameter] of module.ownParameters()) {
        if (!seen.has(parameter)) yield [join(path, name), parameter];
        seen.add(parameter);
      }
    }
  }

  /** Every buffer at or below this module. */
  *namedBuffers(): Generator<[name: string, buffer: Tensor]> {
    for (const [path, module] of this.namedModules()) {
      for (const [name, buffer] of module.ownBuffers()) yield [join(path, name), buffer];
    }
  }

  /** {@linkcode Module.namedParameters} without the names: what an optimizer takes. */
  parameters(): Tensor[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  /** How many numbers the parameters hold, and how many of them train. */
  countParameters(): { all: number; trained: number } {
    const count = { all: 0, trained: 0 };
    for (const parameter of this.parameters()) {
      count.all += parameter.size;
      if (parameter.requiresGrad) count.trained += parameter.size;
    }
    return count;
  }

  /**
   * Freezes (`false`) or thaws (`true`) every parameter at or below this module. A frozen one gets
   * no gradient buffer and no optimizer state, and backward stops below the lowest that trains.
   */
  setRequiresGrad(value: boolean): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad();
  }

  /** Switches this module and all below it to training: dropout drops. */
  train(training = true): this {
    for (const [, module] of this.namedModules()) module.training = training;
    return this;
  }

  /** Switches to evaluation: dropout does nothing. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Every parameter and buffer under its name, shared ones under each of their names. The tensors
   * are the module's own, not copies.
   */
  stateDict(): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, tensor] of module.#tensors()) state.set(join(path, name), tensor);
    }
    return state;
  }

  /**
   * Copies values into the parameters and buffers. All or nothing: an error leaves them untouched.
   *
   * @param state Pairs of name and value, such as another module's state or a safetensors file's.
   * @returns The names of the module that `state` lacks, and those of `state` that it doesn't know.
   * @throws {StateError} If a shape differs; unless `strict` is `false`, also if names differ.
   */
  loadStateDict(state: StoredState, options: LoadOptions = {}): LoadReport {
    return loadState(this.constructor.name, this.stateDict(), state, options);
  }

  /**
   * The module at a path such as `blocks.0.attention`.
   *
   * @throws {RangeError} If there is none.
   */
  module(path: string): Module {
    for (const [name, module] of this.namedModules()) if (name === path) return module;
    throw new RangeError(
      `Expected the path of a module of ${this.constructor.name} but found ${
        JSON.stringify(path)
      }; it has ${Array.from(this.children(), ([name]) => name).join(", ") || "no modules"}`,
    );
  }

  /**
   * Puts another module in the place of the one at a path, as the methods that wrap a layer do.
   *
   * @throws {RangeError} If there is none at that path.
   */
  replaceModule(path: string, replacement: Module): void {
    const old = this.module(path);
    // All parents first: the replacement may hold the old module, and must keep it.
    for (const [, parent] of [...this.namedModules()]) {
      for (const [field, value] of Object.entries(parent)) {
        if (value === old) (parent as unknown as Record<string, unknown>)[field] = replacement;
        else if (Array.isArray(value) && value.includes(old)) {
          value[value.indexOf(old)] = replacement;
        }
      }
    }
  }

  /** The tree of modules with the shapes and counts of their parameters. */
  toString(): string {
    return summarize(this);
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
