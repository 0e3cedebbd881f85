import { ClassificationHead } from "./classification.ts";
import type { BodyConfig, HeadKind, TaskHead } from "./head.ts";
import { SpanHead } from "./spans.ts";
import { TokenHead } from "./tokens.ts";

/**
 * A new head.
 *
 * @throws {RangeError} If a classifier has fewer than two labels, or the scale isn't above 0.
 */
export function makeHead(task: string, kind: HeadKind, config: BodyConfig): TaskHead {
  const { lossScale = 1 } = kind;
  if (!(lossScale > 0 && lossScale < Infinity)) {
    throw new RangeError(
      `Expected lossScale to be above 0 but found ${lossScale} for ${JSON.stringify(task)}`,
    );
  }
  if (kind.kind === "questions") return new SpanHead(task, config);
  if (kind.labels.length < 2) {
    throw new RangeError(
      `Expected at least two labels for the task ${JSON.stringify(task)} but found ` +
        `${kind.labels.length}`,
    );
  }
  const Head = kind.kind === "classification" ? ClassificationHead : TokenHead;
  return new Head(task, kind.labels, config);
}
