import { fileURLToPath } from "node:url";
import { Peer } from "./peer.ts";
import { printTable } from "./table.ts";

/** One row of the table. */
export interface ProductResult {
  /** Transposed (T) or not (N), left and right. */
  readonly layout: string;
  readonly n: number;
  /** GFLOP/s by contestant. */
  readonly gflops: Record<string, number>;
  /** WASM on one thread as a share of the peak. */
  readonly shareOfPeak: number;
  /** WASM on two threads by one. */
  readonly speedup: number;
}

const LAYOUTS = ["NN", "NT", "TN"];
const NS = [64, 128, 256, 512, 1024];

/** Square matrix products: ours with and without BLAS, on one and two threads, and PyTorch's. */
export async function benchProducts(
  python: string | undefined,
  seconds: number,
): Promise<{ peak: number; products: ProductResult[] }> {
  const script = new URL("gemm.ts", import.meta.url).href;
  const ours = (name: string, env: Record<string, string>) =>
    new Peer(name, Deno.execPath(), ["run", "-A", script], env);
  const peers = [
    ours("WASM 1", { TUNEBOOK_THREADS: "1", TUNEBOOK_BLAS: "off" }),
    ours("WASM 2", { TUNEBOOK_THREADS: "2", TUNEBOOK_BLAS: "off" }),
    ours("BLAS 1", { TUNEBOOK_THREADS: "1" }),
    ours("BLAS 2", { TUNEBOOK_THREADS: "2" }),
  ];
  if (python !== undefined) {
    const torch = fileURLToPath(new URL("torch_gpt.py", import.meta.url));
    for (const threads of ["1", "2"]) {
      peers.push(new Peer(`PyTorch ${threads}`, python, [torch, "gemm", threads]));
    }
  }
  try {
    for (const peer of [...peers]) {
      const { engine } = await peer.answer<{ engine?: { blas?: string } }>();
      if (!peer.name.startsWith("BLAS") || engine?.blas !== undefined) continue;
      // No BLAS on this machine: it would be the WASM kernels again.
      peers.splice(peers.indexOf(peer), 1);
      await peer.close();
    }
    let highest = 0;
    const products: ProductResult[] = [];
    for (const layout of LAYOUTS) {
      for (const n of NS) {
        const gflops: Record<string, number> = {};
        const share = seconds / 4;
        let peak = 0;
        for (let turn = 0; turn < 2; turn++) {
          // The peak takes turns too: the clock and the neighbours change it as they do the rest.
          const { gflops: now } = await peers[0]!.ask<{ gflops: number }>(`peak ${share}`);
          highest = Math.max(highest, peak = Math.max(peak, now));
          for (const peer of peers) {
            const answer = await peer.ask<{ gflops: number }>(`gemm ${layout} ${n} ${share}`);
            gflops[peer.name] = Math.max(gflops[peer.name] ?? 0, answer.gflops);
          }
        }
        const [one = NaN, two = NaN] = [gflops["WASM 1"], gflops["WASM 2"]];
        products.push({ layout, n, gflops, shareOfPeak: one / peak, speedup: two / one });
      }
    }
    console.log(`\nMatrix products, GFLOP/s; one core's 128-bit peak is ${highest.toFixed(1)}`);
    printTable(
      ["", ...peers.map((peer) => peer.name), "WASM 1 of peak", "WASM 2 by 1"],
      products.map(({ layout, n, gflops, shareOfPeak, speedup }) => [
        `${layout} ${n}`,
        ...peers.map((peer) => gflops[peer.name]!.toFixed(1)),
        `${(100 * shareOfPeak).toFixed(0)} %`,
        speedup.toFixed(2),
      ]),
    );
    return { peak: highest, products };
  } finally {
    for (const peer of peers) await peer.close();
  }
}
