import { jaccard, shinglesOf, wordsOf } from "./shingles.ts";

/** Two texts that say (almost) the same. */
export interface DuplicatePair {
  /** Position of the first. */
  first: number;
  /** Position of the second, above `first`. */
  second: number;
  /** Jaccard similarity of their shingles, 0 to 1; 1 if they differ in case or punctuation only. */
  similarity: number;
}

/** How {@linkcode nearDuplicates} searches. */
export interface NearDuplicateOptions {
  /** Smallest similarity that counts, above 0, up to 1. Default: 0.7. */
  threshold?: number;
  /** Only pairs with one text on either side of this predicate, e.g. in different parts. */
  compare?: (first: number, second: number) => boolean;
}

/** Hash functions in a signature: bands of rows. 32 × 4 finds a pair of 0.7 with 99.98 %. */
const BANDS = 32, ROWS = 4;

/**
 * Finds the pairs of texts that share most of their five-word shingles.
 *
 * Comparing every pair would take n²/2 comparisons. Instead each text gets a MinHash signature, 128
 * numbers of which two texts share a fraction equal to their similarity; texts that agree on all 4
 * numbers of any of 32 bands become candidates, and only candidates are compared exactly. A pair of
 * similarity s is found with chance 1 − (1 − s⁴)³²: 0.9998 at 0.7, 0.87 at 0.5.
 *
 * Source: Broder 1997 (MinHash); Leskovec, Rajaraman & Ullman 2020, section 3.4 (bands).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearDuplicates } from "@tunebook/data";
 *
 * const texts = ["Win a free prize, click here now!", "Dear Bob, see you at lunch.",
 *   "WIN a free prize - click here now"];
 * assertEquals(nearDuplicates(texts), [{ first: 0, second: 2, similarity: 1 }]);
 * ```
 *
 * @param texts The texts.
 * @param options Threshold, and which pairs matter.
 * @returns The pairs, most similar first. Texts without a word are never paired.
 * @throws {RangeError} If the threshold is not above 0 and at most 1.
 */
export function nearDuplicates(
  texts: readonly string[],
  options: NearDuplicateOptions = {},
): DuplicatePair[] {
  const { threshold = 0.7, compare = () => true } = options;
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(`Expected a threshold above 0, up to 1, but found ${threshold}`);
  }
  const shingles = texts.map(shinglesOf);
  const found = new Map<string, DuplicatePair>();
  const consider = (bucket: readonly number[]) => {
    for (const [at, second] of bucket.entries()) {
      for (const first of bucket.slice(0, at)) {
        const key = `${first} ${second}`;
        if (found.has(key) || !compare(first, second)) continue;
        const similarity = jaccard(shingles[first]!, shingles[second]!);
        if (similarity >= threshold) found.set(key, { first, second, similarity });
      }
    }
  };

  // Equal texts are grouped first: a thousand copies of one mail are then one text to compare.
  const copies = [...Map.groupBy(texts.keys(), (i) => wordsOf(texts[i]!).join(" "))]
    .filter(([words]) => words !== "").map(([, at]) => at);
  copies.forEach(consider);
  const signatures = new Map(copies.map(([i]) => [i!, signatureOf(shingles[i!]!)]));
  for (let band = 0; band < BANDS; band++) {
    const buckets = Map.groupBy(
      copies,
      ([i]) => signatures.get(i!)!.subarray(band * ROWS, (band + 1) * ROWS).join(),
    );
    for (const bucket of buckets.values()) {
      if (bucket.length > 1) consider(bucket.flat().sort((a, b) => a - b));
    }
  }
  return [...found.values()].sort((a, b) =>
    b.similarity - a.similarity || a.first - b.first || a.second - b.second
  );
}

/** For each of 128 hash functions, the smallest hash of the set. */
function signatureOf(shingles: ReadonlySet<number>): Uint32Array {
  const signature = new Uint32Array(BANDS * ROWS).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let i = 0; i < signature.length; i++) {
      const hashed = mix(shingle ^ Math.imul(i + 1, 0x9e3779b9));
      if (hashed < signature[i]!) signature[i] = hashed;
    }
  }
  return signature;
}

/** MurmurHash3's 32-bit finalizer: every input bit moves every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
