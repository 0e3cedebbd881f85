import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads a module again, with what has been written to its file since. An `import` in a cell keeps
 * the module as it was when first loaded; an edited `exercises.ts` would go unnoticed.
 *
 * @typeParam Module The module's type: `typeof import("./exercises.ts")`.
 * @param path The file, relative to the notebook (or to the current folder outside a notebook).
 * @example
 * ```ts ignore
 * const { topWords } = await fresh<typeof import("./exercises.ts")>("./exercises.ts");
 * await check(checks.topWords, topWords);
 * ```
 */
export function fresh<Module>(path: string): Promise<Module> {
  const file = pathToFileURL(resolve(path));
  file.search = String(Date.now());
  return import(file.href) as Promise<Module>;
}
