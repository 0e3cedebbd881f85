/**
 * Which of the server's findings are worth a warning, and how the warning looks.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import { HEADER_LINES } from "./documents.ts";
import type { Diagnostic } from "./protocol.ts";

/** A cell that was checked. */
export interface CheckedCell {
  /** What the front-end shows as `[n]`. */
  readonly count: number;
  readonly code: string;
}

/** What comes of a cell's being a cell and not a module, or is style, or is told when it runs. */
const PASSED_OVER = new Set([
  ...[2300, 2323, 2440, 2451, 2484, 2528], // a name declared again
  ...[2630, 2632], // a name of an earlier cell assigned: allowed, or told when it runs
  ...[1205, 1208, 1375, 1378, 1431, 1432], // what only some kinds of module may have
  ...[2307, 2580, 2591, 2792, 7016], // a package whose types aren't here; `require`
  ...[7005, 7006, 7008, 7010, 7011, 7018, 7019, 7031, 7034, 7043, 7044], // a type not written down
  ...[2695, 7027, 7028, 7029, 7030, 6133, 6192, 6196, 6198], // unused, unreachable
]);
const ERROR = 1;
const SHOWN = 3;
const SHOWN_MESSAGE_LINES = 3;
/** Of a line, in characters; and how many of them stand before what is wrong. */
const SHOWN_WIDTH = 120;
const SHOWN_BEFORE = 40;
const WORTH_NO_CHECK = /^\s*\/\/\s*@ts-nocheck/;

interface Finding {
  readonly code: string;
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The line, or what fits of it. */
  readonly source: string;
  /** Which of its characters it is about. */
  readonly from: number;
  readonly length: number;
}

/** Whether a cell wants to be checked. */
export function wantsCheck(code: string): boolean {
  return !WORTH_NO_CHECK.test(code);
}

/** The content of a `display_data` message about what was found; none when nothing was. */
export function renderWarning(
  diagnostics: readonly Diagnostic[],
  cell: CheckedCell,
): JsonObject | undefined {
  const findings = diagnostics.filter(isRealError).flatMap((each) => locate(each, cell.code) ?? [])
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  if (findings.length === 0) return undefined;
  const shown = findings.slice(0, SHOWN);
  const more = findings.length - shown.length;
  const note = more > 0 ? `… and ${more} more` : "";
  const place = ({ line, column }: Finding) => `Cell [${cell.count}]:${line}:${column}`;
  const plain = shown.map((each) =>
    `⚠ ${each.code} at ${place(each)}: ${each.message}\n` + excerpt(each).join("\n")
  );
  const html = shown.map((each) => `<div>${warningHtml(each, place(each))}</div>`);
  return {
    data: {
      "text/plain": [...plain, ...note ? [note] : []].join("\n"),
      "text/html": `<div style="${BOX}">${html.join("")}${note}</div>`,
    },
    metadata: {},
    transient: {},
  };
}

const BOX = "border-left: 3px solid var(--jp-warn-color1, #e69f00); padding: 1px 0 1px 8px; " +
  "font-size: 0.9em";
const CODE = "margin: 0; padding: 0 0 5px; background: none; color: inherit";
const SQUIGGLE = "text-decoration: underline wavy #e5534b; text-underline-offset: 3px";

function warningHtml(finding: Finding, place: string): string {
  const { source, from, length, line, code, message } = finding;
  const marked = `${escape(source.slice(0, from))}<span style="${SQUIGGLE}">${
    escape(source.slice(from, from + length))
  }</span>${escape(source.slice(from + length))}`;
  return `⚠ ${escape(message)} <span style="opacity: 0.6">(${place}, ${code})</span>` +
    `<pre style="${CODE}">${line} | ${marked}</pre>`;
}

function excerpt({ line, source, from, length }: Finding): string[] {
  const width = String(line).length;
  return [
    `      ${line} | ${source}`,
    `      ${" ".repeat(width)} | ${" ".repeat(from)}${"~".repeat(length)}`,
  ];
}

function isRealError({ severity, source, code }: Diagnostic): boolean {
  return severity === ERROR && source === "deno-ts" && !PASSED_OVER.has(Number(code));
}

/** The finding in the cell's own lines; none when it is about what was added to the cell. */
function locate({ range, code, message }: Diagnostic, cell: string): Finding | undefined {
  const lines = cell.split("\n");
  const index = range.start.line - HEADER_LINES;
  const source = lines[index];
  if (source === undefined) return undefined;
  const start = range.start.character;
  const end = range.end.line === range.start.line ? range.end.character : source.length;
  const messageLines = message.replaceAll(/import\("[^"]*\/__cell_\w+"\)\./g, "").split("\n");
  return {
    code: `TS${code}`,
    message: messageLines.slice(0, SHOWN_MESSAGE_LINES).join("\n"),
    line: index + 1,
    column: start + 1,
    ...fitting(source, start, Math.max(1, end - start)),
  };
}

/** The part of a long line around what is wrong. */
function fitting(
  source: string,
  from: number,
  length: number,
): Pick<Finding, "source" | "from" | "length"> {
  if (source.length <= SHOWN_WIDTH) return { source, from, length };
  const first = Math.max(0, Math.min(from - SHOWN_BEFORE, source.length - SHOWN_WIDTH));
  const part = source.slice(first, first + SHOWN_WIDTH);
  const before = first > 0 ? "…" : "";
  return {
    source: before + part + (first + SHOWN_WIDTH < source.length ? "…" : ""),
    from: before.length + from - first,
    length: Math.min(length, part.length - (from - first)),
  };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
