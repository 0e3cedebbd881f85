/**
 * How fast one core can multiply and add at best with WebAssembly's 128-bit vectors: a loop of
 * `f32x4.relaxed_madd` on registers, no memory. What the matrix kernels are measured against.
 *
 * The module is assembled here, byte by byte, so that no compiler stands between it and the figure.
 *
 * @module
 */

/** Independent sums: more than latency times ports, few enough to stay in 16 registers. */
const SUMS = 12;
const X = 1, Y = 2, FIRST_SUM = 3; // local 0 is the count of turns

const V128 = 0x7b, I32 = 0x7f, F32 = 0x7d;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const simd = (code: number) => code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7];
const splat = simd(0x13), extractLane0 = [...simd(0x1f), 0], add = simd(0xe4);
const relaxedMadd = simd(0x105);
const section = (id: number, bytes: number[]) => [id, ...unsigned(bytes.length), ...bytes];

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}

function assemble(): Uint8Array<ArrayBuffer> {
  const sums = Array.from({ length: SUMS }, (_, i) => FIRST_SUM + i);
  const float = (value: number) => [
    0x43,
    ...new Uint8Array(new Float32Array([value]).buffer),
    ...splat,
  ];
  const body = [
    ...[1, SUMS + 2, V128],
    ...[...float(0.999), ...set(X), ...float(0.001), ...set(Y)],
    ...[0x03, 0x40], // loop
    ...sums.flatMap((sum) => [...get(X), ...get(Y), ...get(sum), ...relaxedMadd, ...set(sum)]),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0], // until --count is 0
    0x0b,
    ...get(FIRST_SUM),
    ...sums.slice(1).flatMap((sum) => [...get(sum), ...add]),
    ...extractLane0,
    0x0b,
  ];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** The peak of one thread in GFLOP/s: the best of many rounds within `seconds`. */
export function fmaPeak(seconds: number): number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()));
  const run = exports.run as (turns: number) => number;
  const turns = 1_000_000, end = performance.now() + seconds * 1000;
  let best = 0;
  while (performance.now() < end) {
    const start = performance.now();
    run(turns);
    best = Math.max(best, turns * SUMS * 4 * 2 / (performance.now() - start) / 1e6);
  }
  return best;
}
