/**
 * Data: the real texts and images that the course runs on, loaded when they are first needed; data
 * sets, splits and what leaks through them, labels, batches; CSV to take it all elsewhere.
 *
 * @module
 */

export { afinn, type ScoredWord } from "./afinn.ts";
export { cacheFolder, type Platform } from "./cache.ts";
export { type About, Corpus, type CorpusOptions } from "./corpus.ts";
export {
  boolean,
  type Column,
  type Columns,
  type Dropped,
  fromCsv,
  integer,
  oneOf,
  text,
  toCsv,
} from "./csv.ts";
export { fashionMnist } from "./fashion_mnist.ts";
export type { ImageOptions } from "./image_package.ts";
export { ImageSet, type ImageSetParts } from "./images.ts";
export {
  addressesFor,
  addressRole,
  chapterRole,
  chaptersFor,
  type DocumentRole,
} from "./held_out.ts";
export { withoutEditorsMarks } from "./editors_marks.ts";
export { type Mail, parseMail } from "./mail.ts";
export { mnist } from "./mnist.ts";
export { type Chapter, mobyDick } from "./moby_dick.ts";
export { type ReviewSentence, reviewSentences } from "./review_sentences.ts";
export { spamAssassin, type SpamAssassinGroup, type SpamAssassinMail } from "./spam_assassin.ts";
export { type Address, stateOfTheUnion } from "./state_of_the_union.ts";
export * from "./annotation/mod.ts";
export * from "./dataset.ts";
export * from "./labels.ts";
export * from "./leakage/mod.ts";
export * from "./loader.ts";
export { type Padded, padRows } from "./padding.ts";
export * from "./splits/mod.ts";
