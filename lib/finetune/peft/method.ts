import type { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { PeftError } from "./errors.ts";
import type { Piece } from "./pieces.ts";

/** What every method's configuration has. */
export interface CommonPeftConfig {
  /**
   * Modules that train as a whole, in a copy of their own: names as in `targetModules`. The heads of
   * classifiers are among them without being named.
   */
  modulesToSave: string[] | null;
}

/** What a method is given to build an adapter. */
export interface BuildContext<C> {
  /** The model, its parameters frozen. It may hold other adapters. */
  readonly model: Module;
  /** The name of the adapter. */
  readonly name: string;
  /** The configuration, complete. */
  readonly config: C;
  /** The paths of the modules that train as a whole; a method keeps out of them. */
  readonly saved: readonly string[];
}

/** What a method builds: the pieces of an adapter. */
export interface Built {
  /** What it changes, and where. */
  readonly pieces: readonly Piece[];
  /** What it adds to the configuration that is written, such as the targets it chose. */
  readonly resolved?: Record<string, unknown>;
  /** What stands around the model's forward pass, where layers aren't enough. */
  readonly around?: (inner: Forward) => Forward;
  /** The parameters of what stands around it. */
  readonly module?: Module;
}

/** A model's forward pass. */
// deno-lint-ignore no-explicit-any -- each model has inputs of its own
export type Forward = (...inputs: any[]) => Tensor;

/** A method of fine-tuning with few parameters. */
export interface PeftMethod<C extends CommonPeftConfig = CommonPeftConfig> {
  /** Its name, such as `LoRA`. */
  readonly title: string;
  /** Its `peft_type` in `adapter_config.json`, such as `LORA`. */
  readonly peftType: string;
  /** All options with their presets. */
  readonly presets: C;
  /** What options are called in the file where it isn't their name in snake case. */
  readonly keys?: { readonly [option in keyof C]?: string };
  /** Entries of files that change what is computed and that this library can't honour. */
  readonly unsupported?: readonly string[];
  /** What every name in its files begins with; PEFT's layer methods have `base_model.model.` */
  readonly filePrefix?: string;
  /**
   * Brings a file's entries to this library's.
   *
   * @throws {PeftError} If they ask for what can't be honoured.
   */
  read?(json: Record<string, unknown>): Record<string, unknown>;
  /**
   * Checks a complete configuration.
   *
   * @throws {PeftError} If an option makes no sense.
   */
  check(config: C): void;
  /** Makes an adapter for a model. */
  build(context: BuildContext<C>): Built;
  /** Makes one adapter out of several of this method, where that makes sense. */
  combine?(context: CombineContext<C>): { config: C; tensors: Map<string, Tensor> };
}

/** What {@linkcode PeftMethod.combine} is given. */
export interface CombineContext<C> {
  /** The adapters' configurations. */
  readonly configs: readonly C[];
  /** Their tensors. */
  readonly tensors: readonly ReadonlyMap<string, Tensor>[];
  /** Their weights. */
  readonly weights: readonly number[];
  /** How they are combined; which ways there are depends on the method. */
  readonly type: string;
}

/** A method and a configuration of it, ready for `applyPeft`. */
export interface Configured<C extends CommonPeftConfig = CommonPeftConfig> {
  /** The method. */
  readonly method: PeftMethod<C>;
  /** Its options, complete. */
  readonly config: C;
}

/** Any method's configuration, as `applyPeft` takes it. */
// deno-lint-ignore no-explicit-any -- each method has a configuration of its own
export type AnyConfigured = Configured<any>;

const methods = new Map<string, PeftMethod>();

/**
 * Registers a method: its adapters can be applied, saved and read from then on. A new method needs
 * this one call and no other change.
 *
 * @returns A function that makes a configuration from options: what is left out is preset.
 * @throws {PeftError} If the name is taken.
 */
export function definePeftMethod<C extends CommonPeftConfig>(
  method: PeftMethod<C>,
): (options?: Partial<C>) => Configured<C> {
  if (methods.has(method.peftType)) {
    throw new PeftError(`There is a method of the type ${method.peftType} already`);
  }
  methods.set(method.peftType, method as unknown as PeftMethod);
  return (options = {}) => configure(method, options);
}

/** The method of a `peft_type`. */
export function methodOf(peftType: unknown): PeftMethod {
  const method = methods.get(String(peftType));
  if (method) return method;
  throw new PeftError(
    `Expected peft_type to be one of ${[...methods.keys()].join(", ")} but found ${
      JSON.stringify(peftType)
    }`,
  );
}

/** Completes options. */
export function configure<C extends CommonPeftConfig>(
  method: PeftMethod<C>,
  options: Partial<C>,
): Configured<C> {
  const config = structuredCloneOf(method.presets);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!(name in config)) {
      throw new PeftError(
        `Expected an option of ${method.title} but found ${JSON.stringify(name)}; there are ${
          Object.keys(config).join(", ")
        }`,
      );
    }
    (config as Record<string, unknown>)[name] = value;
  }
  method.check(config);
  return { method, config };
}

/** A copy one level deep: presets hold lists, options may hold functions. */
function structuredCloneOf<C extends object>(presets: C): C {
  const copied = Object.entries(presets).map(([name, value]) => [
    name,
    Array.isArray(value) ? [...value] : value,
  ]);
  return Object.fromEntries(copied) as C;
}
