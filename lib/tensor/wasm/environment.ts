/**
 * Environment variables, read only where reading them needs no question to the user: a library that
 * makes `deno test` ask for permissions is a nuisance.
 *
 * @module
 */

/** The variable's value, or `undefined` if it isn't set or may not be read. */
export function readVariable(name: string): string | undefined {
  const permission = Deno.permissions.querySync({ name: "env", variable: name });
  return permission.state === "granted" ? Deno.env.get(name) : undefined;
}
