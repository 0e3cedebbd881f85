import { display, JUPYTER_DISPLAY, type MimeBundle } from "./jupyter.ts";
import { formatCell, formatError } from "./format.ts";
import { escapeHtml } from "./html.ts";
import { type TableOptions, tableToHtml, tableToText, toTable } from "./table.ts";

/** How {@linkcode show} presents a value. */
export interface ShowOptions extends TableOptions {
  /** A line above the value. */
  title?: string;
}

/**
 * Shows a value under the cell, or prints it in a terminal.
 *
 * Arrays, typed arrays, Maps, Sets and records become tables with "… n more" below the row limit.
 * Numbers show what the kernel hides: `NaN`, the infinities, `-0`, bigints. Errors show their
 * causes. A value with a `Jupyter.display` method decides for itself.
 *
 * @param value Anything.
 * @param options The title, how many rows, which columns, how many digits.
 * @returns A promise only if the value's own `Jupyter.display` method returns one.
 * @example
 * ```ts
 * import { show } from "@tunebook/notebook";
 *
 * show([{ word: "union", count: 1204 }, { word: "peace", count: 611 }], { title: "Words" });
 * show(NaN);
 * ```
 */
export function show(value: unknown, options: ShowOptions = {}): void | Promise<void> {
  const own = ownDisplay(value);
  if (own instanceof Promise) return own.then((bundle) => void display(titled(bundle, options)));
  display(titled(own ?? describe(value, options), options));
}

/** What the value's own `Jupyter.display` method returns, if it has one. */
function ownDisplay(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if (typeof value !== "object" || value === null || !(JUPYTER_DISPLAY in value)) return undefined;
  return (value[JUPYTER_DISPLAY] as () => MimeBundle | Promise<MimeBundle>)();
}

/** A value as HTML and as text. */
function describe(value: unknown, options: ShowOptions): MimeBundle {
  if (value instanceof Error) return preformatted(formatError(value));
  const table = toTable(value, options);
  if (table !== undefined) {
    return {
      "text/html": tableToHtml(table, options.digits),
      "text/plain": tableToText(table, options.digits),
    };
  }
  // A single number is shown in full unless digits were asked for.
  return preformatted(value === undefined ? "undefined" : formatCell(value, options.digits ?? 17));
}

function preformatted(text: string): MimeBundle {
  return { "text/html": `<pre>${escapeHtml(text)}</pre>`, "text/plain": text };
}

function titled(bundle: MimeBundle, { title }: ShowOptions): MimeBundle {
  if (title === undefined) return bundle;
  const result = { ...bundle, "text/plain": `${title}\n${bundle["text/plain"] ?? ""}` };
  if (typeof bundle["text/html"] !== "string") return result;
  return {
    ...result,
    "text/html": `<div><strong>${escapeHtml(title)}</strong></div>\n${bundle["text/html"]}`,
  };
}
