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
import { type Backward, Gradients } from "./gradients.ts";
import { releaseUnread } from "./letting_go.ts";
import { release } from "./memory.ts";
import { copyOf, type Tensor, uninitialized } from "./tensor.ts";
import { format, sameShape } from "./shapes.ts";

/** What an operation leaves on its result. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** Absent where no input needs a gradient (a frozen layer): the result is only freed. */
  readonly backward: Backward | undefined;
  /** The inputs that needed a gradient when this was recorded. */
  readonly wanted: readonly Tensor[];
  /** Tensors made for the backward pass alone, freed with the result. */
  readonly saved: readonly Tensor[];
  /** What else `backward` reads. */
  readonly reads: readonly Tensor[];
  freed: boolean;
}

/** What a backward pass works with. */
export interface Needs {
  /** Tensors made for it alone. */
  saved?: readonly Tensor[];
  /** Which of the inputs and the result it reads; all of them unless given. */
  reads?: readonly Tensor[];
}

const NOTHING: readonly Tensor[] = [];
/** A node that hands nothing on. */
const UNUSED: GraphNode = {
  op: "",
  inputs: NOTHING,
  backward: undefined,
  wanted: NOTHING,
  saved: NOTHING,
  reads: NOTHING,
  freed: false,
};
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
 * @param needs What `backward` works with.
 */
export function record(
  op: string,
  result: Tensor,
  inputs: readonly Tensor[],
  backward?: Backward,
  { saved = NOTHING, reads = [...inputs, result] }: Needs = {},
): Tensor {
  result.op = op;
  if (anomalies) check(op, "result", result, inputs);
  if (recording && inputs.some(inGraph)) {
    const wanted = inputs.filter((t) => t.requiresGrad);
    if (backward !== undefined && wanted.length > 0) {
      result.markRequiresGrad();
      for (const t of reads) t.storage.readers++;
      result.node = { op, inputs, backward, wanted, saved, reads, freed: false };
    } else {
      disposeAll(saved);
      result.node = { ...UNUSED, op, inputs };
    }
  } else disposeAll(saved);
  return result;
}

/** Trained or frozen parameters and everything computed from them; plain data is not in the graph. */
function inGraph(t: Tensor): boolean {
  return t.requiresGrad || t.isParameter || t.node !== undefined;
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
  const order = reachable(root), { retainGraph = false } = options;
  const one = seed ? copyOf(seed) : uninitialized(root.shape);
  if (!seed) one.data.fill(1);
  const gradients = new Gradients(root, one, retainGraph);
  // Results that no backward function reads go at once, the others after the last that does.
  if (!retainGraph) order.forEach((t) => t !== root && releaseUnread(t, "backward"));
  for (const t of order) {
    const node = t.node!, dy = gradients.take(t);
    if (dy && node.backward) {
      gradients.run(node, dy);
      if (anomalies) checkGradients(node, gradients);
    }
    if (dy && t.keepsGradient) {
      t.grad?.dispose();
      t.grad = dy.storage.block.holders > 1 ? copyOf(dy) : dy;
      t.grad.storage.kept = true;
      if (t.grad !== dy) dy.dispose();
    } else dy?.dispose();
    if (!retainGraph) free(t, node, root);
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
function free(t: Tensor, node: GraphNode, root: Tensor): void {
  disposeAll(node.saved);
  for (const read of node.reads) {
    read.storage.readers--;
    if (read !== root) releaseUnread(read, "backward");
  }
  if (t !== root && !t.storage.kept) release(t.storage, "backward");
  t.node = { ...UNUSED, op: node.op, freed: true };
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
