import type { Tensor } from "@tunebook/tensor";
import { placesOf } from "../freeze/stages.ts";
import type { TaskBatch } from "./batch.ts";
import type { MultiTaskModel } from "./model.ts";
import { addScaled, dot, type Gradient, gradientOf } from "./weighting/gradients.ts";

/** How the gradients of two tasks lie to each other in one place of the body. */
export interface ConflictRow {
  /** `embeddings`, a block's path such as `h.0`, `final`, or `all` for the whole body. */
  readonly block: string;
  /** One task. */
  readonly taskA: string;
  /** The other. */
  readonly taskB: string;
  /** From −1 (a step for one undoes the other's) over 0 (at right angles) to 1 (the same way). */
  readonly cosine: number;
}

/**
 * Where tasks pull the shared body in the same direction and where they pull against each other: the
 * cosines between their gradients, place by place from the input to the output, and over all. A
 * negative one is a conflict ([Yu et al. 2020](https://arxiv.org/abs/2001.06782), definition 1). Places that are frozen, or that
 * one of the two tasks doesn't reach, are left out.
 *
 * Dropout is off. A task's gradient is the mean over its batches; with few examples it is mostly
 * noise, which makes cosines small: give each task a few hundred.
 *
 * @param batches Batches of at least two tasks.
 * @throws {RangeError} If there are batches of fewer than two tasks, or one is unknown.
 *
 * @example
 * ```ts
 * import { conflictFigure, gradientConflicts, MultiTaskModel } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals, assertLess } from "@std/assert";
 *
 * const body = new Gpt({ vocabSize: 9, maxPositions: 4, dim: 8, layers: 1, heads: 2 });
 * const kind = { kind: "classification", labels: ["no", "yes"] } as const;
 * const model = new MultiTaskModel(body, { spam: kind, ham: kind });
 * model.head("ham").loadStateDict(model.head("spam").stateDict()); // the same question …
 * const input = tensor([[1, 2], [3, 4]], { dtype: "int32" });
 * const rows = gradientConflicts(model, [
 *   { task: "spam", input, targets: tensor([0, 1], { dtype: "int32" }) },
 *   { task: "ham", input, targets: tensor([1, 0], { dtype: "int32" }) }, // … the other way round
 * ]);
 * assertEquals(rows.map(({ block }) => block), ["embeddings", "h.0", "final", "all"]);
 * assertLess(rows.at(-1)!.cosine, -0.9);
 * assertEquals(conflictFigure(rows).data[0]?.type, "heatmap");
 * ```
 */
export function gradientConflicts(
  model: MultiTaskModel,
  batches: Iterable<TaskBatch>,
): ConflictRow[] {
  const shared = model.sharedParameters();
  const gradients = gradientsByTask(model, shared, batches);
  const tasks = [...gradients.keys()];
  if (tasks.length < 2) {
    throw new RangeError(
      `Expected batches of at least two tasks but found ${tasks.join(", ") || "none"}`,
    );
  }
  const pairs = tasks.flatMap((a, i) => tasks.slice(i + 1).map((b) => [a, b] as const));
  return blocksOf(model, shared).flatMap(({ block, parameters }) => {
    const here = (task: string) =>
      gradients.get(task)!.map((one, p) => parameters.has(shared[p]!) ? one : undefined);
    return pairs.flatMap(([taskA, taskB]) => {
      const a = here(taskA), b = here(taskB);
      const lengths = Math.sqrt(dot(a, a) * dot(b, b));
      return lengths === 0 ? [] : [{ block, taskA, taskB, cosine: dot(a, b) / lengths }];
    });
  });
}

/** The sum of each task's gradients; its length means nothing to a cosine. */
function gradientsByTask(
  model: MultiTaskModel,
  shared: readonly Tensor[],
  batches: Iterable<TaskBatch>,
): Map<string, Gradient> {
  const before = Array.from(model.namedModules(), ([, one]) => [one, one.training] as const);
  const gradients = new Map<string, Gradient>();
  model.eval();
  try {
    for (const batch of batches) {
      // The heads' gradients come along, and go again.
      const { gradient } = gradientOf(() => model.loss(batch), model.parameters());
      const at = new Map(model.parameters().map((one, p) => [one, gradient[p]]));
      const sum = gradients.get(batch.task) ?? [];
      addScaled(sum, shared.map((one) => at.get(one)), 1);
      gradients.set(batch.task, sum);
    }
  } finally {
    for (const [one, training] of before) one.training = training;
  }
  return gradients;
}

/** The places of the body, and the whole of it. */
function blocksOf(model: MultiTaskModel, shared: readonly Tensor[]) {
  const known = new Set(shared);
  const places = placesOf(model).map(({ name, parameters }) => ({
    // What lies behind the last block is called together with the heads, which aren't shared.
    block: name === "head" ? "final" : name.replace(/^encoder\.(model\.)?/, ""),
    parameters: new Set(parameters.filter((one) => known.has(one))),
  }));
  return [...places, { block: "all", parameters: known }]
    .filter(({ parameters }) => parameters.size > 0);
}
