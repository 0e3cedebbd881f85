/** A pair of neighbouring tokens and how often it occurs. */
export interface CountedPair {
  /** Id of the token on the left. */
  left: number;
  /** Id of the token on the right. */
  right: number;
  /** How often the pair occurs in the corpus. */
  count: number;
}

/** Ids stay below 2^21, so that a pair of them fits the 53 bits of a number exactly. */
const WIDTH = 2 ** 21;

/**
 * Counts pairs of token ids and hands out the most frequent one.
 *
 * A binary heap whose entries may be stale: a count that falls is noticed when the entry comes to
 * the top, where it is put back with its true count; a count that rises gets a new entry.
 */
export class PairQueue {
  #counts = new Map<number, number>();
  #changed = new Set<number>();
  #heap: { key: number; count: number }[] = [];

  /** One number for a pair of ids; smaller for the smaller left id, then the smaller right id. */
  static key(left: number, right: number): number {
    return left * WIDTH + right;
  }

  /** Adds to a pair's count (a negative `amount` takes away). */
  add(left: number, right: number, amount: number): void {
    const key = PairQueue.key(left, right);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + amount);
    if (amount > 0) this.#changed.add(key);
  }

  /** Queues the pairs whose count rose since the last call. */
  enqueueChanged(): void {
    for (const key of this.#changed) {
      const count = this.#counts.get(key)!;
      if (count > 0) this.#push(key, count);
    }
    this.#changed.clear();
  }

  /** Removes and returns the most frequent pair (ties: the smallest ids), if there is one. */
  takeMostFrequent(): CountedPair | undefined {
    for (let top; (top = this.#pop()) !== undefined;) {
      const count = this.#counts.get(top.key) ?? 0;
      if (count === top.count) {
        this.#counts.delete(top.key);
        return { left: Math.floor(top.key / WIDTH), right: top.key % WIDTH, count };
      }
      // A risen count has an entry of its own already.
      if (count > 0 && count < top.count) this.#push(top.key, count);
    }
    return undefined;
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a]!, y = this.#heap[b]!;
    return x.count !== y.count ? x.count > y.count : x.key < y.key;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }

  #push(key: number, count: number): void {
    this.#heap.push({ key, count });
    let at = this.#heap.length - 1;
    while (at > 0 && this.#before(at, (at - 1) >> 1)) {
      this.#swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  }

  #pop(): { key: number; count: number } | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined || this.#heap.length === 0) return top;
    this.#heap[0] = last;
    for (let at = 0;;) {
      let child = 2 * at + 1;
      if (child >= this.#heap.length) return top;
      if (child + 1 < this.#heap.length && this.#before(child + 1, child)) child++;
      if (!this.#before(child, at)) return top;
      this.#swap(at, child);
      at = child;
    }
  }
}
