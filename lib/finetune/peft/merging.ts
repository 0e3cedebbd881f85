import type { Module } from "@tunebook/nn";
import { noGrad, scope, type Tensor } from "@tunebook/tensor";
import type { Adapter } from "./adapter.ts";
import { PeftError } from "./errors.ts";
import type { Affine } from "./layer.ts";
import { LayerPiece, ReplacementPiece } from "./pieces.ts";

/** Adapters that became part of the base's weights, and the weights as they were. */
export class Merge {
  /** The names of the adapters. */
  readonly adapters: readonly string[];
  readonly #undo: (() => void)[] = [];

  /**
   * Computes the weights that do the same as the adapters, puts them in, and takes the adapters out of
   * work. What they replace is kept for {@linkcode Merge.undo}: it comes back bit by bit.
   *
   * @throws {PeftError} If an adapter isn't of a kind that weights can hold.
   */
  constructor(adapters: readonly Adapter[]) {
    this.adapters = adapters.map(({ name }) => name);
    for (const adapter of adapters) refuseUnmergeable(adapter);
    const merged = new Map<LayerPiece["layer"], Affine>();
    scope(() =>
      noGrad(() => {
        for (const piece of adapters.flatMap(({ pieces }) => pieces)) {
          if (!(piece instanceof LayerPiece)) continue;
          const { layer, adapter, path } = piece;
          const { weight, bias } = layer;
          if (weight === undefined) {
            throw new PeftError(
              `${path} is quantised, and four bits can't hold what was learned: call ` +
                "dequantize(model) first",
            );
          }
          const result = adapter.merge(merged.get(layer) ?? { weight, bias }, { weight, bias });
          if (result === undefined) throw unmergeable(adapter.constructor.name, path);
          result.weight.retain();
          result.bias?.retain();
          merged.set(layer, result);
        }
      })
    );
    for (const [layer, { weight, bias }] of merged) {
      const target = layer as { weight: Tensor; bias: Tensor | undefined };
      const before = { weight: target.weight, bias: target.bias };
      Object.assign(target, { weight, bias });
      weight.requiresGrad = false;
      if (bias) bias.requiresGrad = false;
      this.#undo.push(() => Object.assign(target, before));
    }
    for (const piece of adapters.flatMap(({ pieces }) => pieces)) {
      if (piece instanceof LayerPiece) piece.remove();
    }
  }

  /** Puts the weights back as they were, bit by bit. */
  undo(): void {
    for (const one of this.#undo) one();
  }
}

/**
 * Refuses to merge for good where a parameter is shared: the two would differ afterwards, and a file
 * that holds it once would lose one of them.
 *
 * @throws {PeftError} If an adapter changes a shared parameter.
 */
export function refuseShared(model: Module, adapters: readonly Adapter[]): void {
  const names = new Map<Tensor, string[]>();
  for (const [path, module] of model.namedModules()) {
    for (const [own, tensor] of module.ownParameters()) {
      names.set(tensor, [...names.get(tensor) ?? [], `${path}.${own}`]);
    }
  }
  for (const piece of adapters.flatMap(({ pieces }) => pieces)) {
    const tensor = piece instanceof LayerPiece
      ? piece.layer.weight
      : piece instanceof ReplacementPiece
      ? piece.original
      : undefined;
    const shared = tensor && names.get(tensor) || [];
    const others = piece instanceof ReplacementPiece ? shared.length : shared.length - 1;
    if (others < 1) continue;
    throw new PeftError(
      `${piece.path} shares its weight with ${
        shared.join(" and ")
      }: merged for good, the two would ` +
        "differ, and the model's files hold it once. Build the model with tieEmbeddings: false, or " +
        "leave the adapter on",
    );
  }
}

function refuseUnmergeable({ pieces, configured }: Adapter): void {
  const other = pieces.find((piece) =>
    !(piece instanceof LayerPiece || piece instanceof ReplacementPiece)
  );
  if (other) throw unmergeable(configured.method.title, other.path);
}

function unmergeable(what: string, path: string): PeftError {
  return new PeftError(
    `${what} can't be merged: no weights of ${path || "the model"} do what it does. Leave it on`,
  );
}
