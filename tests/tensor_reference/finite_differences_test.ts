import { assert, assertEquals } from "@std/assert";
import { gradCheck, scope } from "@tunebook/tensor";
import { type Case, type Compute, failuresOf, Reference, toTensor } from "./reference.ts";
import { ROOMS } from "./rooms.ts";

/** Kinks: a difference across one is not the slope on either side. PyTorch's values cover these. */
const KINKED = new Set(["abs", "relu", "clip", "maximum", "minimum", "div", "pow"]);
/** Inputs chosen at the ends of float32's range, where a step of 0.01 is nothing or too much. */
const EXTREME = /edges|large|infinity|far from zero|constant row|everything ignored/;
/** Elements to move, two evaluations each. */
const MOST_ELEMENTS = 200;

for (const [room, calls] of Object.entries(ROOMS)) {
  Deno.test(`gradients of ${room} agree with finite differences`, async () => {
    const reference = await Reference.read(room);
    const size = (one: Case) =>
      one.gradients.reduce((sum, i) => sum + reference.get(one.id, `in${i}`).data.length, 0);
    const suited = reference.cases.filter((one) =>
      one.gradients.length > 0 && size(one) > 0 && size(one) <= MOST_ELEMENTS &&
      !KINKED.has(one.op) && !EXTREME.test(one.id)
    );
    const every = Deno.env.get("TUNEBOOK_TEST") === "full" ? 1 : 10;
    const chosen = suited.filter((_, i) => i % every === 0);
    assert(chosen.length > 1);
    const failures = failuresOf(
      chosen,
      (one) => scope(() => check(calls[one.op]!, reference, one)),
    );
    assertEquals(failures, []);
  });
}

function check(compute: Compute, reference: Reference, one: Case): void {
  const inputs = Array.from(
    { length: one.inputs },
    (_, i) => toTensor(reference.get(one.id, `in${i}`), one.gradients.includes(i)),
  );
  try {
    gradCheck(
      (...moved) => {
        const all = inputs.map((input, i) => moved[one.gradients.indexOf(i)] ?? input);
        return [compute(all, one.options)].flat()[0]!;
      },
      one.gradients.map((i) => inputs[i]!),
      { eps: 5e-3, tolerance: 2e-2 },
    );
  } catch (error) {
    throw new Error(`${one.id}: ${(error as Error).message}`);
  }
}
