// @ts-self-types="./module.d.ts"
// A source-phase import gives the compiled module itself, which needs no permission to read a file
// and can be handed to worker threads. TypeScript has no syntax for it, hence this one-line file.
import source kernels from "./kernels.wasm";
export default kernels;
