import { Model } from "@tunebook/models";
import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { baseModules } from "./layer.ts";
import type { Built, Configured } from "./method.ts";
import { type Piece, ReplacementPiece, trainableCopy } from "./pieces.ts";
import { savedModules } from "./tasks.ts";

/** A method at work in a model under a name. */
export class Adapter {
  /** How it is called. */
  readonly name: string;
  /** The method and its configuration. */
  readonly configured: Configured;
  /** What the method built. */
  readonly built: Built;
  /** What it changes, and where: the method's pieces, and copies of modules that train as a whole. */
  readonly pieces: readonly Piece[];

  /** Builds the method's pieces, and copies of the modules that train as a whole. */
  constructor(model: Module, name: string, configured: Configured) {
    const { method, config } = configured;
    const saved = savedModules(model, config.modulesToSave);
    this.name = name;
    this.configured = configured;
    this.built = method.build({ model, name, config, saved });
    this.pieces = [...this.built.pieces, ...saved.flatMap((path) => copiesOf(model, path))];
  }

  /** Everything that trains, by the names that files have. */
  get tensors(): Map<string, Tensor> {
    return new Map(this.pieces.flatMap(({ tensors }) => [...tensors]));
  }

  /** Puts it to work. */
  insert(trainable: boolean): void {
    for (const piece of this.pieces) piece.insert();
    for (const tensor of this.tensors.values()) tensor.requiresGrad = trainable;
  }

  /** Takes it out of work. */
  remove(): void {
    for (const piece of this.pieces) piece.remove();
    for (const tensor of this.tensors.values()) tensor.requiresGrad = false;
  }
}

/** Copies of all parameters of a module, which stand in for them. */
function copiesOf(model: Module, root: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [path, owner] of baseModules(model)) {
    if (path !== root && !path.startsWith(`${root}.`)) continue;
    for (const [field, parameter] of owner.ownParameters()) {
      const fileName = `${path}.${field}`;
      const transposed = model instanceof Model && model.isStoredTransposed(fileName);
      pieces.push(
        new ReplacementPiece(path, owner, field, trainableCopy(parameter), {
          fileName,
          transposed,
        }),
      );
    }
  }
  return pieces;
}
