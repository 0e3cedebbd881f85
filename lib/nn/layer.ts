import { letGo, type Tensor } from "@tunebook/tensor";
import { type ActivationName, ACTIVATIONS } from "./activations.ts";
import { Module } from "./module.ts";

/**
 * A module that takes one tensor and gives one: what {@linkcode Sequential} chains, and what a
 * fine-tuning method may put in another's place.
 *
 * The two methods beside `forward` are what a transformer does with a layer's output. A layer that
 * can do them in the same pass over memory overrides them; the numbers are the same.
 */
export abstract class Layer extends Module {
  /** Computes the output. */
  abstract forward(input: Tensor): Tensor;

  /** `residual + forward(input)` */
  forwardOnto(residual: Tensor, input: Tensor): Tensor {
    const added = this.forward(input), output = residual.add(added);
    letGo([added], input, output);
    return output;
  }

  /** `activation(forward(input))` */
  forwardInto(activation: ActivationName, input: Tensor): Tensor {
    const given = this.forward(input), output = ACTIVATIONS[activation](given);
    letGo([given], input, output);
    return output;
  }
}
