/**
 * Gives a JupyterLab or Notebook 7 what it needs to draw figures: a prebuilt extension of a few
 * files, and plotly.js beside them.
 *
 * @module
 */

import { join } from "node:path";
import { plotlyScript } from "./plotly_script.ts";

/** What `jupyter labextension list` calls the renderer. */
export const RENDERER_NAME = "@tunebook/plotly";

/**
 * Writes the renderer into a folder of Jupyter extensions; the same renderer stays untouched.
 *
 * @param share Jupyter's data folder: `.venv/share/jupyter`, or the user's own.
 * @returns The extension's folder. Remove it to uninstall.
 * @throws {Deno.errors.PermissionDenied} if the folder can't be written.
 */
export async function installRenderer(share: string): Promise<string> {
  const folder = join(share, "labextensions", RENDERER_NAME);
  const extension = await Deno.readTextFile(new URL("extension.js", import.meta.url));
  const plotly = await plotlyScript();
  // A browser keeps what it has loaded, so another content needs another name.
  const entry = `static/extension.${await shortHash(extension + plotly)}.js`;
  await Deno.mkdir(join(folder, "static"), { recursive: true });
  const description = JSON.stringify(describeExtension(entry), null, 2) + "\n";
  await writeIfOther(join(folder, "static", "plotly.js"), plotly);
  await writeIfOther(join(folder, entry), extension);
  await writeIfOther(join(folder, "package.json"), description); // last: it says all is there
  return folder;
}

/** Replaces a file in one step, so that a Jupyter that is reading never sees half of it. */
async function writeIfOther(file: string, text: string): Promise<void> {
  const present = await Deno.readTextFile(file).catch(() => undefined);
  if (present === text) return;
  const part = `${file}.${crypto.randomUUID()}.part`;
  await Deno.writeTextFile(part, text);
  await Deno.rename(part, file);
}

function describeExtension(entry: string): Record<string, unknown> {
  return {
    name: RENDERER_NAME,
    version: "1.0.0",
    description: "Draws plotly figures in JupyterLab 4 and Notebook 7",
    license: "MIT",
    jupyterlab: {
      mimeExtension: true,
      _build: { load: entry, mimeExtension: "./mimeExtension" },
    },
  };
}

async function shortHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex().slice(0, 16);
}
