import {
  type LoadOptions,
  type LoadReport,
  Module,
  StateError,
  type StateValue,
} from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import type { CommonConfig } from "./config.ts";
import type { ConfigFormat } from "./config_format.ts";
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

/** The anatomy of a model that holds another under a name and has something on top. */
export function withHead(body: Anatomy, name: string, head: string[]): Anatomy {
  const under = (paths: string[]) => paths.map((path) => `${name}.${path}`);
  return {
    embeddings: under(body.embeddings),
    blocks: under(body.blocks),
    final: under(body.final),
    head,
  };
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

  constructor(config: C) {
    super();
    this.config = config;
  }

  /** What Hugging Face calls this class, as `architectures` in `config.json` says. */
  abstract get architecture(): string;

  /** How the configuration is read and written. */
  abstract get configFormat(): ConfigFormat<C>;

  /** The name of the module that is the model without its head, `""` if there is no head. */
  abstract get bodyName(): string;

  /** The name that models with a head give to this family's body, such as `transformer`. */
  abstract get bodyPrefix(): string;

  /** Where the parts are. */
  abstract get anatomy(): Anatomy;

  /** What `config.json` holds for this model. */
  configJson(): Record<string, unknown> {
    return this.configFormat.write(this.config, this.architecture);
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
  storedState(): Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }> {
    const stored = new Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>();
    const seen = new Set<Tensor>();
    for (const [name, value] of this.stateDict()) {
      if (seen.has(value)) continue;
      seen.add(value);
      const { shape, data } = value;
      stored.set(name, this.isStoredTransposed(name) ? transposed({ shape, data }) : value);
    }
    return stored;
  }

  /**
   * Loads what a model's safetensors file holds. A file of the bare model fits one with a head, and
   * the other way round: the part that both have is loaded.
   *
   * @param state Names and values, as `SafetensorsFile.readFloat32` gives them.
   * @returns What the file lacks (a new head), and what was left out (another head).
   * @throws {StateError} If a shape differs; unless `strict` is `false`, also if the body isn't all
   * there.
   */
  loadStoredState(
    state: Iterable<readonly [string, StateValue]>,
    { strict = true }: LoadOptions = {},
  ): LoadReport {
    const own = this.stateDict();
    const renamed = new Map<string, StateValue>();
    for (const [stored, value] of state) {
      const present = this.presentName(stored);
      const name = own.has(present) ? present : this.#ownName(present);
      renamed.set(name, this.isStoredTransposed(name) ? transposed(value) : value);
    }
    const found = new Set([...renamed.keys()].map((name) => own.get(name)));
    const lacking = [...own].filter(([name, tensor]) => !found.has(tensor) && !this.mayBeNew(name));
    if (strict && lacking.length > 0) {
      const names = lacking.slice(0, 10).map(([name]) => name).join(", ");
      throw new StateError(
        `The weights don't fit ${this.constructor.name}: ${lacking.length} of its ${own.size} ` +
          `tensors are missing (${names}${lacking.length > 10 ? ", …" : ""}); ` +
          `the file has ${[...renamed.keys()].slice(0, 5).join(", ") || "none"}, …`,
      );
    }
    return this.loadStateDict(renamed, { strict: false });
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
    const prefix = `${this.bodyPrefix}.`;
    return stored.startsWith(prefix) ? stored.slice(prefix.length) : stored;
  }
}

/** A model that reads texts: tokens in, something out for each text or token. */
export abstract class TextModel<C extends CommonConfig = CommonConfig> extends Model<C> {
  /**
   * @param input Tokens, int32 `[batch, time]`, or embeddings, `[batch, time, dim]`.
   * @param inputs Mask, cache, trace.
   */
  abstract forward(input: Tensor, inputs?: ModelInputs): Tensor;
}

function transposed({ shape, data }: StateValue): { shape: number[]; data: Float32Array } {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    return { shape: [...shape], data: data as Float32Array };
  }
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  }
  return { shape: [columns, rows], data: out };
}
