/** How single values are written in tables and sentences. @module */

/** How many significant digits a number gets in a table unless told otherwise. */
export const TABLE_DIGITS = 6;

/**
 * A value in one short line, for a table's cell. Numbers keep what their text usually hides:
 * `NaN`, the infinities, `-0` and a bigint's `n`.
 */
export function formatCell(value: unknown, digits = TABLE_DIGITS): string {
  switch (typeof value) {
    case "number":
      return formatNumber(value, digits);
    case "bigint":
      return `${value}n`;
    case "string":
      return value;
    case "undefined":
      return "";
    case "function":
      return `ƒ ${value.name || "anonymous"}`;
  }
  if (value instanceof Date) return Number.isNaN(+value) ? "Invalid Date" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return Deno.inspect(value, {
    colors: false,
    compact: true,
    depth: 2,
    breakLength: Infinity,
    iterableLimit: 8,
    strAbbreviateSize: 60,
  });
}

/** A number with at most `digits` significant digits; integers are written in full. */
export function formatNumber(value: number, digits: number): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}

/** An error with its message, its causes and its stack, as text. */
export function formatError(error: Error): string {
  const lines = [error.stack ?? `${error.name}: ${error.message}`];
  let cause = error.cause;
  for (let depth = 0; cause !== undefined && depth < 5; depth++) {
    lines.push(
      `Caused by ${
        cause instanceof Error ? cause.stack ?? `${cause.name}: ${cause.message}` : String(cause)
      }`,
    );
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines.join("\n");
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** How many columns a terminal gives the text: Chinese, Japanese and Korean letters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}
