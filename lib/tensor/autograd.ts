/**
 * Reverse-mode automatic differentiation.
 *
 * Each operation computes its result at once and leaves a {@linkcode GraphNode} on it: its inputs, and a
 * function that turns the gradient of the result into gradients of the inputs. `backward()` visits
 * the nodes from the last to the first, which is a valid order because results are numbered as they
 * are made.
 *
 * @module
 */
import { addInPlace, aliasOf, copyOf, type Tensor, uninitialized } from "./tensor.ts";
import { release } from "./memory.ts";
import { format, sameShape } from "./shapes.ts";

/** Hands the gradient of a result on to the inputs. */
export type Backward = (dy: Tensor, gradients: Gradients) => void;

/** What an operation leaves on its result. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** Absent where no input needs a gradient (a frozen layer): the result is only freed. */
  readonly backward: Backward | undefined;
  /** Tensors made for the backward pass alone, freed with the result. */
  readonly saved: readonly Tensor[];
  freed: boolean;
}

const NOTHING: readonly Tensor[] = [];
const disposeAll = (tensors: readonly Tensor[]): void => tensors.forEach((t) => t.dispose());

let recording = true, anomalies = false;

/** Whether operations on these tensors will need a backward pass. */
export function needsGradient(...inputs: (Tensor | undefined)[]): boolean {
  return recording && inputs.some((t) => t?.requiresGrad);
}

/**
 * Notes how `result` came about. Every operation ends with this call.
 *
 * @param op The operation's name, for messages.
 * @param result What it computed.
 * @param inputs The tensors it depends on.
 * @param backward How the inputs' gradients follow from the result's.
 * @param saved Tensors made only for `backward`.
 */
export function record(
  op: string,
  result: Tensor,
  inputs: readonly Tensor[],
  backward?: Backward,
  saved: readonly Tensor[] = [],
): Tensor {
  result.op = op;
  if (anomalies) check(op, "result", result, inputs);
  if (recording && inputs.some(inGraph)) {
    const needed = backward !== undefined && inputs.some((t) => t.requiresGrad);
    if (needed) result.markRequiresGrad();
    else disposeAll(saved);
    const [run, keep] = needed ? [backward, saved] : [undefined, NOTHING];
    result.node = { op, inputs, backward: run, saved: keep, freed: false };
  } else disposeAll(saved);
  return result;
}

/** Trained or frozen parameters and everything computed from them; plain data is not in the graph. */
function inGraph(t: Tensor): boolean {
  return t.requiresGrad || t.isParameter || t.node !== undefined;
}

/** The gradients under way during one backward pass. */
export class Gradients {
  #pending = new Map<Tensor, Tensor>();

  /** Whether a tensor wants a gradient at all. */
  wants(t: Tensor): boolean {
    return t.requiresGrad;
  }

  /** Adds `g` to the gradient of `t`, taking it over: the caller must not use it afterwards. */
  give(t: Tensor, g: Tensor): void {
    if (!t.requiresGrad) return g.dispose();
    const sum = this.#get(t);
    if (!sum) this.#set(t, g);
    else {
      const own = this.#exclusive(t, sum);
      addInPlace(own, g);
      g.dispose();
    }
  }

  /** Where a kernel can write (`add` 0) or must add (`add` 1) the gradient of `t`. */
  into(t: Tensor): { address: number; add: 0 | 1 } {
    const sum = this.#get(t);
    if (sum) return { address: this.#exclusive(t, sum).address, add: 1 };
    const g = uninitialized(t.shape);
    this.#set(t, g);
    return { address: g.address, add: 0 };
  }

  /** A tensor that shares `g`'s memory, for handing one gradient to several inputs. */
  alias(g: Tensor, shape = g.shape): Tensor {
    return aliasOf(g, shape);
  }

  /** The gradient of `t` so far. */
  peek(t: Tensor): Tensor | undefined {
    return t.requiresGrad ? this.#get(t) : undefined;
  }

  /** The finished gradient of a result, which leaves the books. */
  take(t: Tensor): Tensor | undefined {
    const g = this.#pending.get(t);
    this.#pending.delete(t);
    return g;
  }

  /** Leaves keep their gradient across passes until the optimizer clears it. */
  #get(t: Tensor): Tensor | undefined {
    return t.node ? this.#pending.get(t) : t.grad ?? undefined;
  }
  #set(t: Tensor, g: Tensor): void {
    if (t.node) this.#pending.set(t, g);
    else {
      // A leaf's gradient may be changed in place (clipping), so it must not share memory.
      const own = g.storage.block.holders > 1 ? copyOf(g) : g;
      if (own !== g) g.dispose();
      own.storage.kept = true;
      t.grad = own;
    }
  }
  #exclusive(t: Tensor, g: Tensor): Tensor {
    if (g.storage.block.holders === 1) return g;
    const own = copyOf(g);
    g.dispose();
    this.#set(t, own);
    return own;
  }
}

/** Options of {@linkcode Tensor.backward}. */
export interface BackwardOptions {
  /** Keep the graph and its intermediate results for another `backward()`. */
  retainGraph?: boolean;
  /** The gradient of the result; needed unless it is a single number. */
  gradient?: Tensor;
}

/** Computes the gradients of everything `root` depends on. See {@linkcode Tensor.backward}. */
export function runBackward(root: Tensor, options: BackwardOptions = {}): void {
  if (!root.requiresGrad) {
    throw new Error(
      `backward: this ${format(root.shape)} result of ${root.op} depends on no tensor with ` +
        "requiresGrad, or was computed under noGrad()",
    );
  }
  const seed = options.gradient;
  if (!seed && root.size !== 1) {
    throw new Error(
      `backward: expected a single number to differentiate but found shape ${
        format(root.shape)
      }; ` +
        "reduce it with sum() or mean(), or pass backward({ gradient })",
    );
  }
  if (seed && !sameShape(seed.shape, root.shape)) {
    throw new Error(
      `backward: gradient has shape ${format(seed.shape)}, expected ${format(root.shape)}`,
    );
  }
  const gradients = new Gradients(), order = reachable(root);
  const one = seed ? copyOf(seed) : uninitialized(root.shape);
  if (!seed) one.data.fill(1);
  gradients.give(root, one);
  for (const t of order) {
    const node = t.node!, dy = gradients.take(t);
    if (dy && node.backward) {
      node.backward(dy, gradients);
      if (anomalies) checkGradients(node, gradients);
    }
    if (dy && t.keepsGradient) {
      t.grad?.dispose();
      t.grad = dy.storage.block.holders > 1 ? copyOf(dy) : dy;
      t.grad.storage.kept = true;
      if (t.grad !== dy) dy.dispose();
    } else dy?.dispose();
    if (!options.retainGraph) free(t, node, t === root);
  }
}

/** All results `root` depends on, last made first. */
function reachable(root: Tensor): Tensor[] {
  const seen = new Set<Tensor>(), order: Tensor[] = [], stack = [root];
  for (let t = stack.pop(); t; t = stack.pop()) {
    if (!t.node || seen.has(t)) continue;
    if (t.node.freed) {
      throw new Error(
        `backward: the graph behind this ${
          format(t.shape)
        } result of ${t.node.op} was freed by an ` +
          "earlier backward(). Call the first one as backward({ retainGraph: true }), or compute " +
          "the result again",
      );
    }
    seen.add(t);
    order.push(t);
    stack.push(...t.node.inputs);
  }
  return order.sort((a, b) => b.id - a.id);
}

/** Frees what a visited node holds; the root's value stays, it is the loss. */
function free(t: Tensor, node: GraphNode, isRoot: boolean): void {
  disposeAll(node.saved);
  if (!isRoot && !t.storage.kept) release(t.storage, "backward");
  t.node = { op: node.op, inputs: NOTHING, backward: undefined, saved: NOTHING, freed: true };
}

/**
 * Runs `body` without recording: results need no gradient and are not freed by `backward()`.
 *
 * @example
 * ```ts
 * import { noGrad, tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const w = tensor([1, 2], { requiresGrad: true });
 * assertEquals(noGrad(() => w.mul(2)).requiresGrad, false);
 * ```
 */
export function noGrad<T>(body: () => T): T {
  const before = recording;
  recording = false;
  try {
    return body();
  } finally {
    recording = before;
  }
}

/**
 * Runs `body` and throws at the first operation, forward or backward, whose result contains NaN.
 *
 * @example
 * ```ts
 * import { detectAnomaly, tensor } from "@tunebook/tensor";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => detectAnomaly(() => tensor([-1]).log()), Error, "log");
 * ```
 */
export function detectAnomaly<T>(body: () => T): T {
  const before = anomalies;
  anomalies = true;
  try {
    return body();
  } finally {
    anomalies = before;
  }
}

function check(op: string, what: string, t: Tensor, inputs: readonly Tensor[]): void {
  if (t.dtype !== "float32") return;
  const at = t.data.findIndex(Number.isNaN);
  if (at < 0) return;
  const shapes = inputs.map((i) => format(i.shape)).join(" and ");
  throw new Error(
    `detectAnomaly: ${op} gave NaN: element ${at} of its ${what} of shape ${format(t.shape)}` +
      (shapes ? `, from inputs of shape ${shapes}` : "") +
      ". Look at the inputs for zeros divided, logarithms of negative numbers, or values too large",
  );
}
function checkGradients(node: GraphNode, gradients: Gradients): void {
  for (const t of node.inputs) {
    const g = gradients.peek(t);
    if (g) check(`the backward pass of ${node.op}`, "gradient", g, node.inputs);
  }
}
