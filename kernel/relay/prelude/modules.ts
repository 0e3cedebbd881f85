/**
 * Imports in cells become dynamic ones, where a missing export is silently `undefined`.
 *
 * @module
 */

const SHOWN_NAMES = 20;

/**
 * The module, after checking that it has what is imported from it.
 *
 * @throws {SyntaxError} As a static import would.
 */
export function checkExports(module: object, names: readonly string[], from: string): object {
  for (const name of names) {
    if (name in module) continue;
    const known = Object.keys(module);
    const shown = known.slice(0, SHOWN_NAMES).join(", ");
    const more = known.length > SHOWN_NAMES ? ", …" : "";
    throw new SyntaxError(
      `The module '${from}' has no export named '${name}'; it has: ${shown}${more}`,
    );
  }
  return module;
}
