import { AttentionPrefix, Layer, Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";

/** Weight and bias of a linear layer. */
export interface Affine {
  /** `[outputs, inputs]` */
  readonly weight: Tensor;
  /** `[outputs]` */
  readonly bias: Tensor | undefined;
}

/** What a method puts around one layer: a module of its own with the parameters that train. */
export abstract class LayerAdapter extends Module {
  /**
   * Whether it only adds to what the layer gives. Then the residual of a transformer's block is added
   * in the layer's own pass over memory.
   */
  get adds(): boolean {
    return false;
  }

  /**
   * Computes what the layer with the adapter gives.
   *
   * @param input What the layer was given.
   * @param inner The layer, with the adapters below this one.
   */
  abstract forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor;

  /**
   * The layer that does the same without this adapter, or `undefined` if no linear layer does.
   *
   * @param layer The layer, or what another adapter made of it.
   * @param base The layer as it was.
   */
  abstract merge(layer: Affine, base: Affine): Affine | undefined;
}

/** A layer with adapters around it, in the layer's place. */
export class AdaptedLayer extends Layer {
  /** The layer itself. */
  base_layer: Layer;
  /** All adapters that have something here, by name. */
  readonly adapters: Map<string, LayerAdapter> = new Map();
  /** Those that work now, the innermost first. */
  active: LayerAdapter[] = [];

  /** Puts the layer inside, no adapter yet. */
  constructor(layer: Layer) {
    super();
    this.base_layer = layer;
  }

  /** The layer, and the adapters by name. */
  override *children(): Generator<[name: string, module: Module]> {
    yield ["base_layer", this.base_layer];
    for (const [name, adapter] of this.adapters) yield [`adapters.${name}`, adapter];
  }

  /** What the layer takes → what it gives */
  forward(input: Tensor): Tensor {
    return this.#through(input, (x) => this.base_layer.forward(x));
  }

  /** `residual + forward(input)` */
  override forwardOnto(residual: Tensor, input: Tensor): Tensor {
    return this.active.every(({ adds }) => adds)
      ? this.#through(input, (x) => this.base_layer.forwardOnto(residual, x))
      : super.forwardOnto(residual, input);
  }

  /** `activation(forward(input))` */
  override forwardInto(...[activation, input]: Parameters<Layer["forwardInto"]>): Tensor {
    return this.active.length === 0
      ? this.base_layer.forwardInto(activation, input)
      : super.forwardInto(activation, input);
  }

  #through(input: Tensor, base: (input: Tensor) => Tensor): Tensor {
    const whole = this.active.reduce(
      (inner, adapter) => (x: Tensor) => adapter.forward(x, inner),
      base,
    );
    return whole(input);
  }

  /** The adapters' names. */
  override describe(): string {
    return [...this.adapters.keys()].join(", ");
  }
}

/** The modules of a model under the paths they have without adapters, parents first. */
export function* baseModules(
  root: Module,
  path = "",
  seen: Set<Module> = new Set(),
): Generator<[path: string, module: Module]> {
  const module = root instanceof AdaptedLayer ? root.base_layer : root;
  if (seen.has(module) || module instanceof AttentionPrefix) return;
  seen.add(module);
  yield [path, module];
  for (const [name, child] of module.children()) {
    yield* baseModules(child, path === "" ? name : `${path}.${name}`, seen);
  }
}
