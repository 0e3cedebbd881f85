import type { Figure, Trace } from "./figure.ts";
import { PALETTE } from "./style.ts";

/** The course of a training run, as `Trainer` of `@tunebook/training` tells it. */
export interface RunHistory {
  /** The steps and their losses. */
  readonly steps: readonly { readonly step: number; readonly loss: number }[];
  /** The evaluations and their scores. */
  readonly evaluations: readonly {
    readonly step: number;
    readonly scores: Readonly<Record<string, number>>;
  }[];
}

/** How many points of a line are drawn at most: more can't be seen. */
const MOST_POINTS = 400;

/**
 * The loss over the steps of a run, or of several to compare: that of training as a line, that on
 * validation data as a line with dots in the same colour. Long runs are drawn by means of
 * neighbouring steps.
 *
 * @param history The history of a run, or of several by their names.
 * @param options The title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 *
 * @example
 * ```ts
 * import { lossChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = lossChart({
 *   steps: [{ step: 1, loss: 2.3 }, { step: 2, loss: 1.7 }],
 *   evaluations: [{ step: 2, scores: { validationLoss: 1.9 } }],
 * });
 * assertEquals(figure.data.map(({ name }) => name), ["training", "validation"]);
 * ```
 */
export function lossChart(
  history: RunHistory | Readonly<Record<string, RunHistory>>,
  options: { title?: string } = {},
): Figure {
  const runs = runsOf(history);
  const single = runs.length === 1;
  const data = runs.flatMap(([name, { steps, evaluations }], i): Trace[] => {
    const { x, y } = thinned(steps.map(({ step, loss }) => [step, loss]));
    const scored = evaluations.filter(({ scores }) => scores.validationLoss !== undefined);
    const color = PALETTE[i % PALETTE.length]!;
    const label = (what: string) => single ? what : `${name}, ${what}`;
    const training = { type: "scatter", mode: "lines", name: label("training"), x, y };
    if (scored.length === 0) return [{ ...training, line: { color } }];
    const other = single ? PALETTE[1]! : color;
    return [
      { ...training, line: { color, width: 1.5 }, opacity: single ? 1 : 0.6 },
      scoreTrace(label("validation"), scored, "validationLoss", other),
    ];
  });
  return { data, layout: layoutOf(options.title, "loss") };
}

/**
 * A score over the steps of a run, or of several to compare.
 *
 * @param history The history of a run, or of several by their names.
 * @param score The score's name, such as `"accuracy"`.
 * @param options The title.
 * @returns A figure for `plot` of `@tunebook/notebook`.
 * @throws {RangeError} If no run has such a score.
 *
 * @example
 * ```ts
 * import { scoreChart } from "@tunebook/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const evaluations = [{ step: 10, scores: { accuracy: 0.8 } }];
 * const figure = scoreChart({ full: { steps: [], evaluations } }, "accuracy");
 * assertEquals(figure.data[0]?.y, [0.8]);
 * ```
 */
export function scoreChart(
  history: RunHistory | Readonly<Record<string, RunHistory>>,
  score: string,
  options: { title?: string } = {},
): Figure {
  const runs = runsOf(history);
  const data = runs.flatMap(([name, { evaluations }], i) => {
    const scored = evaluations.filter(({ scores }) => scores[score] !== undefined);
    return scored.length === 0
      ? []
      : [scoreTrace(name, scored, score, PALETTE[i % PALETTE.length]!)];
  });
  if (data.length === 0) {
    const known = new Set(
      runs.flatMap(([, run]) => run.evaluations.flatMap(({ scores }) => Object.keys(scores))),
    );
    throw new RangeError(
      `Expected a score named "${score}" but found ${[...known].join(", ") || "no evaluation"}`,
    );
  }
  return { data, layout: layoutOf(options.title, score) };
}

function runsOf(
  history: RunHistory | Readonly<Record<string, RunHistory>>,
): [name: string, run: RunHistory][] {
  return Array.isArray((history as RunHistory).steps)
    ? [["", history as RunHistory]]
    : Object.entries(history as Readonly<Record<string, RunHistory>>);
}

function scoreTrace(
  name: string,
  evaluations: RunHistory["evaluations"],
  score: string,
  color: string,
): Trace {
  return {
    type: "scatter",
    mode: "lines+markers",
    ...(name === "" ? {} : { name }),
    x: evaluations.map(({ step }) => step),
    y: evaluations.map(({ scores }) => scores[score]!),
    line: { color },
  };
}

function layoutOf(title: string | undefined, yTitle: string): NonNullable<Figure["layout"]> {
  return {
    ...(title === undefined ? {} : { title: { text: title } }),
    xaxis: { title: { text: "step" } },
    yaxis: { title: { text: yTitle } },
  };
}

/** Means of neighbouring points where there are too many. */
function thinned(points: readonly (readonly [number, number])[]): { x: number[]; y: number[] } {
  const size = Math.ceil(points.length / MOST_POINTS);
  const x: number[] = [], y: number[] = [];
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size);
    x.push(group.at(-1)![0]);
    y.push(group.reduce((sum, [, value]) => sum + value, 0) / group.length);
  }
  return { x, y };
}
