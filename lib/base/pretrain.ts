/**
 * `deno task pretrain`: makes the base models anew.
 *
 * - `--image` makes the two image models instead of the language model;
 * - `--steps N` for another length, `--folder DIR` for another place than the committed ones.
 *
 * A run that was stopped goes on from its last checkpoint when it is started again.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { cacheFolder } from "@tunebook/data";
import { progressLine } from "./progress_line.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    image: { type: "boolean", default: false },
    steps: { type: "string" },
    folder: { type: "string" },
  },
});
const steps = options.steps === undefined ? undefined : Number(options.steps);
if (steps !== undefined && !(Number.isInteger(steps) && steps > 0)) {
  console.error(`Expected --steps to be a whole number above 0 but found ${options.steps}`);
  Deno.exit(2);
}
const stop = new AbortController();
Deno.addSignalListener("SIGINT", () => {
  console.log("\nStopping after this step; the same command goes on from here.");
  stop.abort(new Deno.errors.Interrupted("stopped by you"));
});

try {
  const checkpoints = `${cacheFolder(Deno.build.os, (name) => Deno.env.get(name))}/pretraining`;
  if (options.image) {
    const { pretrainImages } = await import("./cnn/pretrain.ts");
    const { rotation, classes } = await pretrainImages({
      folder: options.folder ? pathToFileURL(`${options.folder}/`) : new URL("./", import.meta.url),
      checkpoints,
      ...(steps === undefined ? {} : { steps }),
      callbacks: [progressLine()],
      say: console.log,
      signal: stop.signal,
    });
    console.table({
      rotation: { testAccuracy: rotation.testAccuracy },
      classes: { testAccuracy: classes.testAccuracy },
    });
  } else {
    const { pretrainText } = await import("./gpt/pretrain.ts");
    const { judged } = await pretrainText({
      folder: options.folder ?? new URL("tunebook-gpt", import.meta.url),
      checkpoints: `${checkpoints}/tunebook-gpt${steps === undefined ? "" : `-${steps}`}`,
      ...(steps === undefined ? {} : { steps }),
      callbacks: [progressLine()],
      say: console.log,
      signal: stop.signal,
    });
    console.table(judged);
  }
} catch (error) {
  if (!(error instanceof Deno.errors.Interrupted)) throw error;
  Deno.exit(130);
}
