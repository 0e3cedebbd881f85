import { type ComparisonRow, comparisonTable, METHODS } from "@tunebook/experiments";
import { assert, assertEquals } from "@std/assert";

const room = new URL("../../lib/finetune/", import.meta.url);
const { rows } = JSON.parse(await Deno.readTextFile(new URL("comparison.json", room))) as {
  rows: ComparisonRow[];
};
const page = await Deno.readTextFile(new URL("README.md", room));

Deno.test("the comparison has every ready method, with three seeds or more", () => {
  assertEquals(rows.map(({ method }) => method), [...METHODS.keys()]);
  for (const { scores, broken, method } of rows) assert(scores.length + broken >= 3, method);
});

Deno.test("the page of fine-tuning shows the comparison's table", () => {
  const compact = (text: string) => text.replaceAll(/ *\| */g, "|").replaceAll(/-+:?/g, "-");
  const table = comparisonTable(rows);
  assert(compact(page).includes(compact(table)), table);
});

/** What begins each row of the methods' table, and the method that was measured for it. */
const MEASURED: Readonly<Record<string, string>> = {
  "full": "full",
  "freezing, last block": "lastBlock",
  "the head alone": "head",
  "LoRA (": "lora",
  "rsLoRA": "rslora",
  "DoRA": "dora",
  "LoRA+": "loraPlus",
  "QLoRA": "qlora",
  "prefix tuning": "prefix",
  "prompt tuning": "prompt",
  "IA³": "ia3",
  "Houlsby's adapter": "houlsby",
  "BitFit": "bitFit",
  "LayerNorm tuning": "layerNorm",
};

Deno.test("the table of methods says what the comparison measured", () => {
  const lines = page.split("\n");
  for (const [beginning, method] of Object.entries(MEASURED)) {
    const line = lines.find((line) => line.startsWith(`| ${beginning}`))!;
    const { score, secondsPerStep, parameters } = rows.find((row) => row.method === method)!;
    const cells = line.split("|").map((cell) => cell.trim()).slice(-4, -1);
    assertEquals(cells, [
      parameters.trained.toLocaleString("en-US"),
      `${score.value.toFixed(3)} ± ${((score.high - score.low) / 2).toFixed(3)}`,
      (1000 * secondsPerStep).toFixed(0),
    ], method);
  }
});
