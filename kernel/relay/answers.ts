/**
 * Questions to the child, and the answers that come back as messages, or don't.
 *
 * @module
 */

const LAST_LOOK_MS = 5;

/** Gives questions numbers and matches answers to them. */
export class Answers {
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #asked = 0;

  /**
   * Asks something.
   *
   * @param milliseconds How long to wait.
   * @param ask Sends the question under a number.
   * @returns The answer, or `undefined` when it took too long.
   */
  ask(milliseconds: number, ask: (question: number) => void): Promise<unknown> {
    const question = ++this.#asked;
    return new Promise((resolve) => {
      const settle = (value: unknown) => {
        clearTimeout(timer);
        this.#waiting.delete(question);
        resolve(value);
      };
      // After a stall of our own, an answer may be here already, waiting to be read.
      const timer = setTimeout(() => setTimeout(settle, LAST_LOOK_MS), milliseconds);
      this.#waiting.set(question, settle);
      ask(question);
    });
  }

  /** Takes an answer. */
  settle(question: number, value: unknown): void {
    this.#waiting.get(question)?.(value);
  }
}
