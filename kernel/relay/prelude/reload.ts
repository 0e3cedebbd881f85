/**
 * Loads edited modules again: from then on their addresses lead to a fresh copy of each.
 *
 * @module
 */

interface Resolved {
  readonly url: string;
}

type Resolve = (specifier: string, context: unknown) => Resolved;

let versions: Readonly<Record<string, number>> | undefined;

/**
 * Takes the numbers of the copies, by URL. Modules that aren't named stay the ones they are.
 *
 * The hook is installed when it is first needed, since every import pays for it.
 */
export async function loadAnew(given: Readonly<Record<string, number>>): Promise<void> {
  const installed = versions !== undefined;
  versions = given;
  if (installed) return;
  const { registerHooks } = (await import("node:module")).default as unknown as {
    registerHooks(hooks: {
      resolve(specifier: string, context: unknown, next: Resolve): Resolved;
    }): void;
  };
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const version = versions?.[found.url];
      return version === undefined ? found : { ...found, url: `${found.url}?reload=${version}` };
    },
  });
}
