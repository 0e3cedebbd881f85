/**
 * Sums over many rows, which threads share by blocks of rows, on 1, 2 and 3 threads: prints how many
 * numbers differ in any bit, and the furthest any is from the sum in double precision.
 *
 * @module
 */
import { engineInfo, Random, setThreads, type Tensor } from "@tunebook/tensor";
import { product } from "../../../lib/tensor/ops/matmul.ts";
import { sumRows } from "../../../lib/tensor/ops/reduce.ts";

const random = new Random(3);
const upTo = (limit: number) => 1 + Math.floor(random.next() * limit);
let different = 0, furthest = 0;

// Work until all threads have arrived.
setThreads(3);
const deadline = performance.now() + 20_000;
while (engineInfo().threads < 3 && performance.now() < deadline) {
  new Random(0).normal([100_000]).dispose();
}

/** Compares what `compute` leaves in a result of `shape` on each number of threads. */
function compare(shape: number[], compute: (to: Tensor) => void, exact: (i: number) => number) {
  const results = [1, 2, 3].map((threads) => {
    setThreads(threads);
    const to = random.normal(shape);
    compute(to);
    const copy = to.data.slice() as Float32Array;
    to.dispose();
    return copy;
  });
  const [one, ...others] = results.map((result) => new Int32Array(result.buffer));
  for (const other of others) one!.forEach((bits, i) => different += bits === other[i] ? 0 : 1);
  for (let turn = 0; turn < 5; turn++) {
    const i = upTo(one!.length) - 1;
    furthest = Math.max(furthest, Math.abs(results[1]![i]! - exact(i)));
  }
}

for (const rows of [255, 256, 257, 511, 512, 700, 1024, 1300, 2048, 4100, 40_000]) {
  const m = upTo(rows > 4000 ? 20 : 200), n = upTo(rows > 4000 ? 20 : 200);
  const a = random.normal([rows, m]), b = random.normal([rows, n]);
  const sum = (term: (row: number) => number) => {
    let total = 0;
    for (let row = 0; row < rows; row++) total += term(row);
    return total;
  };
  for (const bias of [0, b.address]) {
    compare(
      [m, n],
      (to) =>
        product(
          { at: a.address, row: m, transposed: true },
          { at: b.address, row: n },
          { at: to.address, row: n },
          { m, n, k: rows, alpha: 0.5, bias },
        ),
      (i) =>
        sum((row) => 0.5 * a.data[row * m + Math.floor(i / n)]! * b.data[row * n + i % n]!) +
        (bias ? b.data[i % n]! : 0),
    );
  }
  compare(
    [n],
    (to) => sumRows(to.address, b.address, rows, n, 2),
    (i) => sum((row) => 2 * b.data[row * n + i]!),
  );
  for (const tensor of [a, b]) tensor.dispose();
}
console.log(JSON.stringify({ threads: engineInfo().threads, different, furthest }));
Deno.exit(0);
