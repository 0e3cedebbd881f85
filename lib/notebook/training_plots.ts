import type { Callback, StepRecord, TrainingRun } from "@tunebook/training";
import { lossChart } from "@tunebook/plots";
import { formatNumber } from "./format.ts";
import { insideNotebook } from "./jupyter.ts";
import { plot, type PlotHandle } from "./plot.ts";
import { progress, type ProgressCounter } from "./progress.ts";

/** How a training run is shown. */
export interface LiveTrainingOptions {
  /** What the progress bar calls it. Default: `"training"`. */
  label?: string;
  /** The title of the plot. */
  title?: string;
  /** The least time between two drawings of the plot, in milliseconds. Default: 500. */
  interval?: number;
}

/**
 * A callback for `Trainer` that shows a run while it goes on: a progress bar with the loss and the
 * newest scores, and below it the loss curves, drawn anew as they grow. A terminal gets the bar, and
 * a line about the plot at the end.
 *
 * @param options Label, title.
 * @returns The callback, for one run.
 * @throws {RangeError} If `interval` is no number of at least 0.
 *
 * @example
 * ```ts
 * import { liveTraining } from "@tunebook/notebook";
 * import { Linear, mse } from "@tunebook/nn";
 * import { ones } from "@tunebook/tensor";
 * import { SGD, Trainer } from "@tunebook/training";
 *
 * const model = new Linear(2, 1);
 * const batch = ones([4, 2]);
 * await new Trainer({
 *   model,
 *   optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
 *   data: { batchesPerEpoch: 1, epoch: () => [batch] },
 *   loss: (x) => mse(model.forward(x), ones([4, 1])),
 *   epochs: 20,
 *   callbacks: [liveTraining({ title: "A line" })],
 * }).run();
 * ```
 */
export function liveTraining(options: LiveTrainingOptions = {}): Callback {
  const { label = "training", title, interval = 500 } = options;
  if (!(interval >= 0)) {
    throw new RangeError(`Expected interval to be a number of at least 0 but found ${interval}`);
  }
  let bar: ProgressCounter | undefined;
  let curves: PlotHandle | undefined;
  let drawn = 0;
  let scores = "";
  let taken: StepRecord | undefined;

  // A step counts when the next one is taken: only then are its scores known, if it has any.
  const count = () => {
    if (taken !== undefined) bar?.advance(1, note(taken, scores));
    taken = undefined;
  };
  const draw = ({ history }: TrainingRun) => {
    drawn = performance.now();
    const figure = lossChart(history, title === undefined ? {} : { title });
    if (curves === undefined) curves = plot(figure);
    else curves.update(figure);
  };

  return {
    onStart(run) {
      bar = progress(run.totalSteps, { label });
      // A resumed run begins where it was.
      if (run.step > 0) bar.advance(run.step);
      if (insideNotebook()) draw(run);
    },
    onStep(record, run) {
      count();
      taken = record;
      if (insideNotebook() && performance.now() - drawn >= interval) draw(run);
    },
    onEvaluation(record) {
      scores = Object.entries(record.scores)
        .map(([name, score]) => ` · ${name} ${formatNumber(score, 4)}`).join("");
    },
    onEnd(run) {
      count();
      bar?.finish();
      draw(run);
    },
  };
}

function note({ loss }: StepRecord, scores: string): string {
  return `loss ${formatNumber(loss, 4)}${scores}`;
}
