import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { fmaPeak } from "./fma_peak.ts";
import { ourName } from "./gpt.ts";
import { TextLineStream } from "./lines.ts";
import type { PeftFigure } from "./peft.ts";
import { median } from "./table.ts";
import { TEXT_PARTS, type TextFigure } from "./texts.ts";
import type { TrainingResult } from "./training.ts";

/** Runs the bench and gives what it printed and what it wrote. */
async function bench(
  ...args: string[]
): Promise<{ text: string; results: Record<string, unknown> }> {
  const json = await Deno.makeTempFile();
  try {
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", main, ...args, "--seconds", "0.1", "--json", json],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const results = JSON.parse(await Deno.readTextFile(json));
    return { text: new TextDecoder().decode(stdout), results };
  } finally {
    await Deno.remove(json);
  }
}

Deno.test("the bench runs and writes its figures", async () => {
  const { text, results } = await bench(
    ...["--only", "train", "--sizes", "tiny", "--modes", "lora"],
  );
  assert(text.includes("tiny lora") && text.includes("ours, WASM"), text);
  const train = results.train as TrainingResult[];
  assertEquals(train.map(({ size, mode }) => `${size} ${mode}`), ["tiny lora"]);
  const [{ parameters, trained, figures }] = train as [TrainingResult];
  assertEquals([parameters, trained], [139_008, 4_096]);
  for (const { median, min, memory, lossDifference } of figures) {
    assert(min > 0 && median >= min && memory > 0);
    assert((lossDifference ?? 0) < 1e-4);
  }
});

Deno.test("the bench compares ways of training", async () => {
  const { results } = await bench("--only", "peft", "--sizes", "tiny", "--threads", "1");
  const ours = (results.peft as PeftFigure[]).filter(({ name }) => name === "ours, WASM");
  assertEquals(ours.map(({ mode }) => mode), ["full", "lora", "lora-all", "freeze"]);
  assertEquals(ours[0]!.ofFull, 1);
  for (const { mode, median, ofFull, saved, due } of ours) {
    assert(median > 0 && ofFull > 0);
    assert(saved! >= due && due >= 0, `${mode} saves ${saved} bytes of ${due}`);
  }
});

for (const part of Object.keys(TEXT_PARTS) as (keyof typeof TEXT_PARTS)[]) {
  Deno.test(`the bench measures ${part}, and all get the same done`, async () => {
    const { text, results } = await bench("--only", part, "--sizes", "tiny", "--threads", "1");
    const figures = results[part] as TextFigure[];
    for (const work of TEXT_PARTS[part]) {
      const own = figures.filter((figure) => figure.work === work);
      assert(own.some(({ name }) => name === "ours"), text);
      for (const { median, min, result } of own) {
        assert(min > 0 && median >= min);
        // Losses begin from weights drawn by each.
        assertAlmostEquals(result, own[0]!.result, part === "classification" ? 0.2 : 0);
      }
    }
  });
}

Deno.test("the loop that finds the peak multiplies and adds", () => {
  const peak = fmaPeak(0.05);
  assert(peak > 0.5 && peak < 1000, `${peak} GFLOP/s`);
});

Deno.test("PyTorch's parameter names become ours", () => {
  assertEquals(ourName("tokens.weight"), "tokens.weight");
  assertEquals(ourName("blocks.1.q.base.weight"), "blocks.1.attention.query.base_layer.weight");
  assertEquals(ourName("blocks.1.up.A"), "blocks.1.feedForward.up.adapters.default.lora_A.weight");
  assertEquals(ourName("blocks.0.ln2.bias"), "blocks.0.feedForwardNorm.bias");
});

Deno.test("lines are cut wherever the pieces end", async () => {
  const pieces = ["one\ntw", "o\r\n", "", "thr", "ee"].map((text) =>
    new TextEncoder().encode(text)
  );
  const lines = await Array.fromAsync(
    ReadableStream.from(pieces).pipeThrough(new TextLineStream()),
  );
  assertEquals(lines, ["one", "two", "three"]);
  assertEquals(median([3, 1, 2]), 2);
});
