/**
 * Figures in the prose: each must stand in a cell of the same lesson or in what a cell put out, so
 * that none is left behind when an experiment is run anew. What no cell can print is in `KNOWN`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type CodeCell, FIGURE, isObject, type Notebook } from "../../kernel/notebooks/nbformat.ts";
import { readNotebook } from "../../kernel/notebooks/read.ts";
import { lessonFolders } from "./lessons.ts";
import { plainText, withoutReferences } from "./markdown.ts";

/** Figures that aren't results of the lesson: conventions and what others found, with the reason. */
const KNOWN: Record<string, Record<string, string>> = {
  "03-freezing": { "256": "the width of the small CNN's last layer" },
  "08-full-fine-tuning": {
    "0.9": "Adam's usual β₁",
    "0.999": "Adam's usual β₂",
    "0.00002": "a usual rate for BERT: Devlin and others, appendix A",
    "0.00005": "a usual rate for BERT: Devlin and others, appendix A",
  },
};

/** Figures in the text of any lesson: what our intervals cover, and the loss of a guess between two. */
const EVERYWHERE = new Set(["95", "0.69"]);

/** The numbers of a text: 1,000 and 1000 are the same, and 1e-4 is 0.0001. */
function numbersOf(text: string): string[] {
  return [...text.matchAll(/(?<![\p{L}\d_.])\d[\d,_]*(?:\.\d+)?(?:e-?\d+)?(?!\p{L})/gu)]
    .map(([number]) => String(Number(number.replaceAll(/[,_]/g, ""))));
}

/** Whether a number is a year of our data or references. */
function isYear(number: string): boolean {
  return /^(1[789]|20)\d\d$/.test(number);
}

/** What a reader sees of a cell: its source, its text, its tables, and the words on its plots. */
function visible({ source, outputs }: CodeCell): string {
  const texts = outputs.flatMap((output) => {
    if (output.output_type === "stream") return [output.text];
    if (output.output_type === "error") return [output.evalue];
    const { "text/plain": plain, "text/html": html, [FIGURE]: figure } = output.data;
    const { layout, data } = isObject(figure) ? figure : {};
    return [plain, String(html ?? "").replaceAll(/<[^>]+>/g, " "), wordsIn(layout), wordsIn(data)];
  });
  return [source, ...texts].join("\n");
}

/** All texts in a value, and the numbers that stand alone: those in lists are points of a curve. */
function wordsIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    return value.filter((item) => typeof item !== "number").map(wordsIn).join("\n");
  }
  return isObject(value) ? Object.values(value).map(wordsIn).join("\n") : "";
}

/** The figures in a lesson's prose that stand in none of its cells. */
function unprinted({ cells }: Notebook, known: ReadonlySet<string>): string[] {
  const printed = new Set(
    cells.flatMap((cell) => cell.cell_type === "code" ? numbersOf(visible(cell)) : []),
  );
  return cells.flatMap((cell) => {
    if (cell.cell_type !== "markdown") return [];
    const prose = plainText(withoutReferences(cell.source))
      // The title's minutes are compared with the lessons' page; lists and headings are counted.
      .replaceAll(/^\s*\d+\. |^#.*$|\d+ minutes|Minutes:\*\* about \d+/gm, " ")
      .replaceAll(
        /\b(lessons?|exercise|claims?|section) [\d.]+((, | and | to |; at least )[\d.]+)*/gi,
        " ",
      )
      .replaceAll(/\b\d\d (and \d\d )?\([^)]+\)/g, " ");
    return numbersOf(prose).filter((number) =>
      !printed.has(number) && !known.has(number) && !isYear(number)
    )
      .map((number) => `${cell.id}: ${number}`);
  });
}

for (const { name, folder } of lessonFolders()) {
  Deno.test(`${name} states no figure that none of its cells has`, async () => {
    const notebook = await readNotebook(fileURLToPath(new URL("lesson.ipynb", folder)));
    const known = new Set([...EVERYWHERE, ...Object.keys(KNOWN[name] ?? {})]);
    assertEquals(unprinted(notebook, known), []);
  });
}
