import { Tensor, zerosLike } from "@tunebook/tensor";

/** What every optimizer's group of parameters has. */
export interface GroupOptions {
  /** How far a step goes. */
  learningRate: number;
}

/** Parameters with options of their own; what they leave out, the optimizer's fill in. */
export type ParameterGroup<Options> = Partial<Options> & { parameters: Iterable<Tensor> };

/** A group as the optimizer keeps it, all options filled in; schedules set `learningRate`. */
export type Group<Options> = Options & { readonly parameters: readonly Tensor[] };

/** What an optimizer remembers, ready to be saved. */
export interface OptimizerState {
  /** Running means and the like: `<parameter's number>.<name>`. */
  tensors: Map<string, Tensor>;
  /** How many steps each parameter has taken, by its number. */
  steps: Record<string, number>;
  /** The options of every group. */
  groups: Record<string, unknown>[];
}

/** What is remembered about one parameter. */
export interface ParameterState {
  /** How many steps it has taken. */
  step: number;
  /** Tensors of the parameter's shape. */
  readonly tensors: Map<string, Tensor>;
}

/**
 * The base of the optimizers: groups of parameters, what is remembered about each, and saving it.
 *
 * Only what trains costs anything: a parameter that is frozen or got no gradient is passed over, and
 * the memory for its running means is taken at its first step.
 *
 * @typeParam Options The options that a group may set for itself.
 */
export abstract class Optimizer<Options extends GroupOptions> {
  /** In the order given; a parameter's number counts through them. */
  readonly groups: Group<Options>[];
  /** What is remembered about each parameter that has taken a step. */
  readonly #states = new Map<Tensor, ParameterState>();

  /**
   * Checks the groups and gives each its options.
   *
   * @param parameters All parameters, or groups with options of their own.
   * @param defaults The options of groups that don't set theirs.
   * @throws {TypeError} If there is nothing to train, or something isn't trainable.
   * @throws {RangeError} If an option makes no sense.
   */
  constructor(
    parameters: Iterable<Tensor> | Iterable<ParameterGroup<Options>>,
    defaults: Options,
  ) {
    const given = [...parameters] as (Tensor | ParameterGroup<Options>)[];
    const plain = given.filter((item) => item instanceof Tensor);
    const groups = plain.length > 0 ? [{ parameters: plain }] : given;
    if (plain.length > 0 && plain.length < given.length) {
      throw new TypeError("Expected either parameters or groups of them but found both");
    }
    this.groups = groups.map((group) => {
      const own = group as ParameterGroup<Options>;
      const set = Object.entries(own).filter(([, value]) => value !== undefined);
      return {
        ...defaults,
        ...Object.fromEntries(set),
        parameters: [...own.parameters],
      } as unknown as Group<Options>;
    });
    this.#checkParameters();
    for (const group of this.groups) this.check(group);
  }

  /** Checks a group's options; called again at every step, since schedules change them. */
  protected check(group: Group<Options>): void {
    notNegative("learningRate", group.learningRate);
  }

  /** Moves one parameter by its gradient. */
  protected abstract update(
    parameter: Tensor,
    gradient: Tensor,
    state: ParameterState,
    group: Group<Options>,
  ): void;

  /**
   * Moves every parameter that has a gradient.
   *
   * @throws {Error} If none has: `backward()` wasn't called, or everything is frozen.
   */
  step(): void {
    let moved = 0;
    for (const group of this.groups) {
      this.check(group);
      for (const parameter of group.parameters) {
        if (!parameter.requiresGrad || parameter.grad === null) continue;
        const state = this.#stateOf(parameter);
        state.step++;
        this.update(parameter, parameter.grad, state, group);
        moved++;
      }
    }
    if (moved === 0) {
      throw new Error(
        "No parameter has a gradient, so step() has nothing to do: call loss.backward() first, and " +
          "check that the parameters given here require gradients",
      );
    }
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const { parameters } of this.groups) {
      for (const parameter of parameters) parameter.zeroGrad();
    }
  }

  /** What the optimizer remembers. The tensors are its own, not copies. */
  stateDict(): OptimizerState {
    const state: OptimizerState = { tensors: new Map(), steps: {}, groups: [] };
    let number = 0;
    for (const { parameters, ...options } of this.groups) {
      state.groups.push(options);
      for (const parameter of parameters) {
        const own = this.#states.get(parameter);
        if (own !== undefined) {
          state.steps[number] = own.step;
          for (const [name, tensor] of own.tensors) state.tensors.set(`${number}.${name}`, tensor);
        }
        number++;
      }
    }
    return state;
  }

  /**
   * Continues where another optimizer stopped: same groups, same parameters in the same order.
   *
   * @param state What `stateDict` gave; the tensors may be numbers with a shape, as a safetensors
   * file gives them.
   * @throws {TypeError} If groups, parameters or shapes differ.
   */
  loadStateDict(state: {
    readonly tensors: Iterable<
      readonly [string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }]
    >;
    readonly steps: Readonly<Record<string, number>>;
    readonly groups: readonly Readonly<Record<string, unknown>>[];
  }): void {
    const parameters = this.groups.flatMap((group) => group.parameters);
    if (state.groups.length !== this.groups.length) {
      throw new TypeError(
        `Expected the state of ${this.groups.length} groups but found ${state.groups.length}`,
      );
    }
    const states = new Map<Tensor, ParameterState>();
    for (const [number, step] of Object.entries(state.steps)) {
      const parameter = parameters[Number(number)];
      if (parameter === undefined) {
        throw new TypeError(
          `Expected the state of ${parameters.length} parameters but found one numbered ${number}`,
        );
      }
      states.set(parameter, { step, tensors: new Map() });
    }
    for (const [key, value] of state.tensors) {
      const [number = "", name = ""] = key.split(".");
      const parameter = parameters[Number(number)];
      const own = parameter && states.get(parameter);
      if (own === undefined || value.shape.join() !== parameter!.shape.join()) {
        throw new TypeError(
          `Expected the state of ${
            parameter ? `a parameter [${parameter.shape.join(", ")}]` : "a known parameter"
          } but found ${key} [${value.shape.join(", ")}]`,
        );
      }
      const tensor = zerosLike(parameter!).retain();
      tensor.data.set(value.data);
      own.tensors.set(name, tensor);
    }
    this.dispose();
    for (const [parameter, own] of states) this.#states.set(parameter, own);
    for (const [index, options] of state.groups.entries()) {
      Object.assign(this.groups[index]!, options);
    }
  }

  /** Frees the memory of what is remembered. */
  dispose(): void {
    for (const { tensors } of this.#states.values()) {
      for (const tensor of tensors.values()) tensor.dispose();
    }
    this.#states.clear();
  }

  #stateOf(parameter: Tensor): ParameterState {
    let state = this.#states.get(parameter);
    if (state === undefined) {
      state = { step: 0, tensors: new Map() };
      this.#states.set(parameter, state);
    }
    return state;
  }

  #checkParameters(): void {
    const seen = new Set<Tensor>();
    for (const [index, { parameters }] of this.groups.entries()) {
      if (parameters.length === 0) throw new TypeError(`Group ${index} has no parameters`);
      for (const parameter of parameters) {
        if (!(parameter instanceof Tensor) || parameter.dtype !== "float32") {
          throw new TypeError(
            `Expected trainable tensors in group ${index} but found ${parameter}`,
          );
        }
        if (seen.has(parameter)) {
          throw new TypeError(`A parameter [${parameter.shape.join(", ")}] is given twice`);
        }
        seen.add(parameter);
      }
    }
    if (seen.size === 0) {
      throw new TypeError("Expected parameters to train but found none: is everything frozen?");
    }
  }
}

/** The tensor of this name that is remembered about a parameter, zeros at first. */
export function remembered(state: ParameterState, name: string, parameter: Tensor): Tensor {
  let tensor = state.tensors.get(name);
  if (tensor === undefined) {
    tensor = zerosLike(parameter).retain(); // past the scope of this step
    state.tensors.set(name, tensor);
  }
  return tensor;
}

/** @throws {RangeError} If the option isn't a number of at least 0. */
export function notNegative(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`Expected ${name} to be a number of at least 0 but found ${value}`);
  }
}

/** @throws {RangeError} If the option isn't in [0, 1). */
export function belowOne(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) {
    throw new RangeError(
      `Expected ${name} to be from 0 up to, not including, 1 but found ${value}`,
    );
  }
}
