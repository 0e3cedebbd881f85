import type { Tensor } from "@tunebook/tensor";
import type { Module } from "./module.ts";

/** A line of the tree: what it says, and how many parameters it counts. */
interface Line {
  readonly text: string;
  readonly count: string;
}

/** The text of `Module.toString`: a tree with shapes, and the counts in a column of their own. */
export function summarize(module: Module): string {
  const lines = [...describe("", "", module, "", new Map())];
  const width = Math.max(...lines.map((line) => line.text.length)) + 2;
  const { all, trained } = module.countParameters();
  const total = `${all.toLocaleString("en")} parameters, ${trained.toLocaleString("en")} trained`;
  const tree = lines.map(({ text, count }) => count ? `${text.padEnd(width)}${count}` : text);
  return [...tree, total].join("\n");
}

function* describe(
  name: string,
  path: string,
  module: Module,
  indent: string,
  named: Map<Tensor, string>,
): Generator<Line> {
  const details = module.describe();
  const kind = `${module.constructor.name}${details ? `(${details})` : ""}`;
  const { all } = module.countParameters();
  yield { text: `${indent}${name ? `${name}: ` : ""}${kind}`, count: all.toLocaleString("en") };
  const below = path === "" ? "" : `${path}.`;
  for (const [own, tensor] of module.ownParameters()) {
    const first = named.get(tensor);
    named.set(tensor, first ?? below + own);
    const note = first !== undefined ? ` = ${first}` : tensor.requiresGrad ? "" : " frozen";
    yield { text: `${indent}  ${own} [${tensor.shape.join(", ")}]${note}`, count: "" };
  }
  for (const [own, tensor] of module.ownBuffers()) {
    yield { text: `${indent}  ${own} [${tensor.shape.join(", ")}] buffer`, count: "" };
  }
  for (const [own, child] of module.children()) {
    yield* describe(own, below + own, child, `${indent}  `, named);
  }
}
