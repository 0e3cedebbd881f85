/**
 * Failures as the notebook shows them: in the cell's own lines, with the line itself and a caret.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import type { Failure } from "./failure.ts";
import type { Place } from "./rewrite/mod.ts";

/** What must be known of a cell to point into it. */
export interface CellSource {
  /** What the front-end shows as `[n]`. */
  readonly count: number;
  /** The cell as it was written. */
  readonly code: string;
  /** The place in the cell that a place in its script came from. */
  placeOf(place: Place): Place;
}

/** Finds a cell by what V8 calls its script. */
export type CellSources = (script: string) => CellSource | undefined;

const CELL_FRAME = /\(?(cell_\d+\.ts):(\d+):(\d+)\)?/;
const INTERNAL_FRAME =
  /\(?(ext:|node:|<anonymous>|.*\/kernel\/relay\/prelude\/)|^at (async )?Promise\./;
const RED = "\x1b[31m";
const DIM = "\x1b[2m";
const PLAIN = "\x1b[0m";

/** The content of an `error` message. */
export function renderFailure(failure: Failure, sources: CellSources): JsonObject {
  return {
    ename: failure.name,
    evalue: failure.message,
    traceback: traceback(failure, sources, ""),
  };
}

/** Puts positions in scripts, as a printed stack has them, into the cells' own lines. */
export function translatePositions(text: string, sources: CellSources): string {
  if (!text.includes("cell_")) return text;
  return text.replace(/\b(cell_\d+\.ts):(\d+):(\d+)/g, (found, script, line, column) => {
    const source = sources(script);
    return source ? positionText(source, { line: Number(line), column: Number(column) }) : found;
  });
}

/** The script of the cell that set an error's code going: the outermost frame in a cell. */
export function originOf(failure: Failure): string | undefined {
  return frameLines(failure.stack).map((frame) => CELL_FRAME.exec(frame)?.[1]).findLast(Boolean);
}

function positionText(source: CellSource, scriptPlace: Place): string {
  const { line, column } = source.placeOf(scriptPlace);
  return `Cell [${source.count}]:${line}:${column}`;
}

function traceback(failure: Failure, sources: CellSources, lead: string): string[] {
  const lines = [`${lead}${RED}${failure.name}${PLAIN}: ${failure.message}`];
  const frames = frameLines(failure.stack);
  let internal = 0;
  let excerptShown = false;
  const excerptAt = (source: CellSource, place: Place) => {
    if (!excerptShown) lines.push(...excerpt(source.code, place));
    excerptShown = true;
  };
  for (const frame of frames) {
    const match = CELL_FRAME.exec(frame);
    const source = match && sources(match[1]!);
    if (match && source) {
      const place = source.placeOf({ line: Number(match[2]), column: Number(match[3]) });
      const where = `Cell [${source.count}]:${place.line}:${place.column}`;
      const name = frame.slice(0, match.index).replace(/^at /, "").trim();
      lines.push(
        name === "<cell>" || name === "" ? `    at ${where}` : `    at ${name} (${where})`,
      );
      excerptAt(source, place);
    } else if (INTERNAL_FRAME.test(frame)) internal++;
    else lines.push(`    ${frame}`);
  }
  const source = failure.at && sources(failure.at.script);
  // What can't be compiled has no frame in the cell; V8 tells the place apart.
  if (failure.at && source && !excerptShown && failure.name === "SyntaxError") {
    const place = source.placeOf(failure.at);
    lines.push(`    at Cell [${source.count}]:${place.line}:${place.column}`);
    excerptAt(source, place);
  }
  if (internal > 0) lines.push(`${DIM}    (${internal} internal frames not shown)${PLAIN}`);
  if (failure.cause) lines.push(...traceback(failure.cause, sources, "Caused by: "));
  for (const each of failure.errors) lines.push(...traceback(each, sources, "One of its errors: "));
  return lines;
}

/** The frames of a stack; a message of several lines may look like one only if it starts so. */
function frameLines(stack: string): string[] {
  return stack.split("\n").filter((line) => /^ {4}at /.test(line)).map((line) => line.trim());
}

/** The lines around a place, with a caret under it. */
export function excerpt(code: string, { line, column }: Place): string[] {
  const lines = code.split("\n");
  const width = String(Math.min(line + 1, lines.length)).length;
  const shown: string[] = [];
  for (let number = Math.max(1, line - 1); number <= Math.min(line + 1, lines.length); number++) {
    shown.push(`      ${String(number).padStart(width)} | ${lines[number - 1]}`);
    if (number === line) {
      shown.push(`      ${" ".repeat(width)} | ${" ".repeat(column - 1)}${RED}^${PLAIN}`);
    }
  }
  return shown;
}
