import { Dropout, kaimingUniform, type Layer, Linear } from "@tunebook/nn";
import { letGo, linear, noGrad, scope, type Tensor, zeros } from "@tunebook/tensor";
import { type Affine, LayerAdapter } from "../layer.ts";

/** How a {@linkcode LoraLayer} is made. */
export interface LoraLayerOptions {
  /** Rows of A. */
  rank: number;
  /** Factor on `B A x`. */
  scaling: number;
  /** On what A is given. */
  dropout: number;
  /** Whether B begins at zero. */
  zeroAtFirst: boolean;
}

/** `scale · W x` */
class ScaledLinear extends Linear {
  readonly #scale: number;

  constructor(weight: Tensor, scale: number) {
    const [outputs, inputs] = weight.shape as [number, number];
    super(inputs, outputs, { bias: false, weight });
    this.#scale = scale;
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, undefined, { scale: this.#scale });
  }

  /** `residual + forward(A x)`, in one pass over memory; A x is made again on the way back. */
  onto(residual: Tensor, small: Tensor, x: Tensor, a: Layer & { weight: Tensor }): Tensor {
    const again = { from: [x, a.weight], compute: () => a.forward(x) };
    return linear(small, this.weight, undefined, { residual, scale: this.#scale, again });
  }
}

/** `W x + b + scaling · B A x`: what LoRA puts beside a linear layer. */
export class LoraLayer extends LayerAdapter {
  /** `[inputs]` → `[rank]` */
  lora_A: Layer & { weight: Tensor };
  /** `[rank]` → `[outputs]`, times the factor. */
  lora_B: Layer & { weight: Tensor };
  /** On what A is given. */
  lora_dropout: Dropout;
  /** Factor on `B A x`. */
  readonly scaling: number;

  constructor(inputs: number, outputs: number, options: LoraLayerOptions) {
    super();
    const { rank, scaling, dropout, zeroAtFirst } = options;
    this.lora_A = new Linear(inputs, rank, {
      bias: false,
      weight: kaimingUniform([rank, inputs], { slope: Math.sqrt(5) }),
    });
    this.lora_B = new ScaledLinear(
      zeroAtFirst
        ? zeros([outputs, rank], { requiresGrad: true })
        : kaimingUniform([outputs, rank], { slope: Math.sqrt(5) }),
      scaling,
    );
    this.lora_dropout = new Dropout(dropout);
    this.scaling = scaling;
  }

  override get adds(): boolean {
    return true;
  }

  forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor {
    const dropped = this.lora_dropout.forward(input), small = this.lora_A.forward(dropped);
    const output = inner(input), { lora_A, lora_B } = this;
    const sum = lora_B instanceof ScaledLinear
      ? lora_B.onto(output, small, dropped, lora_A)
      : lora_B.forwardOnto(output, small);
    letGo([dropped, small, output], input, sum);
    return sum;
  }

  merge({ weight, bias }: Affine, _base: Affine): Affine {
    return { weight: weight.add(this.delta()), bias };
  }

  /** `scaling · B A`, `[outputs, inputs]` */
  delta(): Tensor {
    return this.lora_B.weight.matmul(this.lora_A.weight).mul(this.scaling);
  }

  override describe(): string {
    return `rank ${this.lora_A.weight.shape[0]}, × ${this.scaling}`;
  }
}

/**
 * DoRA: each row of `W + scaling · B A` brought to a length of its own, `m`, that trains apart from its
 * direction. As in section 4.3 of the paper, no gradient flows through the present length.
 */
export class DoraLayer extends LoraLayer {
  /** `[outputs]`, each row's length. */
  lora_magnitude_vector: Tensor;
  readonly #base: Affine;

  constructor(base: Affine, options: LoraLayerOptions) {
    const [outputs, inputs] = base.weight.shape as [number, number];
    super(inputs, outputs, options);
    this.#base = base;
    this.lora_magnitude_vector = zeros([outputs], { requiresGrad: true });
    this.restart();
  }

  /** Sets the lengths to the rows' own. */
  restart(): void {
    scope(() => this.lora_magnitude_vector.data.set(this.#lengths().data));
  }

  override get adds(): boolean {
    return false;
  }

  override forward(input: Tensor, inner: (input: Tensor) => Tensor): Tensor {
    const { weight, bias } = this.#base;
    const factor = this.lora_magnitude_vector.div(this.#lengths());
    if (!this.lora_dropout.active) {
      // factor · (W x + s B A x) + b, where what is there already is W x + s B A x + b.
      const scaled = super.forward(input, inner).mul(factor);
      return bias ? scaled.add(bias.mul(factor.neg().add(1))) : scaled;
    }
    // As PEFT has it: what was dropped is missing from the change, not from the layer itself.
    const given = this.lora_dropout.forward(input);
    const learned = this.lora_B.forward(this.lora_A.forward(given));
    return inner(input).add(linear(given, weight).mul(factor.sub(1))).add(learned.mul(factor));
  }

  override merge({ weight, bias }: Affine, _base: Affine): Affine {
    const factor = this.lora_magnitude_vector.div(this.#lengths()).unsqueeze(1);
    return { weight: weight.add(this.delta()).mul(factor), bias };
  }

  /** The length of each row of `W + scaling · B A`, a constant for the gradient. */
  #lengths(): Tensor {
    return noGrad(() => this.#base.weight.add(this.delta()).norm(1));
  }
}
