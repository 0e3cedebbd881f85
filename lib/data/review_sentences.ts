import { type About, type Corpus, corpusLoader, type CorpusOptions } from "./corpus.ts";
import { oneOf, text } from "./csv.ts";
import { type DataPackage, readDataPackage } from "./data_package.ts";
import { type JsonRecord, nonEmpty, readRecords } from "./json_records.ts";

/** One sentence of a review, with what a person thought of it. */
export interface ReviewSentence {
  /** Where the review stood: products, films or restaurants. */
  source: "amazon" | "imdb" | "yelp";
  /** What people judged the sentence to say. */
  label: "negative" | "positive";
  /** The sentence. */
  text: string;
}

const source: DataPackage = {
  name: "sentiment",
  version: "5.0.2",
  integrity:
    "sha512-ZeC3y0JsOYTdwujt5uOd7ILJNilbgFzUtg/LEG4wUv43LayFNLZ28ec8+Su+h3saHlJmIwYxBzfDHHZuiMA15g==",
  bytes: 141649,
};

const about: About = {
  title: "Sentiment Labelled Sentences",
  source: "npm:sentiment@5.0.2",
  licence: "CC-BY-4.0 (UCI Machine Learning Repository); the package is MIT",
  citation: "Dimitrios Kotzias, Misha Denil, Nando de Freitas and Padhraic Smyth. From Group to " +
    "Individual Labels using Deep Features. KDD 2015. https://doi.org/10.24432/C57604",
};

const SOURCES = ["amazon", "imdb", "yelp"] as const;
const LABELS = ["negative", "positive"] as const;

const load = corpusLoader<ReviewSentence>(
  about,
  { source: oneOf(...SOURCES), label: oneOf(...LABELS), text },
  async () => {
    const files = await readDataPackage(
      source,
      (path) => SOURCES.some((name) => path === `test/fixtures/${name}.json`),
    );
    const records = SOURCES.flatMap((name) => {
      const file = files.find(({ path }) => path.endsWith(`${name}.json`));
      const sentences: JsonRecord[] = JSON.parse(new TextDecoder().decode(file?.bytes));
      return sentences.map((sentence) => ({ name, ...sentence } as JsonRecord));
    });
    return readRecords(records, (record) => ({
      source: oneOf(...SOURCES).read(String(record.name)),
      label: labelOf(record.class),
      text: nonEmpty("text", record.text).trim(),
    }));
  },
);

/**
 * 3,000 sentences of reviews from three sites (products on Amazon, films on IMDb, restaurants on
 * Yelp), each judged negative or positive by people: 500 and 500 a source.
 *
 * The labels are about single sentences that were picked for being clearly one or the other, which
 * makes the task easier than reviews are. 18 sentences stand there twice: group them before
 * splitting. The package ends each source with an empty record that has no class; these three are
 * in `dropped`.
 *
 * Source: npm `sentiment` 5.0.2 (`test/fixtures`), downloaded on first use (0.1 MB) and kept in the
 * user's cache folder: UCI's Sentiment Labelled Sentences, which is to be cited (see `about`).
 * Licence: CC-BY-4.0, the package MIT.
 *
 * @param options Read a CSV file instead.
 * @returns The sentences by source.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { reviewSentences } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const reviews = await reviewSentences();
 * assertEquals([reviews.length, reviews.dropped.length], [3000, 3]);
 * ```
 */
export function reviewSentences(options?: CorpusOptions): Promise<Corpus<ReviewSentence>> {
  return load(options);
}

function labelOf(value: unknown): ReviewSentence["label"] {
  const label = value === 0 || value === 1 ? LABELS[value] : undefined;
  if (label) return label;
  throw new TypeError(`class: Expected 0 or 1 but found ${JSON.stringify(value) ?? "nothing"}`);
}
