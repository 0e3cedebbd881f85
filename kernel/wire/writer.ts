/** Where bytes go: the writing half of a `Deno.Conn`. */
export interface ByteSink {
  /** Writes some of `from`; resolves to how many bytes were taken. */
  write(from: Uint8Array): Promise<number>;
}

const BATCH_BYTES = 64 * 1024;

/**
 * Writes byte chunks in the order they were handed over, small ones joined into one system call.
 * `write` never waits; {@linkcode OrderedWriter.drain} does, and
 * {@linkcode OrderedWriter.backlog} says how much is waiting, so that a producer can pace itself.
 */
export class OrderedWriter {
  readonly #sink: ByteSink;
  readonly #onError: (error: unknown) => void;
  #queue: Uint8Array[] = [];
  #backlog = 0;
  #running: Promise<void> | undefined;
  #failed = false;

  /**
   * @param sink The connection to write to.
   * @param onError Called once, when a write fails; what is still queued is dropped.
   */
  constructor(sink: ByteSink, onError: (error: unknown) => void) {
    this.#sink = sink;
    this.#onError = onError;
  }

  /** How many bytes are queued and not yet taken by the operating system. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Queues chunks. The caller must not change them afterwards. */
  write(chunks: readonly Uint8Array[]): void {
    if (this.#failed) return;
    for (const chunk of chunks) {
      this.#queue.push(chunk);
      this.#backlog += chunk.length;
    }
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is waiting any more: all written, or the connection failed. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop's microtasks gathers the messages a caller sends in a row.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        const queue = this.#queue;
        this.#queue = [];
        for (const batch of batches(queue)) {
          for (let at = 0; at < batch.length;) at += await this.#sink.write(batch.subarray(at));
          this.#backlog -= batch.length;
        }
      }
    } catch (error) {
      this.#failed = true;
      this.#queue = [];
      this.#backlog = 0;
      this.#onError(error);
    } finally {
      this.#running = undefined;
    }
  }
}

/** Joins neighbouring small chunks; a chunk as large as a batch is passed on uncopied. */
function* batches(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let batch = new Uint8Array(BATCH_BYTES);
  let filled = 0;
  for (const chunk of chunks) {
    if (filled > 0 && filled + chunk.length > BATCH_BYTES) {
      yield batch.subarray(0, filled);
      batch = new Uint8Array(BATCH_BYTES);
      filled = 0;
    }
    if (chunk.length >= BATCH_BYTES) {
      yield chunk;
    } else {
      batch.set(chunk, filled);
      filled += chunk.length;
    }
  }
  if (filled > 0) yield batch.subarray(0, filled);
}
