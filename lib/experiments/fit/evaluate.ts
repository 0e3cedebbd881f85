import type { Forwarding } from "@tunebook/finetune";
import { scope } from "@tunebook/tensor";
import { inEvaluation } from "@tunebook/training";
import type { Batch, Measures, Problem, Row } from "../problems/problem.ts";

/** How many tokens, padding included, are evaluated at a time. */
const TOKENS = 2048;

/** Rows of about the same length together, as many as fit; the longest rows first. */
export function chunksOf<R extends Row>(rows: readonly R[]): R[][] {
  const sorted = rows.toSorted((a, b) => b.ids.length - a.ids.length);
  const chunks: R[][] = [];
  for (let from = 0; from < sorted.length;) {
    const size = Math.max(1, Math.floor(TOKENS / sorted[from]!.ids.length));
    chunks.push(sorted.slice(from, from += size));
  }
  return chunks;
}

/** What a model says about rows, and how right it is. */
export interface Evaluated<R, A> {
  /** The loss and the task's measures. */
  readonly measures: Measures & { loss: number };
  /** What it said about each row. */
  readonly answers: ReadonlyMap<R, A>;
}

/** Measures a model on rows, without gradients and without dropout. */
export function evaluateRows<R extends Row, A>(
  model: Forwarding,
  problem: Problem<R, A>,
  chunks: readonly R[][],
  collate: (rows: readonly R[]) => Batch<R>,
): Evaluated<R, A> {
  let sum = 0, total = 0;
  const said = new Map<R, A>();
  inEvaluation(model, () => {
    for (const rows of chunks) {
      scope(() => {
        const { input, inputs } = collate(rows);
        const scores = model.forward(input, inputs), weight = problem.weight(rows);
        if (weight > 0) sum += weight * problem.loss(scores, rows).item();
        total += weight;
        for (const [i, answer] of problem.answers(scores, rows).entries()) {
          said.set(rows[i]!, answer);
        }
      });
    }
  });
  const measures = problem.measure([...said.keys()], [...said.values()]);
  return { measures: { loss: total > 0 ? sum / total : NaN, ...measures }, answers: said };
}
