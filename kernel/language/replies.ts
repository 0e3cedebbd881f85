/**
 * The answers to a front-end's questions, as Jupyter wants them.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import type { Described } from "./service.ts";

/** A front-end's position (in code points), or the end of the cell where it gave none in it. */
export function positionIn(code: string, given: number): number {
  const { length } = [...code];
  return given >= 0 && given <= length ? given : length;
}

/** The content of a `complete_reply`; positions in code points. */
export function completeReply(
  matches: string[],
  start: number,
  end: number,
  proposals: readonly Described[] = [],
): JsonObject {
  const types = proposals.map(({ text, type, signature, documentation }) => ({
    ...{ start, end, text, type },
    ...{ signature, documentation },
  }));
  return {
    status: "ok",
    matches,
    cursor_start: start,
    cursor_end: end,
    metadata: types.length > 0 ? { _jupyter_types_experimental: types } : {},
  };
}

/** Code in Markdown, which may have backticks of its own. */
export function marked(code: string): string {
  return code.includes("`") ? `\`\` ${code} \`\`` : `\`${code}\``;
}

/** The content of an `inspect_reply`. */
export function inspectReply(data: JsonObject): JsonObject {
  return { status: "ok", found: Object.keys(data).length > 0, data, metadata: {} };
}
