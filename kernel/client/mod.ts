/**
 * Starts a Deno kernel and runs cells in it, without a front-end.
 *
 * @module
 */
export { type ExecuteOptions, type Execution, KernelClient, type StartOptions } from "./client.ts";
export { findKernelspec, type Kernelspec, KernelspecError } from "./kernelspec.ts";
export { KernelDiedError } from "./launch.ts";
export type { OnOutput } from "./router.ts";
export type { DisplayOutput, ErrorOutput, Output, ResultOutput, StreamOutput } from "./outputs.ts";
