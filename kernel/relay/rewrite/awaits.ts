/**
 * The places where a cell waits, so that a Stop can end the waiting.
 *
 * @module
 */
import { type Program, walk } from "./javascript.ts";
import type { EditedSource } from "./source.ts";

/**
 * Leads every `await` and `for await` of a cell through `__cell`.
 *
 * @param program The cell.
 * @param text What it was parsed from.
 * @param source Where the changes go.
 */
export function rewriteAwaits(program: Program, text: string, source: EditedSource): void {
  const wrap = (start: number, end: number, call: string) => {
    const gap = /\s/.test(text[start - 1]!) ? "" : " "; // `await(x)`
    source.replace(start, start, `${gap}${call}(`);
    source.replace(end, end, ")");
  };
  walk(program, (node) => {
    if (node.type === "AwaitExpression") wrap(node.argument.start, node.end, "__cell.await");
    if (node.type === "ForOfStatement" && node.await) {
      wrap(node.right.start, node.right.end, "__cell.each");
    }
    if (node.type === "MetaProperty" && node.meta.name === "import") {
      source.replace(node.start, node.end, "__cell.meta");
    }
  });
}
