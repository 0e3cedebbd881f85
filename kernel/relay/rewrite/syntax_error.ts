import type { Place } from "./source.ts";

/** A cell that isn't TypeScript. */
export class CellSyntaxError extends SyntaxError {
  override name = "SyntaxError";

  /**
   * @param message What is wrong.
   * @param place Where in the cell.
   */
  constructor(message: string, readonly place: Place) {
    super(message);
  }
}
