import hljs from "highlight.js/lib/core";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import shell from "highlight.js/lib/languages/shell";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml } from "../../../lib/notebook/html.ts";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("json", json);
hljs.registerLanguage("python", python);
hljs.registerLanguage("sh", shell);

/**
 * Code as HTML with its parts marked by classes (`hljs-keyword`, `hljs-string`, …).
 *
 * @param code The code.
 * @param language A name such as "ts"; code in an unknown language is only escaped.
 */
export function highlight(code: string, language = ""): string {
  if (hljs.getLanguage(language) === undefined) return escapeHtml(code);
  return hljs.highlight(code, { language }).value;
}
