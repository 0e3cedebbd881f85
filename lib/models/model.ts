import {
  type LoadOptions,
  type LoadReport,
  Module,
  StateError,
  type StateValue,
} from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { CommonConfig } from "./config.ts";
import type { ModelInputs } from "./inputs.ts";

/** Where a model's parts are: paths for `Module.module`, in the order they run. */
export interface Anatomy {
  /** What turns tokens into vectors. */
  readonly embeddings: string[];
  /** The blocks, the one nearest to the input first. */
  readonly blocks: string[];
  /** What comes behind the last block, such as a norm or a pooler. */
  readonly final: string[];
  /** What was put on top for a task; empty for a bare model. */
  readonly head: string[];
}

/** What a class of models is. */
export interface Identity {
  /** What Hugging Face calls it. */
  readonly architecture: string;
  /** How the family's configuration is written. */
  readonly format: { write(config: CommonConfig, architecture: string): Record<string, unknown> };
  /** The name that the family's models with a head give to their body, such as `transformer`. */
  readonly bodyPrefix: string;
  /** The name of the body in this class, if it has a head. */
  readonly body?: string;
  /** The names of the modules on top. */
  readonly head?: readonly string[];
}

/**
 * A model of a known family. Its modules and parameters are named as in Hugging Face's `transformers`,
 * so that weights and adapters go both ways.
 *
 * @typeParam C The family's configuration.
 */
export abstract class Model<C extends CommonConfig = CommonConfig> extends Module {
  /** Everything needed to build the model again. */
  readonly config: C;
  /** What Hugging Face calls this class, as `architectures` in `config.json` says. */
  readonly architecture: string;
  /** The name of the module that is the model without its head, `""` if there is no head. */
  readonly bodyName: string;
  readonly #identity: Identity;

  /** Keeps what a model is; subclasses make its modules. */
  constructor(config: C, identity: Identity) {
    super();
    this.config = config;
    this.architecture = identity.architecture;
    this.bodyName = identity.body ?? "";
    this.#identity = identity;
  }

  /** Where the parts are. */
  get anatomy(): Anatomy {
    const { anatomy } = this.module(this.bodyName) as Model;
    const under = (paths: string[]) => paths.map((path) => `${this.bodyName}.${path}`);
    return {
      embeddings: under(anatomy.embeddings),
      blocks: under(anatomy.blocks),
      final: under(anatomy.final),
      head: [...this.#identity.head ?? []],
    };
  }

  /** What `config.json` holds for this model. */
  configJson(): Record<string, unknown> {
    return this.#identity.format.write(this.config, this.architecture);
  }

  /**
   * Whether files hold this parameter with its two axes swapped, `[in, out]`: so it is with the
   * projections of GPT-2.
   */
  isStoredTransposed(_parameter: string): boolean {
    return false;
  }

  /**
   * What goes into the model's safetensors file: its state under Hugging Face's names and in its
   * layout, a shared parameter once.
   */
  storedState(): Map<string, StoredValue> {
    const stored = new Map<string, StoredValue>();
    const seen = new Set<Tensor>();
    for (const [name, value] of this.stateDict()) {
      if (seen.has(value)) continue;
      seen.add(value);
      if (!this.isStoredTransposed(name)) stored.set(name, value);
      else {
        const [rows, columns] = value.shape as [number, number];
        const data = new Float32Array(value.size);
        transpose(value.data, rows, columns, data);
        stored.set(name, { shape: [columns, rows], data });
      }
    }
    return stored;
  }

  /**
   * Finds where each tensor of a model's safetensors file belongs, without its numbers. A file of the
   * bare model fits one with a head, and the other way round: the part that both have counts.
   *
   * @param stored Names and shapes, as the file has them.
   * @throws {StateError} If a shape differs; unless `strict` is `false`, also if the body isn't all
   * there.
   */
  matchStoredState(
    stored: Iterable<readonly [string, { readonly shape: readonly number[] }]>,
    { strict = true }: LoadOptions = {},
  ): StoredMatch {
    const own = this.stateDict();
    const places = new Map<string, StoredPlace>();
    const report: LoadReport = { missing: [], unexpected: [] };
    const misfits: string[] = [];
    for (const [name, { shape }] of stored) {
      const present = this.presentName(name);
      const ownName = own.has(present) ? present : this.#ownName(present);
      const tensor = own.get(ownName);
      const transposed = this.isStoredTransposed(ownName);
      const fitting = transposed ? shape.toReversed() : shape;
      if (tensor === undefined) report.unexpected.push(name);
      else if (fitting.join() === tensor.shape.join()) places.set(name, { tensor, transposed });
      else misfits.push(`${ownName}: expected [${tensor.shape}] but found [${fitting}]`);
    }
    const found = new Set(places.values().map(({ tensor }) => tensor));
    report.missing = [...own].filter(([, tensor]) => !found.has(tensor)).map(([name]) => name);
    this.#checkFit(misfits, strict ? report.missing.filter((name) => !this.mayBeNew(name)) : []);
    return { places, report };
  }

  /**
   * Loads what a model's safetensors file holds; see {@linkcode Model.matchStoredState}.
   *
   * @param state Names and values, as `SafetensorsFile.readFloat32` gives them.
   * @returns What the file lacks (a new head), and what was left out (another head).
   * @throws {StateError} If it doesn't fit; then nothing was loaded.
   */
  loadStoredState(
    state: Iterable<readonly [string, StateValue]>,
    options: LoadOptions = {},
  ): LoadReport {
    const values = new Map(state);
    const { places, report } = this.matchStoredState(values, options);
    for (const [name, place] of places) fillStored(place, values.get(name)!.data);
    return report;
  }

  #checkFit(misfits: string[], lacking: string[]): void {
    const shown = (names: string[]) =>
      `${names.slice(0, 10).join("; ")}${names.length > 10 ? "; …" : ""}`;
    const problems = [
      ...misfits.length > 0 ? [`shapes differ (${shown(misfits)})`] : [],
      ...lacking.length > 0 ? [`${lacking.length} tensors are missing (${shown(lacking)})`] : [],
    ];
    if (problems.length === 0) return;
    throw new StateError(
      `The weights don't fit ${this.constructor.name}: ${problems.join(", and ")}. ` +
        "Is it the config.json that belongs to them, and as many labels?",
    );
  }

  /** Whether a parameter may be absent from a file and then keeps what it was drawn as: a new head. */
  protected mayBeNew(parameter: string): boolean {
    return this.anatomy.head.some((path) => parameter.startsWith(`${path}.`));
  }

  /** What a name of an older file is called today. */
  protected presentName(stored: string): string {
    return stored;
  }

  /** `h.0.attn…` for a model that says `transformer.h.0.attn…`, or the reverse. */
  #ownName(stored: string): string {
    if (this.bodyName !== "") return `${this.bodyName}.${stored}`;
    const prefix = `${this.#identity.bodyPrefix}.`;
    return stored.startsWith(prefix) ? stored.slice(prefix.length) : stored;
  }
}

/** A model that reads texts: tokens in, something out for each text or token. */
export abstract class TextModel<C extends CommonConfig = CommonConfig> extends Model<C> {
  /**
   * Reads a batch of texts.
   *
   * @param input Tokens, int32 `[batch, time]`, or embeddings, `[batch, time, dim]`.
   * @param inputs Mask, cache, trace.
   */
  abstract forward(input: Tensor, inputs?: ModelInputs): Tensor;
}

/** A tensor as a file holds it. */
export interface StoredValue {
  /** Its sizes there. */
  readonly shape: readonly number[];
  /** Its numbers, row by row. */
  readonly data: Float32Array | Int32Array;
}

/** Where a stored tensor belongs. */
export interface StoredPlace {
  /** The model's parameter or buffer. */
  readonly tensor: Tensor;
  /** Whether the file holds it with its two axes swapped. */
  readonly transposed: boolean;
}

/** Which of a file's tensors belong where. */
export interface StoredMatch {
  /** By their names in the file. */
  readonly places: Map<string, StoredPlace>;
  /** What the file lacks, and what the model doesn't know. */
  readonly report: LoadReport;
}

/** Puts a stored tensor's numbers in their place. */
export function fillStored({ tensor, transposed }: StoredPlace, data: StateValue["data"]): void {
  const [rows, columns] = tensor.shape as [number, number];
  if (transposed) transpose(data, columns, rows, tensor.data);
  else tensor.data.set(data);
}

/** Writes a matrix `[rows, columns]` as `[columns, rows]`. */
function transpose(
  from: ArrayLike<number>,
  rows: number,
  columns: number,
  to: { [index: number]: number },
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j]!;
  }
}
