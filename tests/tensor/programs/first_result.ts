// Imports the library, computes something, and ends by itself: for the tests without permissions.
const start = performance.now();
const { engineInfo, ones } = await import("@tunebook/tensor");
const sum = ones([300, 300]).matmul(ones([300, 300])).sum().item();
console.log(JSON.stringify({ sum, milliseconds: performance.now() - start, info: engineInfo() }));
