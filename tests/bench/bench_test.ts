import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { fmaPeak } from "./fma_peak.ts";
import { ourName } from "./gpt.ts";
import { TextLineStream } from "./lines.ts";
import { median } from "./table.ts";
import type { TrainingResult } from "./training.ts";

Deno.test("the bench runs and writes its figures", async () => {
  const json = await Deno.makeTempFile();
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        fileURLToPath(new URL("main.ts", import.meta.url)),
        ...["--only", "train", "--sizes", "tiny", "--modes", "lora", "--seconds", "0.1"],
        ...["--json", json],
      ],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const text = new TextDecoder().decode(stdout);
    assert(text.includes("tiny lora") && text.includes("ours, WASM"), text);
    const { train } = JSON.parse(await Deno.readTextFile(json)) as { train: TrainingResult[] };
    assertEquals(train.map(({ size, mode }) => `${size} ${mode}`), ["tiny lora"]);
    const [{ parameters, trained, figures }] = train as [TrainingResult];
    assertEquals([parameters, trained], [139_008, 4_096]);
    for (const { median, min, memory, lossDifference } of figures) {
      assert(min > 0 && median >= min && memory > 0);
      assert((lossDifference ?? 0) < 1e-4);
    }
  } finally {
    await Deno.remove(json);
  }
});

Deno.test("the loop that finds the peak multiplies and adds", () => {
  const peak = fmaPeak(0.05);
  assert(peak > 0.5 && peak < 1000, `${peak} GFLOP/s`);
});

Deno.test("PyTorch's parameter names become ours", () => {
  assertEquals(ourName("tokens.weight"), "tokens.weight");
  assertEquals(ourName("blocks.1.q.base.weight"), "blocks.1.attention.query.base.weight");
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
