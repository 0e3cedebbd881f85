import { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { Adapter } from "./adapter.ts";
import { list, PeftError } from "./errors.ts";
import { Merge, refuseShared } from "./merging.ts";
import type { AnyConfigured, Forward } from "./method.ts";
import { ReplacementPiece } from "./pieces.ts";
import { Int8Embedding } from "./quantization/embedding.ts";
import { Nf4Linear } from "./quantization/layer.ts";

/** A module with a forward pass: what adapters go on. */
export type Forwarding = Module & {
  // deno-lint-ignore no-explicit-any -- each model has inputs of its own
  forward(...inputs: any[]): Tensor;
};

/** How {@linkcode PeftModel.setAdapter} puts adapters to work. */
export interface SetAdapterOptions {
  /** Whether they train; they do unless `false`. */
  trainable?: boolean;
}

/**
 * A model with adapters on it, as {@linkcode applyPeft} makes it. The model's own weights stay bit by
 * bit what they were; several adapters can be on it under names of their own, and one or more of them
 * work at a time.
 *
 * @typeParam M The model's class.
 *
 * @example Two adapters on one model
 * ```ts
 * import { applyPeft, ia3, lora } from "@tunebook/finetune";
 * import { GptForCausalLM } from "@tunebook/models";
 * import { noGrad, zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new GptForCausalLM({
 *   vocabSize: 9, maxPositions: 8, dim: 4, layers: 1, heads: 2, dropout: 0,
 * });
 * const tokens = zeros([1, 3], { dtype: "int32" });
 * const before = noGrad(() => model.forward(tokens)).toArray();
 * const peft = applyPeft(model, lora({ rank: 2 }), { name: "poems" });
 * peft.addAdapter("letters", ia3());
 * peft.setAdapter("letters");
 * assertEquals(peft.adapterNames, ["poems", "letters"]);
 * assertEquals(peft.withoutAdapters(() => noGrad(() => peft.forward(tokens))).toArray(), before);
 * ```
 */
export class PeftModel<M extends Forwarding = Forwarding> extends Module {
  /** The model, with the adapters' layers in it. */
  readonly model: M;
  readonly #adapters = new Map<string, Adapter>();
  #active: readonly string[] = [];
  #merge: Merge | undefined;

  /** For `applyPeft`, which also checks that the model has no adapters yet. */
  constructor(model: M) {
    super();
    this.model = model;
    model.setRequiresGrad(false);
  }

  /** As the model's own: what goes in, and what comes out. */
  forward(...inputs: Parameters<M["forward"]>): Tensor {
    const whole = this.#work().reduce<Forward>(
      (inner, { built }) => built.around ? built.around(inner) : inner,
      (...all) => this.model.forward(...all),
    );
    return whole(...inputs);
  }

  /** What adapters hold beside the model, and the model. */
  override *children(): Generator<[name: string, module: Module]> {
    // Before the model, which may hold them too while they work: their names stay the same.
    for (const { name, built } of this.#adapters.values()) {
      if (built.module) yield [`adapters.${name}`, built.module];
    }
    yield ["model", this.model];
  }

  /** The names of all adapters. */
  get adapterNames(): string[] {
    return [...this.#adapters.keys()];
  }

  /** The names of those that work now. */
  get activeAdapters(): readonly string[] {
    return this.#active;
  }

  /** Whether adapters are merged into the weights. */
  get merged(): boolean {
    return this.#merge !== undefined;
  }

  /**
   * Puts a further adapter on the model, ready but not yet at work; {@linkcode PeftModel.setAdapter}
   * switches to it.
   *
   * @throws {PeftError} If the name is taken, or the method doesn't fit the model.
   */
  addAdapter(name: string, configured: AnyConfigured): Adapter {
    this.#refuseMerged(`add ${name}`);
    if (this.#adapters.has(name)) {
      throw new PeftError(`There is an adapter named ${JSON.stringify(name)} already`);
    }
    if (!/^[\w-]+$/.test(name)) {
      throw new PeftError(
        `Expected a name of letters, digits, - and _ but found ${JSON.stringify(name)}`,
      );
    }
    // Built on the base alone, so that its copies are of the base's parameters.
    const before = this.#active;
    for (const adapter of this.#work()) adapter.remove();
    try {
      const adapter = new Adapter(this.model, name, configured);
      adapter.remove();
      this.#adapters.set(name, adapter);
      return adapter;
    } finally {
      this.#activate(before);
    }
  }

  /**
   * Makes one adapter out of several, ready but not yet at work.
   *
   * @param name What to call it.
   * @param parts The adapters' names, each with its weight: `{ first: 0.7, second: 0.3 }`.
   * @param type How they are combined. LoRA has `"linear"`, which adds A to A and B to B as PEFT does,
   * and `"cat"`, which is exactly the weighted sum of what they do.
   * @throws {PeftError} If they can't be combined.
   */
  combineAdapters(
    name: string,
    parts: Readonly<Record<string, number>>,
    type = "linear",
  ): Adapter {
    const adapters = Object.keys(parts).map((part) => this.adapter(part));
    const method = adapters[0]?.configured.method;
    if (!method?.combine || adapters.some(({ configured }) => configured.method !== method)) {
      throw new PeftError(
        `Expected adapters of one method that can be combined but found ${
          list(adapters.map(({ name, configured }) => `${name} (${configured.method.title})`))
        }`,
      );
    }
    const { config, tensors } = method.combine({
      configs: adapters.map(({ configured }) => configured.config),
      tensors: adapters.map((adapter) => adapter.tensors),
      weights: Object.values(parts),
      type,
    });
    const made = this.addAdapter(name, { method, config });
    for (const [key, tensor] of made.tensors) tensor.data.set(tensors.get(key)!.data);
    return made;
  }

  /** The adapter of a name. @throws {PeftError} If there is none; it lists those there are. */
  adapter(name: string): Adapter {
    const found = this.#adapters.get(name);
    if (found) return found;
    throw new PeftError(
      `There is no adapter named ${JSON.stringify(name)}; there are ${list(this.#adapters.keys())}`,
    );
  }

  /** Switches to an adapter, or to several that work together; the others stay where they are, idle. */
  setAdapter(names: string | readonly string[], options: SetAdapterOptions = {}): void {
    this.#refuseMerged("switch adapters");
    const wanted = [names].flat() as string[];
    for (const name of wanted) this.adapter(name);
    for (const adapter of this.#work()) adapter.remove();
    this.#activate(wanted, options.trainable);
  }

  /** Takes an adapter off the model for good. */
  deleteAdapter(name: string): void {
    this.#refuseMerged(`delete ${name}`);
    const adapter = this.adapter(name);
    adapter.remove();
    for (const piece of adapter.pieces) piece.detach();
    this.#adapters.delete(name);
    this.#active = this.#active.filter((one) => one !== name);
  }

  /**
   * Runs `body` with the model as it was before any adapter.
   *
   * @returns What `body` gives.
   */
  withoutAdapters<T>(body: () => T): T {
    this.#refuseMerged("look at the model without adapters");
    const before = this.#active;
    const trainable = this.#work().map((adapter) =>
      [...adapter.tensors.values()].some((tensor) => tensor.requiresGrad)
    );
    for (const adapter of this.#work()) adapter.remove();
    this.#active = [];
    try {
      return body();
    } finally {
      this.#activate(before, trainable.some((one) => one));
    }
  }

  /**
   * Makes the working adapters part of the model's weights, so that they cost no time. The weights
   * are put back bit by bit by {@linkcode PeftModel.unmerge}.
   *
   * @throws {PeftError} If they are merged already, none works, or the method can't be merged.
   */
  merge(): void {
    if (this.#merge) {
      throw new PeftError(
        `${
          list(this.#merge.adapters)
        } is merged already: merging twice would count it twice; call ` +
          "unmerge() first",
      );
    }
    if (this.#active.length === 0) throw new PeftError("Expected an adapter at work to merge");
    this.#merge = new Merge(this.#work());
  }

  /** Undoes {@linkcode PeftModel.merge}. @throws {PeftError} If nothing is merged. */
  unmerge(): void {
    if (!this.#merge) throw new PeftError("Expected merged adapters to unmerge but found none");
    this.#merge.undo();
    this.#merge = undefined;
    this.#activate(this.#active);
  }

  /** Takes all adapters off. @returns The model as it was, all of it frozen. */
  unload(): M {
    if (this.#merge) this.unmerge();
    for (const name of this.adapterNames) this.deleteAdapter(name);
    return this.model;
  }

  /**
   * Makes the working adapters part of the weights for good.
   *
   * @returns The model, a plain one of its class, all of it frozen.
   * @throws {PeftError} As {@linkcode PeftModel.merge}, and if a changed parameter is shared.
   */
  mergeAndUnload(): M {
    refuseShared(this.model, this.#work());
    if (!this.#merge) this.merge();
    for (const adapter of this.#adapters.values()) {
      for (const piece of adapter.pieces) {
        const stays = piece instanceof ReplacementPiece && this.#active.includes(adapter.name);
        if (!stays) piece.detach();
      }
    }
    this.#adapters.clear();
    this.#active = [];
    this.#merge = undefined;
    return this.model.setRequiresGrad(false);
  }

  /** All that trains in the working adapters: what an optimizer takes. */
  trainableParameters(): Tensor[] {
    return this.parameters().filter((parameter) => parameter.requiresGrad);
  }

  /**
   * As PEFT counts: the base, weights in four or eight bits included, every adapter, and copies
   * beside what they stand in for.
   */
  override countParameters(): { all: number; trained: number } {
    const counted = new Set(this.model.parameters());
    for (const { pieces } of this.#adapters.values()) {
      for (const piece of pieces) {
        for (const tensor of piece.tensors.values()) counted.add(tensor);
        if (!(piece instanceof ReplacementPiece)) continue;
        // Where PEFT trains the base's own parameter, the two count as one.
        if (piece.options.inPlace) counted.delete(piece.original);
        else counted.add(piece.original);
      }
    }
    const count = { all: 0, trained: 0 };
    for (const tensor of counted) {
      count.all += tensor.size;
      if (tensor.requiresGrad) count.trained += tensor.size;
    }
    for (const [, module] of this.model.namedModules()) {
      if (!(module instanceof Nf4Linear || module instanceof Int8Embedding)) continue;
      count.all += module.shape[0] * module.shape[1];
    }
    return count;
  }

  /** How much trains, in PEFT's words. */
  summary(): string {
    const { trained, all } = this.countParameters();
    const number = (n: number) => n.toLocaleString("en-US");
    return `trainable params: ${number(trained)} || all params: ${number(all)} || ` +
      `trainable%: ${(100 * trained / all).toFixed(4)}`;
  }

  #work(): Adapter[] {
    return this.#active.map((name) => this.#adapters.get(name)!);
  }

  #activate(names: readonly string[], trainable = true): void {
    this.#active = [...names];
    for (const adapter of this.#work()) adapter.insert(trainable);
  }

  #refuseMerged(what: string): void {
    if (!this.#merge) return;
    throw new PeftError(
      `${list(this.#merge.adapters)} is merged into the weights: call unmerge() before you ${what}`,
    );
  }
}
