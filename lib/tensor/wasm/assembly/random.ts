// Random numbers by counter: number i of a stream is a hash of (key, i), so any thread can make any
// part of an array and the result is the same. The hash is SplitMix64 (Steele, Lea & Flood 2014).
import { address, double, float, int, start } from "./args";

// @ts-ignore: decorator
@inline
function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}
// @ts-ignore: decorator
@inline
function at(key: u64, i: u64): u64 {
  return mix(key + (i + 1) * 0x9E3779B97F4A7C15);
}
// @ts-ignore: decorator
@inline
function key(first: i32): u64 {
  return (u64(double(first)) << 32) | u64(double(first + 1));
}
/** 24 bits as a float in [0, 1). */
// @ts-ignore: decorator
@inline
function unit(bits: u64): f32 {
  return f32(i64(bits >> 40)) * f32(5.960464477539063e-8);
}

/** Number `counter` of the stream, 53 bits in [0, 1): what JavaScript draws one at a time. */
export function randomUnit(keyHigh: f64, keyLow: f64, counter: f64): f64 {
  return f64(i64(at((u64(keyHigh) << 32) | u64(keyLow), u64(counter)) >> 11)) * 1.1102230246251565e-16;
}

/** args: out, n, keyHigh, keyLow, counter, low, width */
export function randomUniform(c: i32, chunks: i32): void {
  const o = address(0), n = int(1), k = key(2), from = u64(double(4)), low = float(5), width = float(6);
  const i1 = start(n, c + 1, chunks);
  for (let i = start(n, c, chunks); i < i1; i++) {
    store<f32>(o + (usize(i) << 2), low + width * unit(at(k, from + u64(i))));
  }
}

/** Integers in [low, low + width). args: out, n, keyHigh, keyLow, counter, low, width */
export function randomIntegers(c: i32, chunks: i32): void {
  const o = address(0), n = int(1), k = key(2), from = u64(double(4)), low = int(5), width = u64(double(6));
  const i1 = start(n, c + 1, chunks);
  for (let i = start(n, c, chunks); i < i1; i++) {
    store<i32>(o + (usize(i) << 2), low + i32(((at(k, from + u64(i)) >> 32) * width) >> 32));
  }
}

/** Normal numbers in pairs (Box & Muller 1958), in double precision. args: out, n, keyHigh, keyLow, counter, mean, deviation */
export function randomNormal(c: i32, chunks: i32): void {
  const o = address(0), n = int(1), k = key(2), from = u64(double(4)), mean = double(5), dev = double(6);
  const pairs = (n + 1) >> 1, p1 = start(pairs, c + 1, chunks);
  for (let p = start(pairs, c, chunks); p < p1; p++) {
    const a = at(k, from + u64(2 * p)), b = at(k, from + u64(2 * p + 1));
    const u = (f64(i64(a >> 11)) + 1) * 1.1102230246251565e-16; // in (0, 1]
    const r = dev * Math.sqrt(-2 * Math.log(u)), t = f64(i64(b >> 11)) * (6.283185307179586 * 1.1102230246251565e-16);
    const i = 2 * p;
    store<f32>(o + (usize(i) << 2), f32(mean + r * Math.cos(t)));
    if (i + 1 < n) store<f32>(o + (usize(i + 1) << 2), f32(mean + r * Math.sin(t)));
  }
}

/** Zeroes each element with probability p and scales the others; backward calls it again with the same counter. args: out, x, n, keyHigh, keyLow, counter, p */
export function dropout(c: i32, chunks: i32): void {
  const o = address(0), x = address(1), n = int(2), k = key(3), from = u64(double(5)), p = float(6);
  const scale: f32 = p < 1 ? 1 / (1 - p) : 0, i1 = start(n, c + 1, chunks);
  for (let i = start(n, c, chunks); i < i1; i++) {
    const b = usize(i) << 2;
    store<f32>(o + b, unit(at(k, from + u64(i))) >= p ? load<f32>(x + b) * scale : 0);
  }
}
