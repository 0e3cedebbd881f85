import { assert, assertEquals } from "@std/assert";
import { compareOptimizers } from "./optimizer_cases.ts";

Deno.test("optimizers agree with PyTorch after every step", async () => {
  const { cases, failures } = await compareOptimizers();
  assert(cases > 25, `only ${cases} cases`);
  assertEquals(failures, []);
});
