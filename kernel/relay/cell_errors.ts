/**
 * What went wrong in cells, in the words and lines of the cells.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import { failureOf } from "./endings.ts";
import type { Failure } from "./failure.ts";
import type { CellSyntaxError } from "./rewrite/syntax_error.ts";
import { type CellSource, excerpt, renderFailure, translatePositions } from "./traceback.ts";

/** Knows the cells that ran, and renders errors as the content of an `error` message. */
export class CellErrors {
  readonly #sources = new Map<string, CellSource>();

  /** Takes in a cell that is about to run, under the name of its script. */
  remember(script: string, source: CellSource): void {
    this.#sources.set(script, source);
  }

  /** An error that was thrown. */
  render(failure: Failure): JsonObject {
    return renderFailure(failure, (script) => this.#sources.get(script));
  }

  /** A text in which places of scripts become places of cells. */
  readonly translate = (text: string): string =>
    translatePositions(text, (script) => this.#sources.get(script));

  /** A mistake that keeps a cell from running. */
  ofSyntax(error: CellSyntaxError, code: string, count: number): JsonObject {
    const { name, message, place } = error;
    const [title] = this.render({ name, message, stack: "", errors: [] }).traceback as string[];
    return {
      ename: name,
      evalue: message,
      traceback: [
        title,
        `    at Cell [${count}]:${place.line}:${place.column}`,
        ...excerpt(code, place),
      ],
    };
  }

  /** The answers to `user_expressions`, in which some may have failed. */
  ofExpressions(answers: JsonObject): JsonObject {
    return Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => {
        const { kind, failure } = answer as { kind?: string; failure?: Failure };
        if (kind === undefined) return [name, answer];
        const shown = failure ?? failureOf({ kind: "stopped" });
        return [name, { status: "error", ...this.render(shown) }];
      }),
    );
  }
}
