/** The compiled kernels. */
declare const kernels: WebAssembly.Module;
export default kernels;
