import { modelFromConfig, TextModel } from "@tunebook/models";
import { scope, type Tensor, zerosLike } from "@tunebook/tensor";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { assertClose, Reference, toTensor, type Values } from "../tensor_reference/reference.ts";

interface ModelCase {
  readonly id: string;
  readonly op: string;
  /** Whether there is an output for each token; those of padding don't matter. */
  readonly ofTokens: boolean;
  readonly tolerance: number;
  readonly state: readonly string[];
  readonly config: Record<string, unknown>;
}

const reference = await Reference.read<ModelCase>("models");

for (const one of reference.cases) {
  Deno.test(`${one.id} gives transformers' outputs and gradients`, () => {
    scope(() => {
      const model = build(one, "state");
      assertEquals(model.architecture, one.op);
      const mask = toTensor(reference.get(one.id, "in1"));
      const tokens = toTensor(reference.get(one.id, "in0"));
      const types = reference.values.get(`${one.id}.in2`);
      const inputs = { mask, ...(types && { tokenTypes: toTensor(types) }) };
      const output = model.forward(tokens, inputs);
      const expected = reference.get(one.id, "out0");
      const given = one.ofTokens ? withoutPadding(output, expected, mask) : output;
      assertClose(one.id, given, expected, { tolerance: one.tolerance, absolute: 1e-4 });

      // Attention step by step, as it is for dropout and pictures, gives the same.
      const trace = { attentions: [] as Tensor[], hiddenStates: [] as Tensor[] };
      const traced = model.forward(tokens, { ...inputs, trace });
      assertTrace(model, trace, mask);
      const seen = one.ofTokens ? withoutPadding(traced, expected, mask) : traced;
      assertClose(`${one.id}, traced`, seen, expected, {
        tolerance: one.tolerance,
        absolute: 1e-4,
      });

      output.mul(toTensor(reference.get(one.id, "up0"))).sum().backward();
      const gradients = build(one, "stategrad").stateDict();
      for (const [name, parameter] of model.namedParameters()) {
        const expected = gradients.get(name)!;
        // The pooler takes no part in a bare model's output.
        if (!parameter.grad) assert(expected.data.every((v) => v === 0), `${name} got no gradient`);
        assertClose(`gradient of ${name}`, parameter.grad ?? zerosLike(parameter), expected, {
          tolerance: one.tolerance,
          absolute: 1e-4,
        });
      }
    });
  });

  Deno.test(`${one.id} writes the weights and the config it was read from`, () => {
    scope(() => {
      const model = build(one, "state");
      const stored = model.storedState();
      assertEquals([...stored.keys()].sort(), [...one.state].sort());
      for (const [name, { shape, data }] of stored) {
        const expected = reference.get(one.id, `state.${name}`);
        assertEquals({ shape, data }, { shape: expected.shape, data: expected.data });
      }
      assertEquals(modelFromConfig(model.configJson()).config, model.config);
    });
  });
}

/** The model of a case, in evaluation, its parameters set to the values that are stored as `part`. */
function build({ id, config, state }: ModelCase, part: string): TextModel {
  const model = modelFromConfig(config);
  const values = state.map((name) => [name, reference.get(id, `${part}.${name}`)] as const);
  const report = model.loadStoredState(values);
  assertEquals(report, { missing: [], unexpected: [] });
  assert(model instanceof TextModel);
  return model.eval() as TextModel;
}

/** Each block left its picture, and all that a token looks at adds up to one and isn't padding. */
function assertTrace(
  model: TextModel,
  { attentions, hiddenStates }: { attentions: Tensor[]; hiddenStates: Tensor[] },
  mask: Tensor,
): void {
  const blocks = model.anatomy.blocks.length, [batch, time] = mask.shape as [number, number];
  assertEquals([attentions.length, hiddenStates.length], [blocks, blocks + 1]);
  for (const weights of attentions) {
    assertEquals([weights.shape[0], weights.shape[2], weights.shape[3]], [batch, time, time]);
    for (const sum of weights.sum(3).data) assertAlmostEquals(sum, 1, 1e-5);
    const onPadding = weights.mul(mask.reshape(batch, 1, 1, time).float().mul(-1).add(1));
    assertEquals(onPadding.sum().item(), 0);
  }
}

/** The output, with what is expected in the rows of padding. */
function withoutPadding(output: Tensor, expected: Values, mask: Tensor): Tensor {
  const copy = output.detach().clone();
  const width = output.size / mask.size;
  for (const [row, isToken] of mask.data.entries()) {
    if (isToken) continue;
    copy.data.set(expected.data.subarray(row * width, (row + 1) * width), row * width);
  }
  return copy;
}
