import type { Random, RandomState } from "@tunebook/tensor";
import { sharedRandom } from "../../nn/random.ts";

/** The generators a run draws from: the layers' shared one, and others by name. */
export class Randoms {
  readonly #others: Readonly<Record<string, Random>>;

  constructor(others: Readonly<Record<string, Random>>) {
    this.#others = others;
  }

  /** Where all of them stand. */
  state(): Record<string, RandomState> {
    return Object.fromEntries(this.#all().map(([name, random]) => [name, random.state]));
  }

  /**
   * Puts all of them where they stood.
   *
   * @throws {Error} If the state lacks one, or has one that isn't known.
   */
  restore(state: Readonly<Record<string, RandomState>>): void {
    const all = this.#all();
    const expected = all.map(([name]) => name).join(", "), found = Object.keys(state).join(", ");
    if (expected !== found) {
      throw new Error(
        `Expected the random generators ${expected} but found ${found} in the checkpoint`,
      );
    }
    for (const [name, random] of all) random.state = state[name]!;
  }

  #all(): [name: string, random: Random][] {
    // Asked for anew each time: manualSeed puts another in its place.
    return [["layers", sharedRandom()], ...Object.entries(this.#others)];
  }
}
