/**
 * What the server proposes at the cursor, as Jupyter wants it.
 *
 * @module
 */
import { nameBefore } from "../relay/completion.ts";
import { HEADER_LINES } from "./documents.ts";
import { type CompletionItem, type Completions, markupText, type Position } from "./protocol.ts";

/** A proposal. */
export interface Proposal {
  /** The text that takes the place of what was typed. */
  readonly text: string;
  /** What it is: `method`, `class`, … */
  readonly type: string;
  /** What was proposed, for asking more about it. */
  readonly item: CompletionItem;
}

/** What may come at a cursor. */
export interface Proposals {
  /** Where the text that is replaced starts, as an offset into the cell. */
  readonly start: number;
  readonly proposals: readonly Proposal[];
}

const KINDS = ("text text method function constructor property variable class interface module " +
  "property unit value enum keyword snippet color file reference folder enumMember constant " +
  "struct event operator typeParameter").split(" ");
const MOST = 300;

/** The server's place of an offset into a cell. */
export function positionAt(code: string, offset: number): Position {
  const lines = code.slice(0, offset).split("\n");
  return { line: lines.length - 1 + HEADER_LINES, character: lines.at(-1)!.length };
}

/** Picks, from the server's answer, what goes on from what was typed. */
export function readCompletions(
  answer: Completions | null,
  code: string,
  offset: number,
): Proposals {
  const items = answer === null ? [] : "items" in answer ? answer.items : answer;
  const word = nameBefore(code.slice(0, offset));
  const startOf = ({ textEdit }: CompletionItem) => {
    const range = textEdit?.range ?? textEdit?.insert;
    return range ? offsetOf(code, range.start) : offset - word.length;
  };
  const fitting = items.filter((item) => {
    if (item.additionalTextEdits?.length) return false;
    const typed = code.slice(startOf(item), offset).toLowerCase();
    // A member of what may be missing comes with the mark that says so, in place of the dot.
    const wanted = (item.filterText ?? newText(item)).toLowerCase().replace(/^\?(?=\.)/, "");
    return wanted.startsWith(typed);
  }).toSorted((a, b) => order(a) < order(b) ? -1 : 1).slice(0, MOST);
  const start = Math.min(offset, ...fitting.map(startOf));
  const proposals = fitting.map((item) => ({
    text: code.slice(start, startOf(item)) + newText(item),
    type: KINDS[item.kind ?? 0] ?? "text",
    item,
  }));
  return { start, proposals };
}

/** The type of what was proposed, as the server describes it. */
export function signatureOf({ detail = "" }: CompletionItem): string {
  return detail.replace(/^\((?:method|property|function|alias|parameter|getter|setter)\) /, "");
}

/** What was proposed, told from how the server describes it: it calls every import a variable. */
export function typeOf({ type, item }: Proposal): string {
  const [, word] = /^(?:\(alias\) )?(function|class|interface|enum|namespace)\b/.exec(
    item.detail ?? "",
  ) ?? [];
  return word === "namespace" ? "module" : word ?? type;
}

/** The documentation of what was proposed. */
export function documentationOf({ documentation }: CompletionItem): string {
  return markupText(documentation);
}

function newText(item: CompletionItem): string {
  return item.textEdit?.newText ?? item.insertText ?? item.label;
}

function order({ sortText = "", label }: CompletionItem): string {
  return `${sortText} ${label}`;
}

function offsetOf(code: string, { line, character }: Position): number {
  const lines = code.split("\n").slice(0, Math.max(0, line - HEADER_LINES));
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + character;
}
