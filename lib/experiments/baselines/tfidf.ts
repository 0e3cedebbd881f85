/** A text as the features that aren't zero: their places, and their values. */
export interface SparseRow {
  /** The features' places, rising. */
  readonly places: Int32Array;
  /** Their values. */
  readonly values: Float64Array;
}

/** Which features {@linkcode TfIdf} makes. */
export interface TfIdfOptions {
  /** The longest run of words that is a feature: 1 takes words alone, 2 pairs too. Default: 2. */
  maxWords?: number;
}

/** scikit-learn's words: at least two letters, digits or underscores. */
const WORD = /[\p{L}\p{N}_]{2,}/gu;

/**
 * Texts as how often each word occurs, counted less if many texts have it, and scaled to length 1:
 * scikit-learn's `TfidfVectorizer` with `idf = ln((1 + texts) / (1 + texts with it)) + 1`.
 */
export class TfIdf {
  readonly #places = new Map<string, number>();
  readonly #idf: Float64Array;
  readonly #maxWords: number;

  /** Learns the words of texts, and how many texts have each. */
  constructor(texts: readonly string[], { maxWords = 2 }: TfIdfOptions = {}) {
    this.#maxWords = maxWords;
    const having = new Map<string, number>();
    for (const text of texts) {
      for (const feature of new Set(this.#featuresOf(text))) {
        having.set(feature, (having.get(feature) ?? 0) + 1);
      }
    }
    const known = [...having.keys()].sort();
    for (const [place, feature] of known.entries()) this.#places.set(feature, place);
    const idf = known.map((feature) =>
      Math.log((1 + texts.length) / (1 + having.get(feature)!)) + 1
    );
    this.#idf = Float64Array.from(idf);
  }

  /** How many features there are. */
  get size(): number {
    return this.#idf.length;
  }

  /** A text's features; words that weren't learned are passed over. */
  transform(text: string): SparseRow {
    const counts = new Map<number, number>();
    for (const feature of this.#featuresOf(text)) {
      const place = this.#places.get(feature);
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const places = Int32Array.from(counts.keys()).sort();
    const values = Float64Array.from(places, (place) => counts.get(place)! * this.#idf[place]!);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return { places, values: length > 0 ? values.map((value) => value / length) : values };
  }

  #featuresOf(text: string): string[] {
    const words = text.toLowerCase().match(WORD) ?? [];
    const features: string[] = [];
    for (let count = 1; count <= this.#maxWords; count++) {
      for (let at = 0; at + count <= words.length; at++) {
        features.push(words.slice(at, at + count).join(" "));
      }
    }
    return features;
  }
}
