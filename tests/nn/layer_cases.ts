/**
 * The layers compared with PyTorch's: outputs, gradients of inputs and of every parameter.
 *
 * @module
 */
import {
  Conv2d,
  Embedding,
  FeedForward,
  LayerNorm,
  Linear,
  type Module,
  MultiHeadAttention,
  RMSNorm,
  TransformerBlock,
} from "@tunebook/nn";
import { scope, type Tensor } from "@tunebook/tensor";
import {
  assertClose,
  type Case,
  failuresOf,
  Reference,
  runCase,
} from "../tensor_reference/reference.ts";

interface LayerCase extends Case {
  /** The names of the parameters. */
  readonly state: readonly string[];
}

type Run = (inputs: Tensor[]) => Tensor;
type Build = (options: Case["options"]) => { module: Module; run: Run };

function layer<M extends Module & { forward(x: Tensor): Tensor }>(module: M) {
  return { module, run: ([x]: Tensor[]) => module.forward(x!) };
}

function masked<M extends Module & { forward(x: Tensor, inputs: { mask?: Tensor }): Tensor }>(
  module: M,
) {
  return { module, run: ([x, mask]: Tensor[]) => module.forward(x!, mask ? { mask } : {}) };
}

const BUILDERS: Readonly<Record<string, Build>> = {
  Linear: ({ in: inputs, out, ...options }) => layer(new Linear(inputs, out, options)),
  Embedding: ({ count, dim }) => layer(new Embedding(count, dim)),
  LayerNorm: ({ dim, ...options }) => layer(new LayerNorm(dim, options)),
  RMSNorm: ({ dim, ...options }) => layer(new RMSNorm(dim, options)),
  Conv2d: ({ in: inputs, out, kernelSize, ...options }) =>
    layer(new Conv2d(inputs, out, kernelSize, options)),
  FeedForward: ({ dim, hidden, ...options }) => layer(new FeedForward(dim, hidden, options)),
  MultiHeadAttention: ({ dim, heads, causal }) =>
    masked(new MultiHeadAttention(dim, heads, { causal })),
  TransformerBlock: ({ dim, heads, masked: _, ...options }) =>
    masked(new TransformerBlock(dim, heads, options)),
};

/** Compares every case; returns how many there were and what failed. */
export async function compareLayers(): Promise<{ cases: number; failures: string[] }> {
  const reference = await Reference.read<LayerCase>("layers");
  const failures = failuresOf(reference.cases, (one) => {
    const build = BUILDERS[one.op];
    if (build === undefined) throw new Error(`nothing builds ${one.op}`);
    scope(() => {
      const { module, run } = build(one.options);
      module.loadStateDict(
        one.state.map((name) => [name, reference.get(one.id, `state.${name}`)] as const),
      );
      runCase(reference, one, run);
      for (const [name, parameter] of module.namedParameters()) {
        const expected = reference.get(one.id, `stategrad.${name}`);
        if (!parameter.grad) throw new Error(`${one.id}: ${name} got no gradient`);
        assertClose(`${one.id}: gradient of ${name}`, parameter.grad, expected, one);
      }
    });
  });
  return { cases: reference.cases.length, failures };
}
