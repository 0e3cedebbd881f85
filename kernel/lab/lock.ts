/**
 * Lets one process at a time change the environment, also when tests start several.
 *
 * @module
 */

import { dirname } from "node:path";

/**
 * Runs `work` while holding the lock file at `path`.
 *
 * The operating system holds the lock and drops it when its owner ends, however it ends: there is
 * no stale lock to detect.
 *
 * @param onWait Called once if another process holds the lock.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: () => void = () => {},
): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { create: true, write: true });
  if (!await file.tryLock(true)) {
    onWait();
    await file.lock(true);
  }
  return await work();
}
