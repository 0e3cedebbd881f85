import type { Figure } from "@tunebook/plots";
import { barChart } from "@tunebook/plots";
import type { TrainingReport } from "./report.ts";

/**
 * A figure of what trains: for every place of the model, how many of its parameters do and how many
 * are frozen.
 *
 * @example
 * ```ts
 * import { freeze, trainingFigure, trainingReport } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new Gpt({ vocabSize: 9, maxPositions: 8, dim: 4, layers: 2, heads: 2, dropout: 0 });
 * freeze(model, "embeddings");
 * const report = trainingReport(model, () => model.forward(zeros([1, 8], { dtype: "int32" })));
 * const [trained, frozen] = trainingFigure(report).data;
 * assertEquals([trained?.name, frozen?.name], ["trained", "frozen"]);
 * assertEquals((frozen?.x as number[])[0], 9 * 4 + 8 * 4);
 * ```
 */
export function trainingFigure(report: TrainingReport): Figure {
  const x = report.rows.map(({ name }) => name);
  const figure = barChart([
    { name: "trained", x, y: report.rows.map(({ trained }) => trained) },
    { name: "frozen", x, y: report.rows.map(({ parameters, trained }) => parameters - trained) },
  ], {
    title: `${(100 * report.share).toFixed(2)} % of the parameters train`,
    xTitle: "parameters",
  });
  return { ...figure, layout: { ...figure.layout, barmode: "stack" } };
}
