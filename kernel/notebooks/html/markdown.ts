/**
 * The prose of a notebook as HTML.
 *
 * @module
 */

import { basename, dirname, extname, join } from "node:path";
import { Marked } from "marked";
import markedKatex from "marked-katex-extension";
import { isObject, type JsonObject, NotebookError } from "../nbformat.ts";
import { highlight } from "./highlight.ts";

/** What a cell's prose may refer to. */
export interface MarkdownContext {
  /** The notebook's folder; pictures are read from there. */
  readonly folder: string;
  /** Pictures pasted into the cell, by name and MIME type. */
  readonly attachments?: JsonObject | undefined;
}

const PICTURE_TYPES: Record<string, string> = {
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/**
 * Markdown as HTML: formulas between dollar signs as MathML, which browsers draw without fonts or
 * scripts of ours; code highlighted; pictures within the page; links to other lessons' notebooks as
 * links to their pages.
 */
export function renderMarkdown(source: string, context: MarkdownContext): string {
  const marked = new Marked({
    renderer: {
      code: ({ text, lang }) => `<pre><code>${highlight(text, lang)}</code></pre>\n`,
    },
    walkTokens(token) {
      if (token.type === "image") token.href = pictureUrl(token.href, context);
      if (token.type === "link") token.href = pageLink(token.href);
    },
  });
  // The standard's formulas need a space on both sides, which a bracket or a new line takes.
  marked.use(markedKatex({ output: "mathml", throwOnError: false, nonStandard: true }));
  return marked.parse(source, { async: false });
}

/** A picture as a URL that holds the picture itself; one on the web stays where it is. */
function pictureUrl(href: string, { folder, attachments }: MarkdownContext): string {
  if (href.startsWith("attachment:")) {
    const bundle = attachments?.[href.slice("attachment:".length)];
    const [type, data] = isObject(bundle) ? Object.entries(bundle)[0] ?? [] : [];
    return typeof data === "string" ? `data:${type};base64,${data}` : href;
  }
  const type = PICTURE_TYPES[extname(href).toLowerCase()];
  if (type === undefined || /^[a-z]+:/i.test(href)) return href;
  const path = join(folder, decodeURIComponent(href));
  try {
    return `data:${type};base64,${Deno.readFileSync(path).toBase64()}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotebookError(`Expected the picture ![…](${href}) at ${path}, found nothing`);
  }
}

/** `../01-words/lesson.ipynb#counting` → `01-words.html#counting`. */
function pageLink(href: string): string {
  const [path = "", fragment] = href.split("#");
  if (/^[a-z]+:/i.test(href) || basename(path) !== "lesson.ipynb") return href;
  return `${basename(dirname(path))}.html${fragment === undefined ? "" : `#${fragment}`}`;
}
