/**
 * Takes out what editors added to an address: `&quot;`, remarks on applause and laughter, footnotes in
 * square brackets, volume and page of the printed edition.
 *
 * @example
 * ```ts
 * import { withoutEditorsMarks } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "Thank you. (Applause.) We won [Laughter] it.";
 * assertEquals(withoutEditorsMarks(text), "Thank you. We won it.");
 * ```
 *
 * @param text The text of an address.
 * @param replacement What stands in a mark's place: a space keeps apart what it stood between.
 * @returns The text with single spaces.
 */
export function withoutEditorsMarks(text: string, replacement: "" | " " = ""): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll(/\((Applause|Laughter)[^)]*\)/gi, replacement)
    .replaceAll(/\[[^\]]{0,300}\]/g, replacement)
    .replaceAll(
      /Messages and Papers of the Presidents[^.]*?vol\. ?\w+, ?pp?\. ?[\d-]+/gi,
      replacement,
    )
    .replaceAll(/\s+/g, " ")
    .trim();
}
