import type { Module } from "@tunebook/nn";
import { depthStages, type Place } from "./stages.ts";

/** How {@linkcode GradualUnfreezing} goes down. */
export interface GradualOptions {
  /**
   * How many blocks thaw at once.
   *
   * @default {1}
   */
  blocksAtOnce?: number;
  /**
   * Whether the embeddings thaw in the end.
   *
   * @default {true}
   */
  embeddings?: boolean;
}

/**
 * Gradual unfreezing: first only the head trains, then also the last block, then the one below it …
 * down to the embeddings, so that the head's first wild gradients don't reach what was learned before
 * ([Howard & Ruder 2018](https://arxiv.org/abs/1801.06146), section 3.3). Make the optimizer with all
 * parameters: it passes over those that are frozen, and keeps nothing about them.
 *
 * @example
 * ```ts
 * import { GradualUnfreezing } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2 });
 * const gradual = new GradualUnfreezing(model);
 * assertEquals(gradual.training, ["head"]);
 * gradual.next(); // such as at the end of an epoch
 * assertEquals(gradual.training, ["head", "h.1"]);
 * assertEquals(gradual.stages, 4);
 * ```
 */
export class GradualUnfreezing {
  readonly #model: Module;
  readonly #steps: Place[][];
  #stage = 0;

  /**
   * Freezes all but the head (with what comes behind the last block).
   *
   * @throws {SelectionError} If the model doesn't know its parts.
   * @throws {RangeError} If `blocksAtOnce` isn't a whole number above 0.
   */
  constructor(model: Module, { blocksAtOnce = 1, embeddings = true }: GradualOptions = {}) {
    if (!Number.isInteger(blocksAtOnce) || blocksAtOnce < 1) {
      throw new RangeError(
        `Expected blocksAtOnce to be a whole number above 0 but found ${blocksAtOnce}`,
      );
    }
    this.#model = model;
    const all = depthStages(model);
    const isBlock = ({ name }: Place) => name !== "head" && name !== "embeddings";
    const blocks = all.filter(isBlock);
    const groups = Array.from(
      { length: Math.ceil(blocks.length / blocksAtOnce) },
      (_, i) => blocks.slice(i * blocksAtOnce, (i + 1) * blocksAtOnce),
    );
    const only = (name: string) => all.filter((stage) => stage.name === name);
    this.#steps = [only("head"), ...groups, embeddings ? only("embeddings") : []]
      .filter((step) => step.length > 0);
    this.stage = 0;
  }

  /** How many stages there are. */
  get stages(): number {
    return this.#steps.length;
  }

  /** The present stage, from 0; set it to go to another, also when a run continues from a checkpoint. */
  get stage(): number {
    return this.#stage;
  }
  set stage(stage: number) {
    if (!Number.isInteger(stage) || stage < 0 || stage >= this.stages) {
      throw new RangeError(`Expected a stage from 0 to ${this.stages - 1} but found ${stage}`);
    }
    this.#stage = stage;
    this.#model.setRequiresGrad(false);
    for (const { parameters } of this.#steps.slice(0, stage + 1).flat()) {
      for (const parameter of parameters) parameter.requiresGrad = true;
    }
  }

  /** What trains: `head`, paths of blocks, `embeddings`. */
  get training(): string[] {
    return this.#steps.slice(0, this.#stage + 1).flat().map(({ name }) => name);
  }

  /**
   * Thaws what comes next.
   *
   * @returns What thawed; nothing if everything trains already.
   */
  next(): string[] {
    if (this.#stage === this.stages - 1) return [];
    this.stage = this.#stage + 1;
    return this.#steps[this.#stage]!.map(({ name }) => name);
  }

  /**
   * A callback for a `Trainer` that thaws what comes next every so many steps. It goes by the step's
   * number alone, so a resumed run continues at its stage.
   *
   * @throws {RangeError} If `steps` isn't a whole number above 0.
   */
  every(steps: number): {
    onStart(run: { readonly step: number }): void;
    onStep(record: unknown, run: { readonly step: number }): void;
  } {
    if (!Number.isInteger(steps) || steps < 1) {
      throw new RangeError(`Expected steps to be a whole number above 0 but found ${steps}`);
    }
    const go = ({ step }: { readonly step: number }) => {
      const stage = Math.min(this.stages - 1, Math.floor(step / steps));
      if (stage !== this.#stage) this.stage = stage;
    };
    return { onStart: go, onStep: (_, run) => go(run) };
  }
}
