/**
 * Text under edit that remembers where everything came from.
 *
 * @module
 */

/** A place in a text; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a generated piece of text came from, line by line: `[generated column, source offset]`. */
export type LineOrigins = readonly (readonly [column: number, offset: number])[][];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly origins?: LineOrigins;
}

interface Span {
  /** Where it is in the result. */
  readonly at: number;
  /** Where it starts in the source. */
  readonly start: number;
  readonly text: string;
  /** Whether it is source text, character by character. */
  readonly verbatim: boolean;
  readonly origins: LineOrigins | undefined;
}

/** Collects replacements of a source text, and leads positions in the result back to it. */
export class EditedSource {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  #spans: Span[] | undefined;

  /** @param text The source; replacements name offsets into it. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Replaces `[start, end)`. Replacements may touch but not overlap. */
  replace(start: number, end: number, text: string, origins?: LineOrigins): void {
    this.#edits.push({ start, end, text, ...(origins && { origins }) });
    this.#spans = undefined;
  }

  /** The edited text. */
  toString(): string {
    return this.#render().map((span) => span.text).join("");
  }

  /** The source offset that an offset of the result came from. */
  sourceOffset(offset: number): number {
    const spans = this.#render();
    const span = spans.findLast((each) => each.at <= offset) ?? spans[0];
    if (!span) return 0;
    const inside = Math.min(offset - span.at, span.text.length);
    if (span.verbatim) return span.start + inside;
    const before = span.text.slice(0, inside).split("\n");
    const line = span.origins?.[before.length - 1] ?? [];
    const column = before.at(-1)!.length;
    return line.findLast(([from]) => from <= column)?.[1] ?? span.start;
  }

  #render(): Span[] {
    if (this.#spans) return this.#spans;
    const spans: Span[] = [];
    let at = 0;
    let done = 0;
    const add = (start: number, text: string, verbatim: boolean, origins?: LineOrigins) => {
      spans.push({ at, start, text, verbatim, origins });
      at += text.length;
    };
    // Insertions at one place keep the order in which they were asked for.
    const edits = this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    for (const edit of edits) {
      if (edit.start > done) add(done, this.#text.slice(done, edit.start), true);
      add(edit.start, edit.text, false, edit.origins);
      done = edit.end;
    }
    if (done < this.#text.length || spans.length === 0) add(done, this.#text.slice(done), true);
    return this.#spans = spans;
  }
}

/** The place of an offset. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The offset of a place, the nearest one when the text has no such place. */
export function offsetAt(text: string, { line, column }: Place): number {
  let offset = 0;
  for (let passed = 1; passed < line; passed++) {
    const next = text.indexOf("\n", offset);
    if (next < 0) break;
    offset = next + 1;
  }
  return Math.min(offset + column - 1, text.length);
}
