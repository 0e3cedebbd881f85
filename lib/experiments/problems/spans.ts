import type { QuestionAnsweringTask, QuestionExample } from "@tunebook/finetune";
import { bestSpans, spanLoss } from "@tunebook/models";
import { type Tensor, tensor } from "@tunebook/tensor";
import { splitIntoPieces, type Tokenizer } from "@tunebook/tokenizers";
import { exactMatch, tokenF1 } from "@tunebook/training";
import { bareTokens, frameOf } from "../encoding.ts";
import { drawParts } from "./parts.ts";
import type { Problem, ReadingOptions, Row } from "./problem.ts";

/** A question in front of the text that holds its answer. */
export interface QuestionRow extends Row {
  /** The right answer. */
  readonly answer: string;
  /** The text. */
  readonly context: string;
  /** The place of the context's first token. */
  readonly from: number;
  /** For each token of the context that is read, where its piece lies in the text. */
  readonly places: readonly (readonly [start: number, end: number])[];
  /** The places of the answer's first and last token; not there if the answer was cut off. */
  readonly span: readonly [start: number, end: number] | undefined;
}

/** What is needed of a task: its parts. */
export type QuestionData = Pick<QuestionAnsweringTask, "train" | "validation" | "test">;

/** So low that softmax makes it zero. */
const UNSEEN = -1e9;

/**
 * Question answering, made ready: the question, a line break or the tokenizer's own separator, the
 * text. Where a context is longer than `maxLength` its end is cut off; a training example that loses
 * its answer so is left out, another one counts as answered wrongly. `score` is `tokenF1`, beside it
 * `exactMatch`, both in SQuAD's sense.
 */
export function questionProblem(
  task: QuestionData,
  options: ReadingOptions,
): Problem<QuestionRow, string> {
  const { tokenizer, maxLength } = options;
  const drawn = drawParts(task, options, (example) => example.form);
  const rowsOf = (examples: Iterable<QuestionExample>) =>
    questionRows(examples, tokenizer, maxLength);
  const train = rowsOf(drawn.train).filter((row) => row.span !== undefined);
  if (train.length === 0) {
    throw new RangeError(
      `Expected an answer among the first ${maxLength} tokens of a training example but found ` +
        "none; raise maxLength",
    );
  }
  return {
    kind: "questions",
    labels: ["start", "end"],
    parts: { train, validation: rowsOf(drawn.validation), test: rowsOf(drawn.test) },
    paddingId: tokenizer.paddingId,
    weight: (rows) => rows.filter((row) => row.span !== undefined).length,
    loss(scores, rows) {
      const outside = contextMask(rows, scores.shape[1]!, 0).unsqueeze(2);
      return spanLoss(scores.maskedFill(outside, UNSEEN), {
        starts: rows.map(({ span }) => span?.[0] ?? -100),
        ends: rows.map(({ span }) => span?.[1] ?? -100),
      });
    },
    answers(scores, rows) {
      const mask = contextMask(rows, scores.shape[1]!, 1);
      return bestSpans(scores, { mask }).map(({ start, end }, i) => {
        const { from, places, context } = rows[i]!;
        return context.slice(places[start - from]![0], places[end - from]![1]).trim();
      });
    },
    measure(rows, answers) {
      const mean = (of: (found: string, right: string[]) => number) =>
        rows.reduce((sum, { answer }, i) => sum + of(answers[i]!, [answer]), 0) / rows.length;
      const f1 = mean(tokenF1);
      return { score: f1, tokenF1: f1, exactMatch: mean(exactMatch) };
    },
  };
}

/** Makes rows of questions, such as those of `heldOutForms`, to be evaluated on. */
export function questionRows(
  examples: Iterable<QuestionExample>,
  tokenizer: Tokenizer,
  maxLength: number,
): QuestionRow[] {
  return Array.from(examples, (example) => questionRow(example, tokenizer, maxLength));
}

function questionRow(example: QuestionExample, tokenizer: Tokenizer, most: number): QuestionRow {
  const { question, context, start, end } = example;
  const { before, between, after } = frameOf(tokenizer);
  const separator = between.length > 0 ? between : bareTokens(tokenizer, "\n");
  const ids = [...before, ...bareTokens(tokenizer, question), ...separator];
  const from = ids.length, places: [number, number][] = [];
  let at = 0, first: number | undefined, last: number | undefined;
  for (const piece of splitIntoPieces(context)) {
    const place: [number, number] = [at, at += piece.length];
    const tokens = bareTokens(tokenizer, piece);
    if (ids.length + tokens.length + after.length > most) break;
    if (place[0] < end && place[1] > start && tokens.length > 0) {
      first ??= ids.length;
      if (place[1] >= end) last = ids.length + tokens.length - 1;
    }
    ids.push(...tokens);
    places.push(...tokens.map(() => place));
  }
  if (places.length === 0) {
    throw new RangeError(
      `Expected maxLength to leave room for the context but ${from} of ${most} tokens are the ` +
        "question's; raise it",
    );
  }
  ids.push(...after);
  return {
    ids: Int32Array.from(ids),
    ...(between.length > 0 && { types: Int32Array.from(ids, (_, i) => i < from ? 0 : 1) }),
    answer: context.slice(start, end),
    context,
    from,
    places,
    span: first === undefined || last === undefined ? undefined : [first, last],
  };
}

/** int32 `[batch, time]`: `inside` for the contexts' tokens, 1 - `inside` for all others. */
function contextMask(rows: readonly QuestionRow[], time: number, inside: 0 | 1): Tensor {
  const values = new Int32Array(rows.length * time).fill(1 - inside);
  for (const [i, { from, places }] of rows.entries()) {
    values.fill(inside, i * time + from, i * time + from + places.length);
  }
  return tensor(values, { shape: [rows.length, time] });
}
