/**
 * Pictures of a notebook's figures, for places that run no script: GitHub, a notebook that isn't
 * trusted, plain nbconvert.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { FIGURE, isObject, type JsonObject, type Notebook, NotebookError } from "../nbformat.ts";
import { formatNotebook } from "../write.ts";
import { FigurePainter } from "./painter.ts";

/** How large a stored notebook may be, in bytes: GitHub shows no larger ones dependably. */
export const SIZE_LIMIT = 1_500_000;

/** An output's forms, in which a figure was found. */
interface FigureBundle {
  /** The cell's place among all cells, from 1. */
  readonly cell: number;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/**
 * Gives every figure of a notebook its PNG, drawn by plotly.js in a headless browser, and takes
 * away the form with a script. A figure that the previous notebook has as well keeps its picture,
 * so that nothing changes where nothing changed; without a new figure no browser is started.
 *
 * @param notebook The notebook as it has just run; changed in place.
 * @param previous The notebook as it was stored.
 * @throws {NotebookError} if the notebook gets too large to store, naming its largest figures.
 * @throws {BrowserNotFound} if there are figures to draw and no browser.
 */
export async function renderFigures(
  notebook: Notebook,
  previous: Notebook | undefined,
): Promise<void> {
  const figures = findFigures(notebook);
  const known = previous === undefined ? [] : findFigures(previous);
  const unknown: FigureBundle[] = [];
  for (const figure of figures) {
    delete figure.data["text/html"];
    const same = known.find(({ data, metadata }) =>
      typeof data["image/png"] === "string" && metadata["image/png"] !== undefined &&
      isDeepStrictEqual(data[FIGURE], figure.data[FIGURE])
    );
    if (same === undefined) unknown.push(figure);
    else {for (const part of ["data", "metadata"] as const) {
        figure[part]["image/png"] = same[part]["image/png"];
      }}
  }
  if (unknown.length > 0) {
    await using painter = await FigurePainter.open();
    for (const { cell, data, metadata } of unknown) {
      try {
        const { png, width, height } = await painter.paint(data[FIGURE] as JsonObject);
        data["image/png"] = png;
        // It has more dots than that; without this it would be shown too large.
        metadata["image/png"] = { width, height };
      } catch (error) {
        throw new NotebookError(`cell ${cell}: its figure can't be drawn: ${message(error)}`);
      }
    }
  }
  checkSize(notebook, figures);
}

function findFigures({ cells }: Notebook): FigureBundle[] {
  return cells.flatMap((cell, i) => {
    if (cell.cell_type !== "code") return [];
    return cell.outputs.flatMap((output) =>
      "data" in output && isObject(output.data[FIGURE])
        ? [{ cell: i + 1, data: output.data, metadata: output.metadata }]
        : []
    );
  });
}

function checkSize(notebook: Notebook, figures: FigureBundle[]): void {
  const size = byteLength(formatNotebook(notebook));
  if (size <= SIZE_LIMIT) return;
  const largest = figures
    .map(({ cell, data }) => ({
      cell,
      json: byteLength(JSON.stringify(data[FIGURE])),
      png: String(data["image/png"]).length,
    }))
    .sort((a, b) => b.json + b.png - a.json - a.png)
    .slice(0, 5)
    .map(({ cell, json, png }) => `cell ${cell}: data ${kilobytes(json)}, PNG ${kilobytes(png)}`);
  throw new NotebookError(
    `Expected the notebook with its outputs to be at most ${kilobytes(SIZE_LIMIT)}, found ` +
      `${kilobytes(size)}. Draw fewer points or print less. ` +
      (largest.length === 0 ? "It has no figures." : `Its largest figures:\n${largest.join("\n")}`),
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}
