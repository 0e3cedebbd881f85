/**
 * The optimizers' kernels: they change parameters in place. For `lib/training` only.
 *
 * @module
 */
import type { Tensor } from "./tensor.ts";
import { Op, UnaryKind } from "./wasm/assembly/ops.ts";
import { launch } from "./wasm/runtime.ts";
import { chunksFor } from "./wasm/threads.ts";
export { total as sumOf } from "./ops/reduce.ts";
export { addInPlace } from "./tensor.ts";

/** One step of stochastic gradient descent. */
export interface SgdStep {
  rate: number;
  momentum?: number;
  dampening?: number;
  weightDecay?: number;
  nesterov?: boolean;
  /** Whether the momentum buffer is still empty. */
  first?: boolean;
}

/**
 * `p -= rate * g`, with momentum and decay as PyTorch's SGD.
 *
 * @param p The parameter.
 * @param g Its gradient.
 * @param buffer The momentum buffer, if there is momentum.
 */
export function sgdStep(p: Tensor, g: Tensor, buffer: Tensor | undefined, s: SgdStep): void {
  launch(
    Op.Sgd,
    chunksFor(p.size),
    ...[p.address, g.address, buffer?.address ?? 0, p.size, s.rate, s.momentum ?? 0],
    ...[s.dampening ?? 0, s.weightDecay ?? 0, s.nesterov ? 1 : 0, s.first ? 1 : 0],
  );
}

/** One step of Adam. */
export interface AdamStep {
  rate: number;
  beta1: number;
  beta2: number;
  eps: number;
  /** Added to the gradient (Adam's L2 penalty). */
  weightDecay?: number;
  /** Subtracted from the parameter (AdamW). */
  decoupledDecay?: number;
  /** Number of this step, from 1. */
  step: number;
}

/**
 * One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019), in one pass.
 *
 * @param p The parameter.
 * @param g Its gradient.
 * @param m Running mean of the gradient.
 * @param v Running mean of its square.
 */
export function adamStep(p: Tensor, g: Tensor, m: Tensor, v: Tensor, s: AdamStep): void {
  launch(
    Op.Adam,
    chunksFor(p.size * 2),
    ...[p.address, g.address, m.address, v.address, p.size, s.rate, s.beta1, s.beta2, s.eps],
    ...[s.weightDecay ?? 0, 1 - s.rate * (s.decoupledDecay ?? 0)],
    ...[1 - s.beta1 ** s.step, Math.sqrt(1 - s.beta2 ** s.step)],
  );
}

/** `t *= factor`, in place. */
export function scaleInPlace(t: Tensor, factor: number): void {
  launch(Op.Unary, chunksFor(t.size), UnaryKind.Affine, t.address, t.address, t.size, factor, 0);
}

/** `t = source`, in place. */
export function copyInto(t: Tensor, source: Tensor): void {
  launch(Op.Copy, chunksFor(t.size), t.address, source.address, t.size);
}
