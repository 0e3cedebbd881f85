import { BYTE_TO_CHAR, toByteChars } from "./bytes.ts";
import { PairQueue } from "./pair_queue.ts";
import { splitIntoPieces } from "./pretokenize.ts";

/** What {@linkcode trainBpe} learned: the tokens by id, and the merges in the order learned. */
export interface BpeModel {
  /** Special tokens, which take the first ids and never take part in a merge. */
  specialTokens: string[];
  /** Every token, its id the position: special tokens, the 256 bytes, then one for each merge. */
  tokens: string[];
  /** The two tokens each merge joins, most frequent first. */
  merges: [left: string, right: string][];
}

/** How far {@linkcode trainBpe} has come. */
export interface BpeProgress {
  /** `"reading"` while texts are counted, then `"merging"`. */
  phase: "reading" | "merging";
  /** Texts read so far, or tokens in the vocabulary so far. */
  done: number;
  /** Tokens in the vocabulary at the end; unknown while reading. */
  total: number | undefined;
}

/** What {@linkcode trainBpe} may be told. */
export interface TrainBpeOptions {
  /** Tokens to end with, the special ones and the 256 bytes included. At least 256 + specials. */
  vocabSize: number;
  /** Tokens with a meaning of their own. Default: `["<|endoftext|>"]`, as in GPT-2. */
  specialTokens?: string[];
  /** A pair seen fewer times than this is not merged. Default: 2. */
  minFrequency?: number;
  /** Called now and then, at most about 100 times a phase. */
  onProgress?: (progress: BpeProgress) => void;
}

/** A distinct piece of the corpus: its tokens so far and how often it occurs. */
interface Word {
  ids: number[];
  count: number;
}

/**
 * Learns a byte-level BPE vocabulary: start from the 256 bytes, then again and again join the pair
 * of neighbouring tokens that occurs most often (ties: the pair with the smaller ids).
 *
 * Only distinct pieces are kept, each with its count, and each merge visits only the pieces that
 * hold its pair, so the cost grows with the vocabulary and not with the corpus.
 *
 * The result is the one Hugging Face's `BpeTrainer` gives for the same texts and options.
 * Source: Sennrich et al. 2016, algorithm 1; bytes as in Radford et al. 2019.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { trainBpe } from "@tunebook/tokenizers";
 *
 * const { merges } = trainBpe(["low low lower lowest"], { vocabSize: 260 });
 * assertEquals(merges.map((pair) => pair.join("")), ["lo", "low", "Ġlow"]);
 * ```
 *
 * @param texts The corpus, read once, text by text.
 * @param options The vocabulary's size, special tokens, smallest frequency, progress.
 * @returns The vocabulary and its merges.
 * @throws {RangeError} If `vocabSize` has no room for the special tokens and the 256 bytes.
 */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): BpeModel {
  const { vocabSize, minFrequency = 2, onProgress } = options;
  const specialTokens = [...new Set(options.specialTokens ?? ["<|endoftext|>"])];
  const smallest = 256 + specialTokens.length;
  if (!Number.isInteger(vocabSize) || vocabSize < smallest) {
    throw new RangeError(
      `Expected vocabSize to be an integer of at least ${smallest} (256 bytes and ` +
        `${specialTokens.length} special tokens) but found ${vocabSize}`,
    );
  }

  // Bytes are numbered by their printable character, as Hugging Face does, not by their value.
  const tokens = [...specialTokens, ...[...BYTE_TO_CHAR].sort()];
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];

  const words = countWords(texts, specialTokens, idOf, onProgress);
  const pairs = new PairQueue();
  const wordsWith = new Map<number, Set<Word>>();
  const remember = (left: number, right: number, word: Word) => {
    const key = PairQueue.key(left, right);
    const known = wordsWith.get(key);
    if (known) known.add(word);
    else wordsWith.set(key, new Set([word]));
  };
  for (const word of words) {
    for (let i = 0; i + 1 < word.ids.length; i++) {
      pairs.add(word.ids[i]!, word.ids[i + 1]!, word.count);
      remember(word.ids[i]!, word.ids[i + 1]!, word);
    }
  }
  pairs.enqueueChanged();

  const every = Math.max(1, Math.floor((vocabSize - tokens.length) / 100));
  while (tokens.length < vocabSize) {
    const best = pairs.takeMostFrequent();
    if (best === undefined || best.count < Math.max(1, minFrequency)) break;
    const { left, right } = best;
    const merged = tokens[left]! + tokens[right]!;
    const id = idOf.get(merged) ?? tokens.push(merged) - 1;
    idOf.set(merged, id);
    merges.push([tokens[left]!, tokens[right]!]);

    const key = PairQueue.key(left, right);
    const holders = wordsWith.get(key) ?? new Set();
    wordsWith.delete(key);
    for (const word of holders) {
      mergeInWord(word, left, right, id, (a, b, change) => {
        pairs.add(a, b, change * word.count);
        if (change > 0) remember(a, b, word);
      });
    }
    pairs.enqueueChanged();
    if (merges.length % every === 0) {
      onProgress?.({ phase: "merging", done: tokens.length, total: vocabSize });
    }
  }
  onProgress?.({ phase: "merging", done: tokens.length, total: tokens.length });
  return { specialTokens, tokens, merges };
}

/** Counts the distinct pieces of the texts; special tokens in the text are left out. */
function countWords(
  texts: Iterable<string>,
  specialTokens: string[],
  idOf: Map<string, number>,
  onProgress: TrainBpeOptions["onProgress"],
): Word[] {
  const counts = new Map<string, number>();
  let read = 0;
  for (const text of texts) {
    let parts = [text];
    for (const special of specialTokens) parts = parts.flatMap((part) => part.split(special));
    for (const part of parts) {
      for (const piece of splitIntoPieces(part)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
    if (++read % 100 === 0) onProgress?.({ phase: "reading", done: read, total: undefined });
  }
  onProgress?.({ phase: "reading", done: read, total: read });
  return Array.from(counts, ([piece, count]) => ({
    ids: Array.from(toByteChars(piece), (char) => idOf.get(char)!),
    count,
  }));
}

/** Joins every `left, right` in a word to `id` and tells which pairs went (-1) and came (+1). */
function mergeInWord(
  word: Word,
  left: number,
  right: number,
  id: number,
  changed: (left: number, right: number, change: 1 | -1) => void,
): void {
  const { ids } = word;
  let end = 0; // ids[0..end) is the word after merging
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] !== left || i + 1 === ids.length || ids[i + 1] !== right) {
      ids[end++] = ids[i]!;
      continue;
    }
    if (end > 0) {
      changed(ids[end - 1]!, left, -1);
      changed(ids[end - 1]!, id, 1);
    }
    if (i + 2 < ids.length) {
      changed(right, ids[i + 2]!, -1);
      changed(id, ids[i + 2]!, 1);
    }
    ids[end++] = id;
    i++;
  }
  ids.length = end;
}
