import { Model } from "@tunebook/models";
import type { Module } from "@tunebook/nn";
import { list, PeftError } from "./errors.ts";
import { baseModules } from "./layer.ts";
import { isLinear, sizesOf } from "./linear.ts";

/** Which modules a method changes. */
export interface TargetOptions {
  /**
   * Names of modules, whole or from a dot on (`["c_attn"]`, `["h.0.attn.c_attn"]`); one string or
   * regular expression that the whole path must fit; or `"all-linear"`. `null` takes what is usual
   * for the family.
   */
  targetModules: string | RegExp | string[] | null;
  /** What to leave out of those; named in the same way. */
  excludeModules: string | RegExp | string[] | null;
  /** Only in these blocks, counted from 0. */
  layersToTransform: number | number[] | null;
  /** The name of the list of blocks, such as `h`, where a path has several numbers. */
  layersPattern: string | string[] | null;
}

/** The presets of {@linkcode TargetOptions}. */
export const ANY_TARGET: TargetOptions = {
  targetModules: null,
  excludeModules: null,
  layersToTransform: null,
  layersPattern: null,
};

/** What is usual for each family, by `model_type`. */
export type UsualTargets = Readonly<Record<string, readonly string[]>>;

/** What a target search needs to know. */
export interface TargetSearch {
  /** The method's name, for messages. */
  readonly method: string;
  /** What is usual. */
  readonly usual: UsualTargets;
  /** Paths that are trained as a whole: no target is there. */
  readonly saved: readonly string[];
  /** Whether the method can change such a module. */
  readonly fits: (module: Module) => boolean;
  /** What it can change, for messages. */
  readonly fitting: string;
}

/**
 * The modules that a configuration means, by path.
 *
 * @throws {PeftError} If it means none, or one that the method can't change; it lists what there is.
 */
export function findTargets(
  model: Module,
  options: TargetOptions,
  search: TargetSearch,
): Map<string, Module> {
  const all = [...baseModules(model)].filter(([path]) => path !== "");
  const wanted = options.targetModules ?? usualFor(model, search);
  const allLinear = wanted === "all-linear";
  const unadaptable = new Set(allLinear ? outputLayers(model) : []);
  const found = new Map<string, Module>();
  for (const [path, module] of all) {
    if (search.saved.some((saved) => path === saved || path.startsWith(`${saved}.`))) continue;
    if (options.excludeModules !== null && matches(path, options.excludeModules)) continue;
    const hit = allLinear ? isLinear(module) && !unadaptable.has(path) : matches(path, wanted);
    if (!hit || !isInBlocks(path, options)) continue;
    if (!search.fits(module)) {
      throw new PeftError(
        `${search.method} changes ${search.fitting} but ${path} is a ${module.constructor.name}; ` +
          `there are ${list(namesOf(all, search))}`,
      );
    }
    found.set(path, module);
  }
  if (found.size > 0) return found;
  const where = options.layersToTransform === null
    ? ""
    : ` in the blocks ${JSON.stringify(options.layersToTransform)}`;
  throw new PeftError(
    `targetModules ${show(wanted)} matches no module of ${model.constructor.name}${where}; ` +
      `${search.method} can change ${list(namesOf(all, search))}`,
  );
}

/** Whether a path is meant, as PEFT reads its `target_modules`. */
export function matches(path: string, wanted: string | RegExp | readonly string[]): boolean {
  if (wanted instanceof RegExp) return new RegExp(`^(?:${wanted.source})$`).test(path);
  if (typeof wanted === "string") return new RegExp(`^(?:${wanted})$`).test(path);
  return wanted.some((name) => path === name || path.endsWith(`.${name}`));
}

function isInBlocks(path: string, { layersToTransform, layersPattern }: TargetOptions): boolean {
  if (layersToTransform === null) return true;
  const wanted = [layersToTransform].flat(), names = [layersPattern ?? []].flat();
  if (wanted.length === 0) return true;
  const found = names.length === 0
    ? /^.*?\.[^.]*\.(\d+)\./.exec(path)
    : names.map((name) => new RegExp(`(?:^|^.*?\\.)${name}\\.(\\d+)\\.`).exec(path)).find((m) => m);
  // PEFT wants something in front of the list's name; a bare model has nothing there.
  const block = found ?? (names.length === 0 ? /^[^.]*\.(\d+)\./.exec(path) : null);
  return block !== null && wanted.includes(Number(block[1]));
}

/** What is usual for a model's family. */
export function usualFor(model: Module, { method, usual }: TargetSearch): string[] {
  const family = model instanceof Model ? String(model.configJson().model_type) : "";
  const names = usual[family];
  if (names) return [...names];
  throw new PeftError(
    `${method} doesn't know what is usual for ${model.constructor.name}: give targetModules, such ` +
      'as "all-linear" or the names of layers',
  );
}

/** The layers that `"all-linear"` leaves out: a language model's scores, a classifier's head. */
function outputLayers(model: Module): string[] {
  if (!(model instanceof Model)) return [];
  const { head } = model.anatomy;
  const vocabulary = (model.config as { vocabSize?: number }).vocabSize;
  const isHead = (path: string) => head.some((at) => path === at || path.startsWith(`${at}.`));
  return [...baseModules(model)]
    .filter(([path, module]) =>
      isLinear(module) && isHead(path) &&
      (sizesOf(module)[0] === vocabulary || /SequenceClassification$/.test(model.architecture))
    )
    .map(([path]) => path);
}

/** The last parts of the paths of what a method can change. */
function namesOf(all: readonly [string, Module][], { fits }: TargetSearch): Set<string> {
  return new Set(all.filter(([, module]) => fits(module)).map(([path]) => path.split(".").at(-1)!));
}

function show(wanted: string | RegExp | readonly string[]): string {
  return wanted instanceof RegExp ? String(wanted) : JSON.stringify(wanted);
}
