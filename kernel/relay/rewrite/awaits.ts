/**
 * The places where a cell waits, so that a Stop can end the waiting.
 *
 * @module
 */
import ts from "typescript";
import type { EditedSource } from "./source.ts";

/** Leads every `await` and `for await` of a parsed JavaScript cell through `__cell`. */
export function rewriteAwaits(file: ts.SourceFile, source: EditedSource): void {
  const wrap = (node: ts.Node, call: string) => {
    const start = node.getStart(file);
    source.replace(start, start, `${call}(`);
    source.replace(node.end, node.end, ")");
  };
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) wrap(node.expression, "__cell.await");
    if (ts.isForOfStatement(node) && node.awaitModifier) wrap(node.expression, "__cell.each");
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      source.replace(node.getStart(file), node.end, "__cell.meta");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
