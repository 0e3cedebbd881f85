import { type Address, addressesFor, splitThreeWays } from "@tunebook/data";
import type { Parts } from "./task.ts";

/** Characters of an address that count as one record when the parts are made equally long. */
const RECORD = 1000;

/**
 * The addresses kept for tasks, in three parts: half of the text to train on, a fifth to choose by
 * and three tenths to measure with. Each half century has about the same share in every part, and
 * every task divides the same way, so that what one task trains on another doesn't test on.
 *
 * @example
 * ```ts
 * import { taskAddresses } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, validation, test } = await taskAddresses();
 * assertEquals([train.length, validation.length, test.length], [34, 15, 21]);
 * ```
 *
 * @returns Whole addresses, oldest first in each part; the draw has a fixed seed.
 * @throws {Error} When the data can't be downloaded; the message says what to do.
 */
export async function taskAddresses(): Promise<Parts<Readonly<Address>>> {
  const addresses = await addressesFor("tasks");
  // An address stands there once for each thousand characters, so that parts are equal in length.
  const records = addresses.toArray().flatMap((address, place) =>
    new Array<number>(Math.ceil(address.text.length / RECORD)).fill(place)
  );
  const parts = splitThreeWays(records.length, {
    validation: 0.2,
    test: 0.3,
    groups: records,
    stratify: records.map((place) => Math.floor((addresses.at(place).year - 1790) / 50)),
    seed: 0,
  });
  const whole = (part: number[]) => addresses.select(new Set(part.map((at) => records[at]!)));
  return {
    train: whole(parts.train),
    validation: whole(parts.validation),
    test: whole(parts.test),
  };
}

/** What an address is called as a group: year and president, since some years have two. */
export function addressName(address: Readonly<Address>): string {
  return `${address.year} ${address.name}`;
}
