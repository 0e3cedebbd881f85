/** Type-level checks: a test that compiles has passed. */

/** `true` where two types are the same, `false` otherwise. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;

/** Compiles only for `true`. */
export type Holds<T extends true> = T;
