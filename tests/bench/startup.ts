/** Milliseconds from importing the library to its first result. */
const start = performance.now();
const { ones } = await import("@tunebook/tensor");
const result = ones([8, 8]).matmul(ones([8, 8])).sum().item();
if (result !== 512) throw new Error(`expected 512 but found ${result}`);
console.log(performance.now() - start);
Deno.exit(0);
export {};
