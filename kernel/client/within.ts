/**
 * Waits for a promise, but not for ever.
 *
 * @returns Its value, or `undefined` when the time passed first. The timer is never left behind.
 */
export async function within<T>(
  promise: Promise<T> | T,
  milliseconds: number,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
