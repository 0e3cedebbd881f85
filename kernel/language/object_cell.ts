/**
 * Tells a cell that is an object, `{ a: 1 }`, from one that is a block, `{ f(1); }`. A cell that has
 * run could be parsed; this also works for one that is only half typed.
 *
 * @module
 */
import { type Token, tokens } from "./tokens.ts";

/** What begins a statement, though a method might have such a name. */
const STATEMENTS = new Set(["for", "while", "do", "if", "switch", "with", "try"]);
/** What may come before the name of a property. */
const PREFIXES = new Set(["get", "set", "async"]);
/** Names that go on with an expression. */
const GOES_ON = new Set(["as", "satisfies", "in", "instanceof"]);

/** Whether a cell begins with an object, and has nothing but that expression. */
export function isObjectCell(code: string): boolean {
  if (!/^\s*\{/.test(code)) return false;
  const all = tokens(code);
  const end = closing(all, 0);
  const next = all[end + 1];
  if (next?.kind === "operand" || next?.kind === "name" && !GOES_ON.has(next.text)) return false;
  if (all.slice(end + 1).some(({ text, depth }) => text === ";" && depth === 0)) return false;
  return beginsProperty(all, 1);
}

function beginsProperty(all: readonly Token[], at: number): boolean {
  const token = all[at];
  const follows = (i: number) => all[i]?.text ?? "";
  if (!token || ["}", "...", "*"].includes(token.text)) return true;
  if (token.text === "[") return [":", "("].includes(follows(closing(all, at) + 1));
  if (token.kind === "mark" || STATEMENTS.has(token.text)) return false;
  const next = follows(at + 1);
  if (next === ":") return !STATEMENTS.has(follows(at + 2));
  if (next === "(") return ["{", ":"].includes(follows(closing(all, at + 1) + 1)); // A method.
  if (["", ",", "}"].includes(next)) return true;
  return PREFIXES.has(token.text) && !all[at + 1]!.startsLine && beginsProperty(all, at + 1);
}

/** The index of the bracket that closes the one at an index; beyond the end if there is none. */
function closing(all: readonly Token[], open: number): number {
  const { depth } = all[open]!;
  const found = all.findIndex((token, i) => i > open && token.depth === depth);
  return found < 0 ? all.length : found;
}
