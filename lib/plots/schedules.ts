import { lineChart } from "./charts.ts";
import type { Figure } from "./figure.ts";

/**
 * The learning rate over a run, for one schedule or several side by side.
 *
 * @param schedules By name: the factor at a step, counted from 0.
 * @param options Steps of the run; the `learningRate` that the factors multiply (default 1); the
 *   title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If the steps are no positive integer.
 *
 * @example
 * ```ts
 * import { scheduleChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const halving = (step: number) => 0.5 ** step;
 * const figure = scheduleChart({ halving }, { totalSteps: 3, learningRate: 0.1 });
 * assertEquals(figure.data[0]?.y, [0.1, 0.05, 0.025]);
 * ```
 */
export function scheduleChart(
  schedules: Readonly<Record<string, (step: number) => number>>,
  options: { totalSteps: number; learningRate?: number; title?: string },
): Figure {
  const { totalSteps, learningRate = 1, title } = options;
  if (!Number.isInteger(totalSteps) || totalSteps < 1) {
    throw new RangeError(
      `Expected totalSteps to be an integer of at least 1 but found ${totalSteps}`,
    );
  }
  // At most some hundred points, the last step among them.
  const count = Math.min(totalSteps, 400);
  const x = Array.from(
    { length: count },
    (_, i) => count === 1 ? 0 : Math.round(i * (totalSteps - 1) / (count - 1)),
  );
  const series = Object.entries(schedules).map(([name, factor]) => ({
    name,
    x,
    y: x.map((step) => learningRate * factor(step)),
  }));
  const yTitle = options.learningRate === undefined ? "factor" : "learning rate";
  const { data, layout } = lineChart(series, {
    xTitle: "step",
    yTitle,
    ...(title === undefined ? {} : { title }),
  });
  // "5e-5", not "50μ".
  const yaxis = { title: { text: yTitle }, exponentformat: "e" };
  return { data, layout: { ...layout, yaxis } };
}
