import type { Module } from "@tunebook/nn";
import { keepResults, type Tensor } from "@tunebook/tensor";
import { type Loss, sharesOf, type Weight } from "./gradients.ts";

/** Where a number that isn't one was first seen: in a weight, on the way to the loss, or back. */
export type Origin = "weight" | "loss" | "gradient";

/** The loss or a gradient became NaN or infinite: the run stopped before the step. */
export class NonFiniteError extends Error {
  /** The class of the error. */
  override name = "NonFiniteError";
  /** The number of the step that was not taken, from 1. */
  readonly step: number;
  /** Where it began. */
  readonly origin: Origin;
  /** The parameter in which it began, or that is nearest to where it began. */
  readonly parameter: string | undefined;

  /** Made by the trainer. */
  constructor(step: number, { origin, parameter, found }: Finding) {
    super(
      `Training stopped before step ${step}: ${found}. Try a lower ` +
        "learning rate, a warm-up, or clipNorm; look at the batch for empty or enormous values",
    );
    this.step = step;
    this.origin = origin;
    this.parameter = parameter;
  }
}

/** What was found out about a step that failed. */
export interface Finding {
  origin: Origin;
  parameter: string | undefined;
  /** In words. */
  found: string;
}

/**
 * Finds out where the numbers of a step went wrong, by taking it once more and looking at every
 * result on the way to the loss and at every gradient on the way back.
 *
 * @param model The model, with the gradients of this step; they are lost.
 * @param batches The batches of the step.
 * @param loss The mean loss of a batch; it must draw the same random numbers as the first time.
 * @param weight Over how much that is a mean.
 */
export function findOrigin<B>(
  model: Module,
  batches: readonly B[],
  loss: Loss<B>,
  weight: Weight<B> | undefined,
): Finding {
  const broken = findBrokenWeight(model);
  if (broken) return broken;
  const parameters = new Map(Array.from(model.namedParameters(), ([name, t]) => [t, name]));
  model.zeroGrad();
  const shares = sharesOf(batches, weight);
  for (const [i, batch] of batches.entries()) {
    const value = keepResults(() => loss(batch));
    if (!allFinite(value)) return onTheWayThere(value, parameters);
    const uses = lastUses(value), number = value.item(); // backward frees it
    value.mul(shares[i]!).backward();
    // The way back goes from the last use to the first.
    const [broken] = [...parameters.keys()]
      .filter(({ grad }) => grad !== null && !allFinite(grad))
      .sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
    if (broken !== undefined) {
      const parameter = parameters.get(broken);
      const found = `the gradient of ${parameter} is the first on the way back from the loss ` +
        `(${number}) to hold ${describe(broken.grad!)}`;
      return { origin: "gradient", parameter, found };
    }
  }
  return largestGradient(parameters);
}

/** The first parameter that holds something other than finite numbers. */
export function findBrokenWeight(model: Module): Finding | undefined {
  for (const [parameter, tensor] of model.namedParameters()) {
    if (allFinite(tensor)) continue;
    const found = `the weights ${parameter} hold ${describe(tensor)}, left by an earlier step`;
    return { origin: "weight", parameter, found };
  }
  return undefined;
}

/** The first result on the way to the loss that isn't finite. */
function onTheWayThere(loss: Tensor, parameters: ReadonlyMap<Tensor, string>): Finding {
  const results = [...resultsBefore(loss)].sort((a, b) => a.id - b.id);
  // An infinite result may be meant, as that of masking; NaN never is.
  const broken = results.find((result) => holds(result, Number.isNaN)) ??
    results.find((result) => !allFinite(result)) ?? loss;
  const near = nearestParameter(broken, parameters);
  const parameter = near && parameters.get(near);
  const where = parameter === undefined ? "" : `, next to ${parameter}`;
  const found = `the loss is ${loss.item()}; it began in the result of ${broken.op} ` +
    `[${broken.shape.join(", ")}]${where}`;
  return { origin: "loss", parameter, found };
}

/** All are finite numbers, yet their norm is more than a number can hold. */
function largestGradient(parameters: ReadonlyMap<Tensor, string>): Finding {
  const size = ({ grad }: Tensor) => grad?.abs().max().item() ?? 0;
  const [largest] = [...parameters.keys()].sort((a, b) => size(b) - size(a));
  const parameter = largest && parameters.get(largest);
  const found = `the gradients are too large to be added up, the largest (${
    largest && size(largest)
  }) that of ${parameter}`;
  return { origin: "gradient", parameter, found };
}

/** Every tensor that the loss was computed from and that was itself computed. */
function resultsBefore(loss: Tensor): Set<Tensor> {
  const seen = new Set<Tensor>(), stack = [loss];
  for (let t = stack.pop(); t; t = stack.pop()) {
    if (seen.has(t) || t.node === undefined || t.storage.released) continue;
    seen.add(t);
    stack.push(...t.node.inputs);
  }
  return seen;
}

/** For each leaf the number of the last result that was computed from it. */
function lastUses(loss: Tensor): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  for (const result of resultsBefore(loss)) {
    for (const input of result.node!.inputs) {
      if (input.node === undefined) {
        uses.set(input, Math.max(uses.get(input) ?? 0, result.id));
      }
    }
  }
  return uses;
}

/** The parameter that the fewest operations lie between. */
function nearestParameter(
  from: Tensor,
  parameters: ReadonlyMap<Tensor, string>,
): Tensor | undefined {
  const seen = new Set<Tensor>();
  for (let level = [from]; level.length > 0;) {
    const parameter = level.find((t) => parameters.has(t));
    if (parameter !== undefined) return parameter;
    for (const t of level) seen.add(t);
    level = level.flatMap((t) => t.node?.inputs ?? []).filter((t) => !seen.has(t));
  }
  return undefined;
}

function holds({ data }: Tensor, test: (x: number) => boolean): boolean {
  for (let i = 0; i < data.length; i++) if (test(data[i]!)) return true;
  return false;
}

function allFinite(tensor: Tensor): boolean {
  return !holds(tensor, (x) => !Number.isFinite(x));
}

function describe(tensor: Tensor): string {
  const bad = tensor.data.findIndex((x) => !Number.isFinite(x));
  return `${tensor.data[bad]} (element ${bad} of [${tensor.shape.join(", ")}])`;
}
