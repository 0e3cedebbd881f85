/**
 * Reading JavaScript, which a cell is once its types are gone.
 *
 * @module
 */
import { type AnyNode, type Node, Parser, type Program } from "acorn";

export type { AnyNode, Program } from "acorn";

/** Leaves to V8 what is no matter of grammar, and different in a script and between cells. */
class GrammarParser extends Parser {
  declare raise: (position: number, message: string) => never;

  raiseRecoverable(position: number, message: string): void {
    if (!/already been declared|export/i.test(message)) this.raise(position, message);
  }
}

/**
 * Parses a text as a module, in which `await (x)` is no call of a function named `await`.
 *
 * @throws {SyntaxError} With the place as `pos`.
 */
export function parseJavaScript(text: string): Program {
  return GrammarParser.parse(text, {
    ecmaVersion: "latest",
    sourceType: "module",
    preserveParens: true,
    allowReturnOutsideFunction: true, // V8 says more clearly that it isn't allowed.
  });
}

/** Calls `visit` with a node and all that is in it, from the outside in. */
export function walk(node: Node, visit: (node: AnyNode) => void): void {
  visit(node as AnyNode);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") walk(child, visit);
    }
  }
}
