import { Dataset } from "./dataset.ts";
import { type Chapter, mobyDick } from "./moby_dick.ts";
import { type Address, stateOfTheUnion } from "./state_of_the_union.ts";

/**
 * What a document is for. No document has two roles, so that what the base model read is never what
 * a lesson measures on.
 *
 * - `"pretraining"`: the base model read it.
 * - `"validation"`: never trained on by anything; the loss of language models is measured on it.
 * - `"tasks"`: the labelled tasks are made of it, their training, validation and test parts.
 */
export type DocumentRole = "pretraining" | "validation" | "tasks";

/**
 * The role of an address, by its place among all of them from oldest to newest: three in ten are for
 * tasks, one in thirty for validation, spread evenly over the years.
 */
export function addressRole(place: number): DocumentRole {
  if (place % 10 === 2 || place % 10 === 5 || place % 10 === 8) return "tasks";
  return place % 30 === 9 ? "validation" : "pretraining";
}

/** The role of a chapter of Moby-Dick, by its place in the book: every fourth is for tasks. */
export function chapterRole(place: number): DocumentRole {
  if (place % 4 === 3) return "tasks";
  return place % 30 === 10 ? "validation" : "pretraining";
}

/**
 * The addresses of one role, oldest first.
 *
 * @example
 * ```ts
 * import { addressesFor } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const read = await addressesFor("pretraining");
 * const unread = await addressesFor("tasks");
 * assertEquals([read.length, unread.length], [155, 70]);
 * ```
 */
export async function addressesFor(role: DocumentRole): Promise<Dataset<Readonly<Address>>> {
  const { rows } = await stateOfTheUnion();
  return Dataset.from(rows).filter((_, place) => addressRole(place) === role);
}

/** The chapters of Moby-Dick of one role, in the book's order. */
export async function chaptersFor(role: DocumentRole): Promise<Dataset<Readonly<Chapter>>> {
  const { rows } = await mobyDick();
  return Dataset.from(rows).filter((_, place) => chapterRole(place) === role);
}
