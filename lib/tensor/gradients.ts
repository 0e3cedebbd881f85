/**
 * What a backward pass carries from the loss to the leaves.
 *
 * @module
 */
import type { GraphNode } from "./autograd.ts";
import { addInPlace, aliasOf, copyOf, type Tensor, uninitialized } from "./tensor.ts";

/** Hands the gradient of a result on to the inputs. */
export type Backward = (dy: Tensor, gradients: Gradients) => void;

/** The gradients under way during one backward pass. */
export class Gradients {
  #pending = new Map<Tensor, Tensor>();
  /** The operation whose turn it is. */
  #node: GraphNode | undefined;
  readonly #retainGraph: boolean;

  /** Begins with the gradient of `root`; with `retainGraph` there will be another pass. */
  constructor(root: Tensor, gradient: Tensor, retainGraph: boolean) {
    this.#retainGraph = retainGraph;
    this.#add(root, gradient);
  }

  /** Runs a node's backward function. */
  run(node: GraphNode, dy: Tensor): void {
    this.#node = node;
    node.backward?.(dy, this);
  }

  /** Whether an input of the operation wants a gradient: now, and when that was recorded. */
  wants(t: Tensor): boolean {
    return t.requiresGrad && this.#node?.wanted.includes(t) === true;
  }

  /** Adds `g` to the gradient of `t`, taking it over: the caller must not use it afterwards. */
  give(t: Tensor, g: Tensor): void {
    if (this.wants(t)) this.#add(t, g);
    else g.dispose();
  }
  #add(t: Tensor, g: Tensor): void {
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

  /**
   * Where to write what has the shape of `t`, element for element: over `t` itself if the operation
   * is the last to read it.
   */
  over(t: Tensor): Tensor {
    const { kept, readers, block } = t.storage;
    const isLast = this.#node?.saved.includes(t) || (t.node && !kept && readers === 1);
    const mayWrite = isLast && block.holders === 1 && !this.#retainGraph;
    return mayWrite ? aliasOf(t) : uninitialized(t.shape);
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
