/**
 * From TypeScript to JavaScript as most cells need it: Deno itself puts blanks in place of types. It
 * does so while the TypeScript compiler would still be loading.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";
import { parseJavaScript, type Program } from "./javascript.ts";

/** JavaScript, and what it says. */
export interface ParsedScript {
  /** The code. */
  readonly text: string;
  /** The code, parsed. */
  readonly program: Program;
}

/**
 * Where `as const` ends a statement without a semicolon, Deno puts none, and what follows goes on
 * with it; a comment may hide what follows.
 */
const RUNS_ON = /\bas\s+const\s*[(\[`/]/;

/** Deno's parser ends the whole process when nesting exhausts its stack, 3,000 levels deep. */
const OPENS = /[([{<`!]|=>/g;
const MOST_LEVELS = 1_000;

/**
 * Puts blanks in place of all types, so that every character keeps its place. `undefined` when that
 * isn't possible: for mistakes, and for what only a compiler turns into JavaScript.
 */
export function blankTypes(code: string): ParsedScript | undefined {
  const levels = code.match(OPENS)?.length ?? 0; // At most.
  if (levels > MOST_LEVELS || RUNS_ON.test(code)) return undefined;
  try {
    const text = stripTypeScriptTypes(code);
    return { text, program: parseJavaScript(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
