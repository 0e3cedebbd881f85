/**
 * Reads what PyTorch computed (`tests/reference/`) and compares with it.
 *
 * @module
 */
import { type Tensor, tensor } from "@tunebook/tensor";
import { SafetensorsFile } from "../../lib/tensor/safetensors.ts";

/** A line of `<room>.json`. */
export interface Case {
  readonly id: string;
  readonly op: string;
  // deno-lint-ignore no-explicit-any -- every op has options of its own
  readonly options: any;
  readonly inputs: number;
  readonly outputs: number;
  /** The inputs that have a gradient. */
  readonly gradients: readonly number[];
  readonly tolerance: number;
  /** What an element may differ by besides; a tenth of the tolerance unless given. */
  readonly absolute?: number;
}

/** The numbers of a tensor. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** All cases of a room and their numbers. */
export class Reference<C extends { readonly id: string } = Case> {
  private constructor(readonly cases: readonly C[], readonly values: ReadonlyMap<string, Values>) {}

  /** Reads `tests/reference/<room>.json` and `.safetensors`. */
  static async read<C extends { readonly id: string } = Case>(room: string): Promise<Reference<C>> {
    const at = (name: string) => new URL(`../reference/${name}`, import.meta.url);
    const cases = JSON.parse(await Deno.readTextFile(at(`${room}.json`))) as C[];
    const file = await SafetensorsFile.open(await Deno.readFile(at(`${room}.safetensors`)));
    const values = new Map<string, Values>();
    for (const name of file.names) values.set(name, await file.read(name) as Values);
    return new Reference(cases, values);
  }

  /** The numbers named `<id>.<part>`. */
  get(id: string, part: string): Values {
    const values = this.values.get(`${id}.${part}`);
    if (values === undefined) throw new Error(`the reference lacks ${id}.${part}`);
    return values;
  }
}

/** A tensor of the engine with these numbers. */
export function toTensor({ shape, data }: Values, requiresGrad = false): Tensor {
  const dtype = data instanceof Int32Array ? "int32" : "float32";
  return tensor(data, { shape: [...shape], dtype, requiresGrad });
}

/**
 * Compares element by element: NaN equals NaN, infinities must be the same, and others may differ by
 * `tolerance` times the expected element, plus `absolute`.
 *
 * @throws {Error} That names the worst element.
 */
export function assertClose(
  what: string,
  actual: Tensor,
  expected: Values,
  { tolerance, absolute = tolerance / 10 }: { tolerance: number; absolute?: number | undefined },
): void {
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`${what}: expected shape [${expected.shape}] but found [${actual.shape}]`);
  }
  let worst = 0, at = -1;
  const found = actual.data;
  for (let i = 0; i < expected.data.length; i++) {
    const a = found[i]!, b = expected.data[i]!;
    if (Object.is(a, b) || a === b) continue;
    const excess = Math.abs(a - b) / (tolerance * Math.abs(b) + absolute);
    // NaN and infinities on one side only give NaN or infinity here.
    if (!(excess <= worst)) [worst, at] = [Number.isNaN(excess) ? Infinity : excess, i];
  }
  if (worst > 1) {
    throw new Error(
      `${what}[${at}]: expected ${expected.data[at]} but found ${found[at]}, ${
        worst.toPrecision(3)
      } times what is allowed (${tolerance} relative, ${absolute} absolute)`,
    );
  }
}

/** Computes the outputs of a case. */
export type Compute = (inputs: Tensor[], options: Case["options"]) => Tensor | Tensor[];

/** Runs a case and compares its outputs and the gradients of its inputs; then frees everything. */
export function runCase(
  reference: Reference,
  { id, options, ...rest }: Case,
  compute: Compute,
): void {
  const inputs = Array.from(
    { length: rest.inputs },
    (_, i) => toTensor(reference.get(id, `in${i}`), rest.gradients.includes(i)),
  );
  const outputs = [compute(inputs, options)].flat();
  let loss: Tensor | undefined;
  for (const [i, output] of outputs.entries()) {
    assertClose(`${id}.out${i}`, output, reference.get(id, `out${i}`), rest);
    const up = reference.values.get(`${id}.up${i}`);
    if (up === undefined) continue; // nothing here has a gradient
    const part = output.mul(toTensor(up)).sum();
    loss = loss === undefined ? part : loss.add(part);
  }
  loss?.backward();
  for (const i of rest.gradients) {
    const { grad } = inputs[i]!;
    if (!grad) throw new Error(`${id}: input ${i} got no gradient`);
    assertClose(`${id}.grad${i}`, grad, reference.get(id, `grad${i}`), rest);
  }
}

/** Runs `run` on each and gathers the messages of what it throws. */
export function failuresOf<T>(cases: readonly T[], run: (item: T) => void): string[] {
  const failures: string[] = [];
  for (const item of cases) {
    try {
      run(item);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return failures;
}
