// Where the main thread leaves a launch's arguments. All are doubles: a double holds every address
// and every float exactly, and one array of one kind is the simplest thing both sides can share.

/** Address of the argument array. */
export const ARGS: usize = 1024;
/** How many arguments fit. */
export const MAX_ARGS: i32 = 96;
/** Addresses of the scratch buffer of each thread (64 at most). */
export const SCRATCH: usize = 2048;

/** 1 if there is a native BLAS. */
export const BLAS: usize = 456;
/** 1 if V8 joins pairs of 128-bit operations, so that the tile made for that is the faster one. */
export const WIDE: usize = 460;

// @ts-ignore: decorator
@inline
export function int(i: i32): i32 {
  return i32(load<f64>(ARGS + (usize(i) << 3)));
}

// @ts-ignore: decorator
@inline
export function address(i: i32): usize {
  return usize(u32(load<f64>(ARGS + (usize(i) << 3))));
}

// @ts-ignore: decorator
@inline
export function float(i: i32): f32 {
  return f32(load<f64>(ARGS + (usize(i) << 3)));
}

// @ts-ignore: decorator
@inline
export function double(i: i32): f64 {
  return load<f64>(ARGS + (usize(i) << 3));
}

/** First of `n` items that chunk `c` of `chunks` handles. */
// @ts-ignore: decorator
@inline
export function start(n: i32, c: i32, chunks: i32): i32 {
  return i32(i64(n) * i64(c) / i64(chunks));
}

/** Byte offset of the first vector that chunk `c` handles in a flat array of `n` floats. */
// @ts-ignore: decorator
@inline
export function flatStart(n: i32, c: i32, chunks: i32): usize {
  return usize(start((n + 15) >> 4, c, chunks)) << 6;
}

/** Byte offset where chunk `c` ends. */
// @ts-ignore: decorator
@inline
export function flatEnd(n: i32, c: i32, chunks: i32): usize {
  const end = usize(start((n + 15) >> 4, c + 1, chunks)) << 6;
  return min(end, usize((n + 3) >> 2) << 4);
}
