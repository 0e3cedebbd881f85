/**
 * Our side of the matrix products: answers `gemm LAYOUT N SECONDS` with GFLOP/s, and `peak SECONDS`
 * with those of the fastest loop there can be on one core.
 *
 * @module
 */
import { engineInfo, Random } from "@tunebook/tensor";
import { product } from "../../lib/tensor/ops/matmul.ts";
import { fmaPeak } from "./fma_peak.ts";
import { serve } from "./peer.ts";

function gflops(layout: string, n: number, seconds: number): number {
  const random = new Random(0);
  const [a, b, c] = [random.normal([n, n]), random.normal([n, n]), random.normal([n, n])];
  const left = { at: a.address, row: n, transposed: layout[0] === "T" };
  const right = { at: b.address, row: n, transposed: layout[1] === "T" };
  const rounds = Math.max(1, Math.floor(20_000_000 / n ** 3));
  const end = performance.now() + seconds * 1000;
  let best = 0;
  while (performance.now() < end) {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) {
      product(left, right, { at: c.address, row: n }, { m: n, n, k: n });
    }
    best = Math.max(best, 2 * n ** 3 * rounds / (performance.now() - start) / 1e6);
  }
  for (const tensor of [a, b, c]) tensor.dispose();
  return best;
}

while (engineInfo().threads < engineInfo().threadsWanted) {
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await serve({ engine: engineInfo() }, ([command, ...words]) => {
  if (command === "peak") return { gflops: fmaPeak(Number(words[0])) };
  const [layout = "NN", n, seconds] = words;
  return { gflops: gflops(layout, Number(n), Number(seconds)) };
});
Deno.exit(0);
