import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { splitLines } from "../../../kernel/notebooks/lines.ts";
import { parseNotebook } from "../../../kernel/notebooks/read.ts";
import { formatNotebook, writeNotebook } from "../../../kernel/notebooks/write.ts";
import { notebookText } from "./sample.ts";

/** As Python's nbformat 5 writes it. */
const JUPYTERS = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [
    {
     "data": {
      "application/vnd.plotly.v1+json": {
       "10": 0.5,
       "9": [
        "x",
        []
       ]
      },
      "image/png": "AAA=\\n",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/plain": [
       "ü\\n",
       "語 \\"q\\""
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\\n",
      "two\\n"
     ]
    }
   ],
   "source": [
    "1\\n",
    "2"
   ]
  },
  {
   "attachments": {
    "p.txt": {
     "text/plain": [
      "a\\n",
      "b"
     ]
    }
   },
   "cell_type": "markdown",
   "id": "b",
   "metadata": {
    "tags": [
     "x"
    ]
   },
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Deno",
   "name": "deno"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

Deno.test("a notebook is written as Jupyter writes it", () => {
  assertEquals(formatNotebook(parseNotebook(JUPYTERS, "x")), JUPYTERS);
});

Deno.test("a notebook from before cell ids is raised to nbformat 4.5", () => {
  const old = JUPYTERS.replace('"nbformat_minor": 5', '"nbformat_minor": 2');
  assertEquals(formatNotebook(parseNotebook(old, "x")), JUPYTERS);
});

Deno.test("lines end where Python's do", () => {
  assertEquals(splitLines(""), []);
  assertEquals(splitLines("a\nb\r\nc\rd\n\n"), ["a\n", "b\r\n", "c\r", "d\n", "\n"]);
  assertEquals(splitLines("a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i"), [
    "a\v",
    "b\f",
    "c\x1c",
    "d\x1d",
    "e\x1e",
    "f\x85",
    "g\u2028",
    "h\u2029",
    "i",
  ]);
});

Deno.test("a file is replaced in one step, and only when it changes", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "x.ipynb");
  const notebook = parseNotebook(notebookText("1"), "x");
  assertEquals(writeNotebook(path, notebook), true);
  const before = await Deno.stat(path);
  assertEquals(writeNotebook(path, notebook), false);
  assertEquals((await Deno.stat(path)).ino, before.ino);
  notebook.cells[0]!.source = "2";
  assertEquals(writeNotebook(path, notebook), true);
  assertEquals(await Deno.readTextFile(path), formatNotebook(notebook));
  assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["x.ipynb"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a failed write leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "x.ipynb"));
  const notebook = parseNotebook(notebookText("1"), "x");
  assertThrows(() => writeNotebook(join(folder, "x.ipynb"), notebook));
  assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["x.ipynb"]);
  await Deno.remove(folder, { recursive: true });
});
