/**
 * What moves the parameters: SGD, Adam, AdamW and Muon.
 *
 * @module
 */
export { Adam, AdamBase, type AdamOptions, AdamW } from "./adam.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export {
  type Group,
  type GroupOptions,
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type ParameterState,
} from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
