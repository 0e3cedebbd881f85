import { Attention } from "@tunebook/models";
import { Conv2d, Embedding, Layer, Linear, type Module } from "@tunebook/nn";
import { noGrad, scope, type Tensor } from "@tunebook/tensor";

/** What one layer's forward pass did. */
export interface LayerRun {
  /** The layer's path. */
  readonly name: string;
  /** The layer. */
  readonly layer: Module;
  /** Multiplications and additions of its own parameters with what came in, by parameter. */
  readonly products: ReadonlyMap<Tensor, number>;
  /** Operations without parameters, such as attention's two products. */
  readonly other: number;
}

/** Stands in a layer's place for one forward pass and counts. */
class Probe extends Layer {
  constructor(readonly inner: Layer, readonly seen: (input: Tensor, output: Tensor) => void) {
    super();
  }

  forward(input: Tensor): Tensor {
    const output = this.inner.forward(input);
    this.seen(input, output);
    return output;
  }
}

/**
 * Runs a model once and lists its layers in the order they ran, with their floating-point operations:
 * 2 for each weight and row that it meets (Kaplan et al. 2020, section 2.1,
 * https://arxiv.org/abs/2001.08361), 4 × time × width for each token in attention.
 *
 * @param run Calls the model, such as `() => model.forward(tokens)`.
 */
export function measureLayers(model: Module, run: () => unknown): LayerRun[] {
  const runs: LayerRun[] = [];
  const leaves = [...model.namedModules()].filter(([, module]) => isLeaf(module));
  const attentions = [...model.namedModules()].filter(([, module]) => module instanceof Attention);
  const begun = new Set<string>();
  let pending: { input: Tensor; run: LayerRun } | undefined;
  // Queries, keys and values read the same tensor; attention comes behind the last that does.
  const endAttention = (input?: Tensor) => {
    if (pending === undefined || pending.input === input) return;
    runs.push(pending.run);
    pending = undefined;
  };
  try {
    for (const [path, layer] of leaves as [string, Layer][]) {
      const see = (input: Tensor, output: Tensor) => {
        endAttention(input);
        runs.push({ name: path, layer, products: productsOf(layer, input, output), other: 0 });
        const [name, module] = attentions.find(([above]) => path.startsWith(`${above}.`)) ?? [];
        if (name === undefined || begun.has(name)) return;
        begun.add(name);
        const other = costOf(module as Attention, input);
        pending = { input, run: { name, layer: module!, products: new Map(), other } };
      };
      model.replaceModule(path, new Probe(layer, see));
    }
    scope(() => noGrad(() => void run()));
    endAttention();
  } finally {
    for (const [path, layer] of leaves) model.replaceModule(path, layer);
  }
  if (runs.length === 0) throw new Error("Expected run to call the model but no layer was used");
  return runs;
}

/** A layer that computes by itself: it has parameters, and so has nothing below it but additions to it. */
function isLeaf(module: Module): boolean {
  return module instanceof Layer && !module.ownParameters().next().done;
}

function productsOf(layer: Module, input: Tensor, output: Tensor): Map<Tensor, number> {
  const products = new Map<Tensor, number>();
  for (const [, parameter] of layer.ownParameters()) {
    const rows = layer instanceof Conv2d
      ? output.size / output.shape[1]!
      : input.size / (input.shape.at(-1) ?? 1);
    const weights = layer instanceof Linear || layer instanceof Conv2d ? 2 * parameter.size : 0;
    // Norms and biases: a few operations for each element; a table is only read.
    const each = parameter.ndim > 1 ? weights : 2 * parameter.size;
    products.set(parameter, layer instanceof Embedding ? 0 : rows * each);
  }
  return products;
}

/** Scores and mixtures: two products of `[time, headDim]` with `[time, headDim]` for every head. */
function costOf({ shape }: Attention, input: Tensor): number {
  const [batch, time] = input.shape as [number, number, number];
  const visible = shape.causal ? (time + 1) / 2 : time;
  return 4 * batch * time * visible * shape.heads * shape.headDim;
}
