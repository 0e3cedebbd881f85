/**
 * Freezing: which parameters train, at what rate, from when, and what that costs.
 *
 * @module
 */
export { trainingFigure } from "./figure.ts";
export { freeze, trainOnly, unfreeze } from "./freeze.ts";
export { type GradualOptions, GradualUnfreezing } from "./gradual.ts";
export { type LayerwiseGroup, type LayerwiseRateOptions, layerwiseRates } from "./rates.ts";
export {
  type ReportOptions,
  type ReportRow,
  type TrainingReport,
  trainingReport,
} from "./report.ts";
export {
  type NamedParameter,
  type Part,
  PARTS,
  select,
  type Selection,
  SelectionError,
} from "./select.ts";
