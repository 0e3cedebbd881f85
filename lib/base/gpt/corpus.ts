import { addressesFor, chaptersFor, type DocumentRole, withoutEditorsMarks } from "@tunebook/data";

/** A document that the base model reads, or that its loss is measured on. */
export interface Document {
  /** What it is, such as `1862 Abraham Lincoln`. */
  title: string;
  /** Which of the two sources it is from. */
  source: "addresses" | "Moby-Dick";
  /** The text. */
  text: string;
}

/**
 * The addresses and chapters of one role, as running text: headings, footnotes and the marks that
 * editors left are taken out.
 */
export async function documentsFor(role: DocumentRole): Promise<Document[]> {
  const [addresses, chapters] = await Promise.all([addressesFor(role), chaptersFor(role)]);
  return [
    ...addresses.map(({ year, name, text }): Document => ({
      title: `${year} ${name}`,
      source: "addresses",
      text: withoutEditorsMarks(text),
    })),
    // The contents repeat the titles of all chapters and are no prose.
    ...chapters.filter(({ chapter }) => chapter !== "Contents").map((
      { chapter, title, text },
    ): Document => ({
      title: `Moby-Dick ${/^\d/.test(chapter) ? `${chapter}: ` : ""}${title}`.trim(),
      source: "Moby-Dick",
      text: text.trim(),
    })),
  ];
}
