import { assert, assertEquals } from "@std/assert";
import { compareLayers } from "./layer_cases.ts";

Deno.test("layers agree with PyTorch: outputs and every gradient", async () => {
  const { cases, failures } = await compareLayers();
  assert(cases > 40, `only ${cases} cases`);
  assertEquals(failures, []);
});
