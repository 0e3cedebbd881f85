import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { type LayerRun, measureLayers } from "./measure.ts";
import { isAt, placesOf } from "./stages.ts";

/** A line of the report: one place of the model. */
export interface ReportRow {
  /** The place: `head`, a block's path, `embeddings`, or a layer's path in other models. */
  readonly name: string;
  /** How many numbers it holds. */
  readonly parameters: number;
  /** How many of them train. */
  readonly trained: number;
  /** Operations of a forward pass. */
  readonly forward: number;
  /** Operations of a backward pass, as it is frozen now. */
  readonly backward: number;
}

/** What trains and what a step costs. */
export interface TrainingReport {
  /** Place by place, from the input to the output. */
  readonly rows: readonly ReportRow[];
  /** How many numbers the model holds. */
  readonly parameters: number;
  /** How many of them train. */
  readonly trained: number;
  /** `trained / parameters` */
  readonly share: number;
  /** Bytes: weights, a gradient for each that trains, and what the optimizer keeps about it. */
  readonly memory: {
    readonly weights: number;
    readonly gradients: number;
    readonly optimizer: number;
    readonly total: number;
  };
  /** Floating-point operations of a step, estimated; `full` is a step that trains everything. */
  readonly flops: { readonly forward: number; readonly backward: number; readonly full: number };
  /** A step's operations over those of a step that trains everything: what its time comes near. */
  readonly cost: number;
  /** The table as text. */
  toString(): string;
}

/** What a {@linkcode trainingReport} assumes. */
export interface ReportOptions {
  /**
   * How many numbers the optimizer keeps for each that trains: 2 for Adam and AdamW, 1 for SGD with
   * momentum and Muon, 0 for plain SGD.
   *
   * @default {2}
   */
  optimizerSlots?: number;
}

/** Numbers are float32. */
const BYTES = 4;

/**
 * What of a model trains, and what that costs: parameters, memory, operations of a step. It runs the
 * model once, so that the shapes are those of your batches.
 *
 * A layer's backward pass takes as much as its forward pass for the gradient of its input, which is
 * needed where something below trains, and as much again for the gradient of its weights, where they
 * train. So a model frozen up to a block has no backward pass below that block.
 *
 * @param run Calls the model on a batch, such as `() => model.forward(tokens)`.
 * @throws {Error} If `run` doesn't call the model.
 *
 * @example
 * ```ts
 * import { trainingReport, trainOnly } from "@tunebook/finetune";
 * import { GptForSequenceClassification } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const model = new GptForSequenceClassification({
 *   vocabSize: 9, maxPositions: 8, dim: 8, layers: 2, heads: 2, dropout: 0,
 * });
 * trainOnly(model, "head");
 * const report = trainingReport(model, () => model.forward(zeros([4, 8], { dtype: "int32" })));
 * assertEquals(report.trained, 16);
 * assertEquals(report.memory.optimizer, 16 * 4 * 2);
 * assert(report.cost < 0.4); // a full step is three forward passes
 * ```
 */
export function trainingReport(
  model: Module,
  run: () => unknown,
  { optimizerSlots = 2 }: ReportOptions = {},
): TrainingReport {
  const places = placesOf(model);
  const rows = new Map(places.map(({ name, parameters }) => {
    const trains = parameters.filter((one) => one.requiresGrad);
    return [name, {
      name,
      parameters: sizeOf(parameters),
      trained: sizeOf(trains),
      forward: 0,
      backward: 0,
    }];
  }));
  let full = 0, flowing = false, flowingInFull = false;
  for (const one of measureLayers(model, run)) {
    const cost = costOf(one, flowing, (parameter) => parameter.requiresGrad);
    full += cost.forward + costOf(one, flowingInFull, () => true).backward;
    flowing ||= [...one.products.keys()].some((parameter) => parameter.requiresGrad);
    flowingInFull ||= one.products.size > 0;
    const place = places.find(({ paths }) => paths.some((path) => isAt(one.name, path)));
    const row = rows.get(place?.name ?? "other")!;
    row.forward += cost.forward;
    row.backward += cost.backward;
  }
  return report([...rows.values()], full, optimizerSlots);
}

function costOf(
  { products, other }: LayerRun,
  flowing: boolean,
  trains: (parameter: Tensor) => boolean,
): { forward: number; backward: number } {
  const cost = { forward: other, backward: flowing ? 2 * other : 0 };
  for (const [parameter, operations] of products) {
    cost.forward += operations;
    if (flowing) cost.backward += operations;
    if (trains(parameter)) cost.backward += operations;
  }
  return cost;
}

function report(rows: ReportRow[], full: number, slots: number): TrainingReport {
  const sum = (key: "parameters" | "trained" | "forward" | "backward") =>
    rows.reduce((total, row) => total + row[key], 0);
  const parameters = sum("parameters"), trained = sum("trained");
  const forward = sum("forward"), backward = sum("backward");
  const memory = {
    weights: parameters * BYTES,
    gradients: trained * BYTES,
    optimizer: trained * BYTES * slots,
    total: (parameters + trained * (1 + slots)) * BYTES,
  };
  const made = {
    rows,
    parameters,
    trained,
    share: trained / parameters,
    memory,
    flops: { forward, backward, full },
    cost: (forward + backward) / full,
  };
  return { ...made, toString: () => asText(made) };
}

function asText(of: Omit<TrainingReport, "toString">): string {
  const count = (n: number) => n.toLocaleString("en");
  const mega = (n: number) => (n / 1e6).toFixed(1);
  const lines = [
    ["", "parameters", "trained", "forward MFLOP", "backward MFLOP"],
    ...of.rows.map((row) => [
      row.name,
      count(row.parameters),
      count(row.trained),
      mega(row.forward),
      mega(row.backward),
    ]),
    [
      "total",
      count(of.parameters),
      count(of.trained),
      mega(of.flops.forward),
      mega(of.flops.backward),
    ],
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const table = lines.map((line) =>
    line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")
  );
  const { weights, gradients, optimizer, total } = of.memory;
  return [
    ...table,
    `${(100 * of.share).toFixed(2)} % of the parameters train; a step computes ` +
    `${(100 * of.cost).toFixed(0)} % of what a full one does`,
    `memory: weights ${mega(weights)} MB + gradients ${mega(gradients)} MB + optimizer ` +
    `${mega(optimizer)} MB = ${mega(total)} MB, and the activations`,
  ].join("\n");
}

function sizeOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, one) => sum + one.size, 0);
}
