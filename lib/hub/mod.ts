/**
 * Model folders: loading and saving in Hugging Face's format, and the way to its hub.
 *
 * @module
 */
export { DownloadError, type OnProgress } from "./download.ts";
export { fromPretrained, type FromPretrainedOptions, loadTokenizer } from "./from_pretrained.ts";
export type { HubOptions } from "./hub_folder.ts";
export { HubError, modelFolder, type SourceOptions } from "./model_folder.ts";
export type { PackageOptions } from "./package_folder.ts";
export { packageIndex } from "./package_index.ts";
export { progressInLines } from "./progress.ts";
export { savePretrained, type SavePretrainedOptions } from "./save_pretrained.ts";
