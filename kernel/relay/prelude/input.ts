/**
 * `prompt`, `confirm` and `alert`: Deno's own ask the front-end and block. The relay answers with a
 * secret word to stop the cell, or to say that nobody is there to answer.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { interrupt, KeyboardInterrupt } from "./interrupts.ts";

/** What the relay answers a prompt with when there is no answer. */
export interface InputWords {
  /** The cell was stopped. */
  readonly stop: string;
  /** The front-end can't ask anybody. */
  readonly nobody: string;
}

/** Makes a Stop end a prompt. */
export function installInput(words: InputWords): void {
  const ask = globalThis.prompt;
  const question = (message: string, fallback = ""): string => {
    // Blocks this thread until the relay answers.
    const answer = (ask as (message: string, fallback: string) => string)(message, fallback);
    if (answer === words.nobody) {
      throw new Deno.errors.NotSupported(
        "This run of the notebook can't ask questions: prompt, confirm and alert need somebody " +
          "at the keyboard",
      );
    }
    if (answer !== words.stop) return answer;
    interrupt(ownerCell());
    throw new KeyboardInterrupt();
  };
  const global = globalThis as unknown as Record<string, unknown>;
  global.prompt = (message = "Prompt", fallback = "") => {
    return question(`${message}${fallback ? "" : " "}`, fallback);
  };
  global.confirm = (message = "Confirm") => {
    return ["y", "Y", "yes"].includes(question(`${message} [y/N] `));
  };
  global.alert = (message = "Alert") => {
    question(`${message} [Enter] `);
  };
}
