const MEANING = { env: "environment variables", read: "files", net: "the network" } as const;

/**
 * Makes sure that data may be read, without ever making Deno ask the user.
 *
 * @param what What is to be read, for the message.
 * @param names The permissions it takes.
 * @throws {Error} When one is missing; the message says how to give it.
 */
export function requirePermissions(
  what: string,
  names: readonly (keyof typeof MEANING)[],
): void {
  for (const name of names) {
    if (Deno.permissions.querySync({ name }).state === "granted") continue;
    throw new Error(
      `Reading ${what} needs permission to use ${MEANING[name]}, which this run was not given: ` +
        "run it with -A, as in `deno test -A`.",
    );
  }
}
