/**
 * What is known of the name at the cursor, or of the call that it is in, as plain text and as
 * Markdown.
 *
 * @module
 */
import { nameBefore } from "../relay/completion.ts";
import { type Hover, markupText, type SignatureHelp } from "./protocol.ts";

/** A text in both forms. */
export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

/** An offset inside the name that the cursor is in or after; none when it is at no name. */
export function nameAt(code: string, offset: number): number | undefined {
  const before = nameBefore(code.slice(0, offset));
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(offset))![0];
  return before + after === "" ? undefined : offset - before.length;
}

/** The type and the documentation of a name. */
export function readHover(hover: Hover | null): Inspection | undefined {
  if (!hover) return undefined;
  const { contents } = hover;
  const parts: (string | { language?: string; value: string })[] = Array.isArray(contents)
    ? contents
    : [markupText(contents as string)];
  const markdown = parts.map((part) =>
    typeof part === "string" ? part : fence(part.value, part.language)
  ).join("\n\n");
  const clean = withoutAlias(markdown).trim();
  return clean === "" ? undefined : { plain: withoutFences(clean), markdown: clean };
}

/** The signature of the call that the cursor is in, with the parameter that comes next. */
export function readSignature(help: SignatureHelp | null): Inspection | undefined {
  const signature = help?.signatures[help.activeSignature ?? 0];
  if (!signature) return undefined;
  const more = help!.signatures.length - 1;
  const others = more > 0 ? `(and ${more} other way${more > 1 ? "s" : ""} to call it)` : "";
  const parameter = signature.parameters?.[signature.activeParameter ?? help!.activeParameter ?? 0];
  const about = markupText(parameter?.documentation).trim();
  const named = typeof parameter?.label === "string" ? parameter.label : undefined;
  const rest = [
    named && about ? `\`${named}\`: ${about}` : "",
    markupText(signature.documentation).trim(),
    others,
  ].filter((part) => part !== "");
  const markdown = [fence(signature.label), ...rest].join("\n\n");
  return { plain: withoutFences(markdown), markdown };
}

/** A cell's names come from earlier cells by import, which is nobody's business. */
function withoutAlias(markdown: string): string {
  return markdown.replace(/^(```\w*\n)\(alias\) /, "$1").replaceAll(
    /import\("[^"]*\/__cell_\w+"\)\./g,
    "",
  );
}

function fence(code: string, language = "tsx"): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/```\w*\n([^]*?)\n```/g, "$1");
}
