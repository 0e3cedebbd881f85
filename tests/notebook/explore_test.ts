import { explore } from "@tunebook/notebook";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { findKernelspec, KernelClient } from "../../kernel/client/mod.ts";
import type { JsonObject, Message } from "../../kernel/wire/mod.ts";
import { errorText, printed as printedIn, TestKernel, until } from "../kernel/relay/client.ts";
import { printed } from "./printed.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIGURE = "application/vnd.plotly.v1+json";
const CONTROL = "application/vnd.jupyter.widget-view+json";

const ranks = [1, 2, 4, 8];
const figureOf = (rank: number) => ({
  data: [{ y: [rank, 2 * rank] }],
  layout: { title: `rank ${rank}` },
});

Deno.test("in a terminal explore describes the figure that is shown at the start", async () => {
  const drawn: number[] = [];
  const lines = await printed(() =>
    explore({ label: "rank", values: ranks, value: 4 }, (rank) => {
      drawn.push(rank);
      return figureOf(rank);
    })
  );
  assertEquals(lines, ["Plot: rank 4 — 1 trace, 2 points"]);
  assertEquals(drawn, [4]);
});

Deno.test("explore refuses to start where there is no value", async () => {
  await assertRejects(
    () => explore({ label: "rank", values: [] }, figureOf),
    RangeError,
    "Expected values to explore but found none",
  );
  await assertRejects(
    () => explore({ label: "rank", values: ranks, value: 3 }, figureOf),
    RangeError,
    "Expected value to be one of 1, 2, 4, 8 but found 3",
  );
});

for (const [name, types] of [["stock", []], ["tunebook", [CONTROL]]] as const) {
  Deno.test(`${name} kernel: explore shows figures drawn beforehand, with plotly's slider`, async () => {
    await using kernel = await KernelClient.start({
      kernelspec: await findKernelspec(name),
      cwd: ROOT,
      env: { TUNEBOOK_PLOTLY: "mime" },
    });
    const { status, outputs } = await kernel.execute(
      `const { explore } = await import("@tunebook/notebook");
      const values = Array.from({ length: 41 }, (_, i) => i - 20);
      await explore(
        { label: "weight", values, value: 3, format: (weight) => weight + " kg" },
        async (weight) => ({ data: [{ y: [weight] }], layout: { title: "weight " + weight } }),
      );`,
      { limitMs: 60_000 },
    );
    assertEquals(status, "ok");
    const shown = outputs.findLast((output) => "data" in output && FIGURE in output.data);
    assert(shown && "data" in shown);
    assertEquals(Object.keys(shown.data).sort(), [FIGURE, "text/plain", ...types].sort());
    const { data, layout } = shown.data[FIGURE] as {
      data: { y: number[]; visible: boolean }[];
      layout: {
        title: { text: string };
        sliders: { active: number; currentvalue: JsonObject; steps: { label: string }[] }[];
      };
    };
    const stored = data.map(({ y }) => y[0]!);
    assertEquals([stored.length, stored[0], stored.at(-1)], [12, -20, 20]);
    assertEquals(stored, stored.toSorted((a, b) => a - b));
    assertEquals(data.filter(({ visible }) => visible).map(({ y }) => y), [[3]]);
    assertEquals(layout.title.text, "weight 3");
    const [slider] = layout.sliders;
    assertEquals(slider!.active, stored.indexOf(3));
    assertEquals(slider!.currentvalue, { visible: true, prefix: "weight: " });
    assertEquals(slider!.steps.map(({ label }) => label), stored.map((weight) => `${weight} kg`));
  });
}

/** A kernel with a control of `explore`, and what a front-end would say to it. */
async function exploreIn(draw: string) {
  await Deno.mkdir(`${ROOT}/.deno`, { recursive: true });
  const kernel = await TestKernel.start({ inside: `${ROOT}/.deno` });
  const cell = kernel.submit(
    `import { explore } from "@tunebook/notebook";
await explore({ label: "rank", values: [1, 2, 4, 8] }, ${draw});`,
  );
  const { reply, outputs } = await kernel.finish(cell);
  assertEquals(reply.status, "ok", String(reply.evalue));
  const open = outputs.find(({ header }) => header.msg_type === "comm_open")!;
  const say = async (data: JsonObject): Promise<JsonObject[]> => {
    const { comm_id } = open.content;
    const answers = await kernel.request("comm_msg", { comm_id, data }).outputs;
    return dataOf(answers);
  };
  const move = (index: number) => say({ method: "update", state: { index }, buffer_paths: [] });
  return { kernel, cell, open: open.content.data as { state: JsonObject }, say, move };
}

function dataOf(messages: readonly Message[]): JsonObject[] {
  return messages.filter(({ header }) => header.msg_type === "comm_msg")
    .map(({ content }) => content.data as JsonObject);
}

Deno.test("on the course's kernel every move of the slider runs the function anew", async () => {
  const { kernel, cell, open, say, move } = await exploreIn(`(rank) => {
    console.log("drawn", rank);
    return { data: [{ y: [rank, Math.round(1000 * Math.random())] }] };
  }`);
  await using _ = kernel;
  assertEquals(open.state.texts, ["1", "2", "4", "8"]);
  const [first, second] = [await move(2), await move(2)];
  const shown = ([data]: JsonObject[]) => data!.state as { shown: number; figure: JsonObject };
  assertEquals([shown(first).shown, first.length], [2, 1]);
  assertStringIncludes(JSON.stringify(shown(first).figure), '"y":[4,');
  assert(JSON.stringify(first) !== JSON.stringify(second), "it was not run again");
  await until(() => printedIn(cell.late) === "drawn 4\ndrawn 4\n");

  // A page that is loaded anew gets all of it, as it stands.
  const [{ state }] = await say({ method: "request_state" }) as [{ state: JsonObject }];
  assertEquals([state.index, state.shown, state.label], [2, 2, "rank"]);
  assertStringIncludes(String(state._esm), "render");

  // A front end without plotly.js asks for it.
  const [script] = await say({ method: "custom", content: { wants: "plotly.js" } });
  assert(JSON.stringify(script).length > 1_000_000);
});

Deno.test("an error in the function is shown above the plot, and once in the cell", async () => {
  const { kernel, cell, move } = await exploreIn(`(rank) => {
  if (rank > 2 && globalThis.careful) throw new RangeError("rank " + rank + " is too high");
  return { data: [{ y: [rank] }] };
}`);
  await using _ = kernel;
  await kernel.run("globalThis.careful = true");
  const failures = async (index: number) => (await move(index)).map(({ state }) => state);
  assertEquals(await failures(2), [{ shown: 2, failure: "RangeError: rank 4 is too high" }]);
  assertEquals(await failures(3), [{ shown: 3, failure: "RangeError: rank 8 is too high" }]);
  const errors = () => cell.late.filter(({ header }) => header.msg_type === "error");
  await until(() => errors().length > 0);
  assertStringIncludes(errorText(cell.late), "Cell [1]:3:");
  const [{ failure, shown }] = await failures(0) as [JsonObject];
  assertEquals([failure, shown], ["", 0]);
  assertEquals(errors().length, 1);
  await failures(3);
  await until(() => errors().length === 2);
});
