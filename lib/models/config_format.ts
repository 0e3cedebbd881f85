import type { CommonConfig, ConfigField } from "./config.ts";

/** The entries of a configuration, each with its place in `config.json`. */
export type ConfigFields<C extends CommonConfig> = {
  readonly [name in Exclude<keyof C, "extra">]: ConfigField<C[name]>;
};

/** A configuration in part; `dropout` stands for all of its dropout probabilities at once. */
export type ConfigOptions<C extends CommonConfig> = Partial<C> & { dropout?: number };

/** A configuration that can't be used. */
export class ConfigError extends Error {
  /** What it is called in messages. */
  override name = "ConfigError";
}

/**
 * The configuration of a family of models: its entries, their presets, and how they are read from
 * and written to Hugging Face's `config.json`.
 *
 * @typeParam C The configuration.
 */
export class ConfigFormat<C extends CommonConfig> {
  /** `model_type` in the file, such as `gpt2`. */
  readonly modelType: string;
  readonly #fields: ConfigFields<C>;
  readonly #check: (config: C) => void;
  readonly #upgrade: (json: Record<string, unknown>) => void;

  /**
   * Describes a family's configuration.
   *
   * @param modelType What the file calls the family.
   * @param fields The entries.
   * @param check Throws a {@linkcode ConfigError} when entries don't go together, or ask for
   * something that isn't offered.
   * @param upgrade Brings a file of an older form to the present one, in place.
   */
  constructor(
    modelType: string,
    fields: ConfigFields<C>,
    check: (config: C) => void,
    upgrade: (json: Record<string, unknown>) => void = () => {},
  ) {
    this.modelType = modelType;
    this.#fields = fields;
    this.#check = check;
    this.#upgrade = upgrade;
  }

  /**
   * Completes a configuration with the family's presets.
   *
   * @throws {ConfigError} If an entry is unknown, or a value isn't possible.
   */
  complete(options: ConfigOptions<C>, preset: Partial<C> = {}): C {
    const { dropout, ...given } = options;
    const config: Record<string, unknown> = { extra: preset.extra ?? {} };
    const fields = this.#entries();
    for (const [name, field] of fields) {
      config[name] = name in preset
        ? (preset as Record<string, unknown>)[name]
        : structuredClone(field.preset);
      if (dropout !== undefined && name.endsWith("Dropout")) config[name] = dropout;
    }
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      if (!(name in config)) {
        throw new ConfigError(
          `Expected an entry of the ${this.modelType} configuration but found ${
            JSON.stringify(name)
          }; there are ${Object.keys(config).join(", ")}, and dropout for all kinds of it`,
        );
      }
      config[name] = value;
    }
    for (const [name, field] of fields) {
      if (field.read(config[name]) !== undefined) continue;
      throw this.#misfit(name, field, config[name]);
    }
    this.#check(config as unknown as C);
    return config as unknown as C;
  }

  /**
   * Reads what a `config.json` holds.
   *
   * @param json The parsed file.
   * @param source Its name, for errors.
   * @param overrides Entries to use instead of the file's.
   * @throws {ConfigError} If the file describes a model that can't be built.
   */
  read(json: unknown, source = "config.json", overrides: ConfigOptions<C> = {} as Partial<C>): C {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new ConfigError(`Expected ${source} to hold a JSON object`);
    }
    const rest = { ...json as Record<string, unknown> };
    this.#upgrade(rest);
    const config: Record<string, unknown> = {};
    for (const [name, field] of this.#entries()) {
      const value = rest[field.key];
      delete rest[field.key];
      if (value === undefined) continue;
      const read = field.read(value);
      if (read === undefined) throw this.#misfit(field.key, field, value, source);
      config[name] = read;
    }
    // Written anew from the labels, the class and the family.
    for (const key of ["label2id", "architectures", "model_type"]) delete rest[key];
    config.extra = rest;
    return this.complete(overrides, config as Partial<C>);
  }

  /** What goes into `config.json` for a model of the named class. */
  write(config: C, architecture: string): Record<string, unknown> {
    const json: Record<string, unknown> = { architectures: [architecture] };
    for (const [name, field] of this.#entries()) {
      const value = (config as unknown as Record<string, unknown>)[name];
      json[field.key] = field.write ? field.write(value) : value;
    }
    json.label2id = Object.fromEntries(config.labels.map((label, i) => [label, i]));
    return { ...config.extra, ...json, model_type: this.modelType };
  }

  #entries(): [string, ConfigField<unknown>][] {
    return Object.entries(this.#fields as Record<string, ConfigField<unknown>>);
  }

  #misfit(name: string, { expected }: ConfigField<unknown>, value: unknown, source?: string) {
    const where = source
      ? `${name} in ${source}`
      : `${name} of the ${this.modelType} configuration`;
    return new ConfigError(
      `Expected ${where} to be ${expected} but found ${JSON.stringify(value)}`,
    );
  }
}
