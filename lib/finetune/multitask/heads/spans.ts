import { bestSpans, spanLoss, type Spans } from "@tunebook/models";
import type { Layer } from "@tunebook/nn";
import type { Scores } from "@tunebook/training";
import { Tensor } from "@tunebook/tensor";
import { projection } from "../../../models/init.ts";
import type { Targets } from "../batch.ts";
import { type Answer, type AnswerSpan, type BodyConfig, type Encoded, TaskHead } from "./head.ts";

/** So low that softmax makes it zero. */
const IMPOSSIBLE = -1e9;

/** Finds the span of a text that answers a question. */
export class SpanHead extends TaskHead {
  /** `[dim]` → how well a span begins here, how well it ends here. */
  qa_outputs: Layer;

  /** Draws the initial weights. */
  constructor(task: string, { dim, initializerRange: deviation }: BodyConfig) {
    super(task);
    this.qa_outputs = projection(dim, 2, { deviation });
  }

  /** What the body gives → scores `[batch, time, 2]` of starts and ends */
  forward({ hidden }: Encoded): Tensor {
    return this.qa_outputs.forward(hidden);
  }

  /** The mean cross-entropy of starts and ends, over the places in `answerMask` if it is given. */
  loss(scores: Tensor, targets: Targets, answerMask?: Tensor): Tensor {
    const spans = this.#spansIn(targets);
    if (answerMask === undefined) return spanLoss(scores, spans);
    return spanLoss(scores.maskedFill(answerMask.eq(0).unsqueeze(2), IMPOSSIBLE), spans);
  }

  /** The best span of each text, inside of `answerMask`. */
  answers(scores: Tensor, answerMask?: Tensor): AnswerSpan[] {
    return bestSpans(scores, { mask: answerMask }).map(({ start, end }) => ({ start, end }));
  }

  /** The spans. */
  right(targets: Targets): AnswerSpan[] {
    const { starts, ends } = this.#spansIn(targets);
    const last = numbers(ends);
    return numbers(starts).map((start, i) => ({ start, end: last[i]! }));
  }

  /**
   * F1 over the tokens of the two spans, and the share of spans that are exactly right. SQuAD's
   * scores compare words instead, for which a task gives a score of its own.
   */
  score(answers: readonly Answer[], right: readonly Answer[]): Scores {
    let f1 = 0, exact = 0;
    for (const [i, actual] of (right as AnswerSpan[]).entries()) {
      const found = answers[i] as AnswerSpan;
      const common = Math.min(found.end, actual.end) - Math.max(found.start, actual.start) + 1;
      f1 += 2 * Math.max(0, common) / (lengthOf(found) + lengthOf(actual));
      if (found.start === actual.start && found.end === actual.end) exact++;
    }
    return { f1: f1 / right.length, exactMatch: exact / right.length };
  }

  #spansIn(targets: Targets): Spans {
    if ("starts" in targets) return targets;
    throw this.misfit("the starts and ends of spans", targets);
  }
}

function lengthOf({ start, end }: AnswerSpan): number {
  return end - start + 1;
}

function numbers(places: Tensor | ArrayLike<number>): number[] {
  return Array.from(places instanceof Tensor ? places.data : places);
}
