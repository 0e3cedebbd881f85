import { Layer, Linear } from "@tunebook/nn";
import { linear, noGrad, type Tensor, zeros } from "@tunebook/tensor";
import { record } from "../../../tensor/autograd.ts";
import { codeBytes, dequantizeNf4, type Nf4Values, quantizeNf4 } from "./nf4.ts";

/**
 * A linear layer whose weight is held in four bits a number and turned into float32 for each product
 * alone, forward and backward: the float32 weight never stays. Its weight can't train; its bias can.
 */
export class Nf4Linear extends Layer {
  /** int32, eight codes each. */
  codes: Tensor;
  /** The largest magnitude of each block. */
  scales: Tensor;
  /** `[outputs]` */
  bias: Tensor | undefined;
  /** `[outputs, inputs]` of the weight. */
  readonly shape: readonly [number, number];
  /** How many numbers share a scale. */
  readonly blockSize: number;

  /** Rounds a layer's weight; the bias is the layer's own. */
  constructor({ weight, bias }: Linear, blockSize: number) {
    super();
    this.shape = weight.shape as readonly [number, number];
    this.blockSize = blockSize;
    this.bias = bias;
    this.codes = this.buffer(zeros([codeBytes(weight.size) / 4], { dtype: "int32" }));
    this.scales = this.buffer(zeros([Math.ceil(weight.size / blockSize)]));
    quantizeNf4(weight.data as Float32Array, blockSize, this.#values());
  }

  /** `[..., inputs]` → `[..., outputs]` */
  forward(input: Tensor): Tensor {
    const { bias } = this;
    const weight = this.dequantize();
    const output = noGrad(() => linear(input, weight, bias));
    weight.dispose();
    const inputs = bias ? [input, bias] : [input];
    return record("nf4Linear", output, inputs, (dy, gradients) => {
      if (gradients.wants(input)) {
        const weight = this.dequantize();
        gradients.give(input, noGrad(() => dy.matmul(weight)));
        weight.dispose();
      }
      if (bias && gradients.wants(bias)) {
        const rows = dy.size / bias.size;
        gradients.give(bias, noGrad(() => dy.reshape(rows, bias.size).sum(0)));
      }
    }, { reads: [] });
  }

  /** The weight as it is after rounding, float32 `[outputs, inputs]`. */
  dequantize(): Tensor {
    const weight = zeros(this.shape);
    dequantizeNf4(this.#values(), this.blockSize, weight.data as Float32Array);
    return weight;
  }

  /** The plain layer of the rounded weight. */
  toLinear(): Linear {
    const [outputs, inputs] = this.shape;
    const weight = this.dequantize();
    weight.requiresGrad = true;
    const layer = new Linear(inputs, outputs, { bias: false, weight });
    weight.requiresGrad = false;
    layer.bias = this.bias;
    return layer;
  }

  /** Views of the buffers, which move when memory grows. */
  #values(): Nf4Values {
    const { buffer, byteOffset, byteLength } = this.codes.data;
    return {
      codes: new Uint8Array(buffer, byteOffset, byteLength),
      scales: this.scales.data as Float32Array,
    };
  }

  /** Its sizes. */
  override describe(): string {
    return `${this.shape[1]} → ${this.shape[0]}, NF4 in blocks of ${this.blockSize}`;
  }
}
