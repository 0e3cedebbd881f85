import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "@tunebook/tensor";
import { assertClose } from "./reference.ts";
import { compareLarge } from "./large.ts";
import { compareRoom, ROOMS } from "./rooms.ts";

for (const room of Object.keys(ROOMS)) {
  Deno.test(`${room} agree with PyTorch, values and gradients`, async () => {
    const { cases, failures } = await compareRoom(room);
    assert(cases > 30, `only ${cases} cases`);
    assertEquals(failures, []);
  });
}

Deno.test("the comparison itself tells right from wrong", () => {
  const compare = (actual: number, expected: number) => () =>
    assertClose(
      "x",
      tensor([actual]),
      { shape: [1], data: new Float32Array([expected]) },
      { tolerance: 1e-5, absolute: 0 },
    );
  for (const same of [0, 1, -1e-40, NaN, Infinity, -Infinity]) compare(same, same)();
  compare(1 + 5e-6, 1)();
  for (
    const [actual, expected] of [[1.0001, 1], [NaN, 1], [1, NaN], [Infinity, -Infinity], [
      3e38,
      Infinity,
    ], [
      0,
      1e-40,
    ]] as const
  ) {
    assertThrows(compare(actual, expected), Error, "x[0]");
  }
  assertThrows(
    () =>
      assertClose("x", tensor([1]), { shape: [1, 1], data: new Float32Array(1) }, { tolerance: 1 }),
    Error,
    "expected shape",
  );
});

Deno.test("shapes that are split over threads agree with PyTorch", async () => {
  const { cases, failures } = await compareLarge();
  assert(cases > 20, `only ${cases} cases`);
  assertEquals(failures, []);
});
