import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Cell } from "../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../kernel/notebooks/read.ts";
import { lessonFolders } from "./lessons.ts";
import { plainText } from "./markdown.ts";

/** What every lesson has, and what to look for. */
const PARTS: Record<string, RegExp> = {
  "one title": /^# \d\d · \S/,
  "a term in Chinese": /\*\*[^*]+\*\* \(\p{Script=Han}+[^)]*\)/u,
  "a question to predict": /\*\*Predict before you run:\*\*/,
  "a misconception by name": /\*\*A common misconception:\*\*/,
  "a folded answer": /<details>/,
  "exercises": /^## Exercises$/m,
  "a summary": /^## Summary$/m,
  "references": /^## References$/m,
};

for (const { name, folder } of lessonFolders()) {
  const path = fileURLToPath(new URL("lesson.ipynb", folder));
  const { cells } = await readNotebook(path);
  const prose = cells.filter(({ cell_type }) => cell_type === "markdown");
  const text = prose.map(({ source }) => source).join("\n\n");

  Deno.test(`${name} has every part of a lesson`, () => {
    const missing = Object.keys(PARTS).filter((part) => !PARTS[part]!.test(text));
    assertEquals(missing, []);
    const summary = text.match(/^## Summary\n\n((?:.+\n)+)/m)?.[1]?.match(/^\d\. /gm);
    assertEquals(summary?.length, 5, "lines of the summary");
  });

  Deno.test(`${name} shows a picture early, and has a cell of prose before each of code`, () => {
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    assert(code.slice(0, 8).some(({ source }) => /\bplot\(/.test(source)), "no plot early on");
    const bare = cells.filter((cell, i) =>
      cell.cell_type === "code" && !explained(cells, i) && cell.source.split("\n").length > 12
    );
    assertEquals(bare.map(({ id }) => id), []);
  });

  Deno.test(`${name} is written in short, clean sentences`, () => {
    const problems = prose.flatMap(({ id, source }) =>
      problemsOf(source).map((problem) => `${id}: ${problem}`)
    );
    assertEquals(problems, []);
  });
}

/** Whether a cell of code comes right after prose. */
function explained(cells: readonly Cell[], i: number): boolean {
  return cells[i - 1]?.cell_type === "markdown";
}

function problemsOf(source: string): string[] {
  const found: string[] = [];
  const plain = plainText(source);
  for (const [twice] of plain.matchAll(/\b(\p{L}+)\s+\1\b/giu)) found.push(`"${twice}"`);
  for (const sentence of plain.split(/(?<=[.!?:;])\s+|\n\s*\n|\n[-\d#]/)) {
    const words = sentence.match(/\p{L}+/gu)?.length ?? 0;
    if (words > 30) found.push(`a sentence of ${words} words: "${sentence.trim().slice(0, 60)}…"`);
  }
  for (const tag of ["details", "summary", "b", "kbd"]) {
    const open = source.split(`<${tag}>`).length;
    const closed = source.split(`</${tag}>`).length;
    if (open !== closed) found.push(`<${tag}> opens ${open - 1} and closes ${closed - 1} times`);
  }
  if (/[ \t]+$/m.test(source)) found.push("white space at the end of a line");
  return found;
}
