import type { Callback } from "@tunebook/training";

/**
 * A callback that prints how a long run goes: a line for each evaluation and, between these, one
 * every 30 seconds, with the time that is left.
 *
 * @param print Takes a line.
 * @param now The time in milliseconds.
 */
export function progressLine(
  print: (line: string) => void = console.log,
  now: () => number = Date.now,
): Callback {
  const every = 30_000;
  let said = 0, first: { step: number; at: number } | undefined;
  const left = (step: number, total: number) => {
    if (first === undefined || step === first.step) return "";
    const seconds = (now() - first.at) / 1000 / (step - first.step) * (total - step);
    return `, about ${
      seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
    } left`;
  };
  return {
    onStep({ step, loss }, run) {
      first ??= { step, at: now() };
      if (now() - said < every) return;
      said = now();
      print(
        `step ${step} of ${run.totalSteps}: loss ${loss.toFixed(3)}${left(step, run.totalSteps)}`,
      );
    },
    onEvaluation({ step, scores }, run) {
      said = now();
      const shown = Object.entries(scores).map(([name, score]) => `${name} ${score.toFixed(4)}`);
      print(`step ${step} of ${run.totalSteps}: ${shown.join(", ")}${left(step, run.totalSteps)}`);
    },
  };
}
