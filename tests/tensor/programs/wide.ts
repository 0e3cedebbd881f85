/**
 * Multiplies random matrices with both tiles, the one for 128-bit vectors and the one for 256-bit
 * vectors, and prints how many numbers differ in any bit. Run with V8's flag, it proves that the
 * joined operations compute the same.
 *
 * @module
 */
import { Random } from "@tunebook/tensor";
import { product } from "../../../lib/tensor/ops/matmul.ts";
import { kernel } from "../../../lib/tensor/wasm/runtime.ts";

const PRODUCTS = Number(Deno.args[0] ?? 300);
const random = new Random(7);
const upTo = (limit: number) => 1 + Math.floor(random.next() * limit);

let different = 0;
for (let turn = 0; turn < PRODUCTS; turn++) {
  const limit = turn % 10 === 0 ? 600 : 70;
  const [m, n, k] = [upTo(limit), upTo(limit), upTo(limit)];
  const drawn = () => random.next() < 0.5;
  const ta = drawn(), tb = drawn(), biased = drawn(), added = drawn();
  const alpha = random.next() < 0.5 ? 1 : 0.37;
  const a = random.normal([m, k]), b = random.normal([k, n]);
  const bias = random.normal([n]), plus = random.normal([m, n]);
  const [narrow, wide] = [0, 1].map((choice) => {
    const c = random.normal([m, n]);
    kernel.useWide(choice);
    product(
      { at: a.address, row: ta ? m : k, transposed: ta },
      { at: b.address, row: tb ? k : n, transposed: tb },
      { at: c.address, row: n },
      { m, n, k, alpha, bias: biased ? bias.address : 0, plus: added ? plus.address : 0 },
    );
    const bits = new Int32Array(new Float32Array(c.data as Float32Array).buffer);
    c.dispose();
    return bits;
  });
  for (let i = 0; i < m * n; i++) if (narrow![i] !== wide![i]) different++;
  for (const tensor of [a, b, bias, plus]) tensor.dispose();
}
console.log(different);
Deno.exit(0);
