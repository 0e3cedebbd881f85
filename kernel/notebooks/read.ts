import { createHash } from "node:crypto";
import type { Output } from "../client/mod.ts";
import { joinAttachments, joinBundle, joinLines } from "./lines.ts";
import {
  type Cell,
  isObject,
  type JsonObject,
  type Notebook,
  NotebookError,
  type NotebookMetadata,
} from "./nbformat.ts";

/**
 * Reads and validates a notebook file.
 *
 * @param path The file.
 * @throws {NotebookError} When it isn't a notebook in nbformat 4, naming what is wrong and where.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new NotebookError(`${path}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  return parseNotebook(text, path);
}

/**
 * Parses and validates a notebook. Cells without an id, or with one used before, are given one that
 * follows from their type and source.
 *
 * @param text The file's text.
 * @param name The file's name, for error messages.
 * @throws {NotebookError} When it isn't a notebook in nbformat 4.
 *
 * @example
 * ```ts
 * import { parseNotebook } from "./read.ts";
 *
 * const { cells } = parseNotebook(
 *   `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "deno"}},
 *     "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# A\\n", "b"]}]}`,
 *   "example.ipynb",
 * );
 * if (cells[0]?.source !== "# A\nb" || cells[0].id.length !== 8) throw new Error("not so");
 * ```
 */
export function parseNotebook(text: string, name: string): Notebook {
  const fail: Fail = (where, expected, found) => {
    throw new NotebookError(
      `${name}: expected ${where ? `${where} to be ` : ""}${expected}, found ${describe(found)}`,
    );
  };
  const file = parseJson(text, name);
  if (!isObject(file)) fail("", "a notebook (a JSON object)", file);
  if (file.nbformat !== 4) {
    throw new NotebookError(
      `${name}: expected nbformat 4, found ${describe(file.nbformat)}. Convert it with ` +
        "`jupyter nbconvert --to notebook --inplace`, or open and save it in JupyterLab",
    );
  }
  const { metadata, cells, nbformat_minor: minor } = file;
  if (!isObject(metadata)) return fail("metadata", "an object", metadata);
  const { kernelspec } = metadata;
  if (!isObject(kernelspec) || typeof kernelspec.name !== "string") {
    return fail("metadata.kernelspec", 'an object with a name, as {"name": "deno"}', kernelspec);
  }
  if (!Array.isArray(cells)) return fail("cells", "a list", cells);
  return {
    nbformat: 4,
    nbformat_minor: typeof minor === "number" ? minor : 0,
    metadata: metadata as NotebookMetadata,
    cells: withIds(cells.map((cell, index) => readCell(cell, `cells[${index}]`, fail))),
  };
}

type Fail = (where: string, expected: string, found: unknown) => never;

function readCell(cell: unknown, where: string, fail: Fail): Cell {
  if (!isObject(cell)) return fail(where, "an object", cell);
  const { cell_type: type, metadata, attachments } = cell;
  if (!isObject(metadata)) return fail(`${where}.metadata`, "an object", metadata);
  const source = joinLines(cell.source);
  if (source === undefined) {
    return fail(`${where}.source`, "a text or a list of lines", cell.source);
  }
  const id = typeof cell.id === "string" ? cell.id : "";
  if (type === "markdown" || type === "raw") {
    const pictures = isObject(attachments) ? { attachments: joinAttachments(attachments) } : {};
    return { cell_type: type, id, metadata, source, ...pictures };
  }
  if (type !== "code") return fail(`${where}.cell_type`, "code, markdown or raw", type);
  const { outputs, execution_count: count } = cell;
  if (!Array.isArray(outputs)) return fail(`${where}.outputs`, "a list", outputs);
  return {
    cell_type: "code",
    id,
    metadata,
    source,
    execution_count: typeof count === "number" ? count : null,
    outputs: outputs.map((output, at) => readOutput(output, `${where}.outputs[${at}]`, fail)),
  };
}

function readOutput(output: unknown, where: string, fail: Fail): Output {
  if (!isObject(output)) return fail(where, "an object", output);
  switch (output.output_type) {
    case "stream": {
      const text = joinLines(output.text);
      if (text === undefined) {
        return fail(`${where}.text`, "a text or a list of lines", output.text);
      }
      const name = output.name === "stderr" ? "stderr" : "stdout";
      return { output_type: "stream", name, text };
    }
    case "display_data":
      return { output_type: "display_data", ...readBundle(output, where, fail) };
    case "execute_result": {
      const count = output.execution_count;
      return {
        output_type: "execute_result",
        ...readBundle(output, where, fail),
        execution_count: typeof count === "number" ? count : null,
      };
    }
    case "error": {
      const { ename, evalue, traceback } = output;
      if (!Array.isArray(traceback)) return fail(`${where}.traceback`, "a list", traceback);
      return {
        output_type: "error",
        ename: String(ename),
        evalue: String(evalue),
        traceback: traceback.map(String),
      };
    }
    default:
      return fail(
        `${where}.output_type`,
        "stream, display_data, execute_result or error",
        output.output_type,
      );
  }
}

function readBundle(output: JsonObject, where: string, fail: Fail) {
  if (!isObject(output.data)) return fail(`${where}.data`, "an object", output.data);
  return {
    data: joinBundle(output.data),
    metadata: isObject(output.metadata) ? output.metadata : {},
  };
}

/** Gives an id to every cell that has none of its own; the same notebook gets the same ids. */
function withIds(cells: Cell[]): Cell[] {
  const used = new Set<string>();
  return cells.map((cell) => {
    let id = cell.id;
    for (let round = 0; !/^[\w-]{1,64}$/.test(id) || used.has(id); round++) {
      const text = `${round} ${cell.cell_type} ${cell.source}`;
      id = createHash("sha256").update(text).digest("hex").slice(0, 8);
    }
    used.add(id);
    return { ...cell, id };
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = (error as SyntaxError).message;
    // V8 gives no position for a text that just stops.
    const lines = text.split("\n");
    const where = message.includes("position")
      ? ""
      : ` at position ${text.length} (line ${lines.length} column ${lines.at(-1)!.length + 1})`;
    throw new NotebookError(
      `${name}: expected JSON, found: ${message}${where}. The file is cut off or damaged: ` +
        "restore it from git",
      { cause: error },
    );
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
