import { assert, assertEquals, assertRejects } from "@std/assert";
import { pathToFileURL } from "node:url";
import { SmallCnn } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { centerFeatures } from "../../../lib/base/cnn/centered_start.ts";
import { imageTensor } from "../../../lib/base/cnn/batches.ts";
import { IMAGE_CLASSES, labelledImages } from "../../../lib/base/cnn/held_out.ts";
import { pretrainImages } from "../../../lib/base/cnn/pretrain.ts";
import { drawnClothes } from "./synthetic.ts";

const FILES = ["rotation", "classes"].map((kind) => `tunebook-cnn-${kind}/model.safetensors`);

Deno.test("pretraining that was stopped goes on to the same weights, and writes a card", async () => {
  const base = await Deno.makeTempDir();
  try {
    const images = drawnClothes(40);
    const run = (name: string, stop?: { at: number; controller: AbortController }) =>
      pretrainImages({
        folder: pathToFileURL(`${base}/${name}/`),
        checkpoints: `${base}/${name}-checkpoints`,
        steps: 3,
        images,
        ...(stop && {
          signal: stop.controller.signal,
          callbacks: [{
            onStep: ({ step }) => {
              if (step === stop.at) stop.controller.abort(new Error("stopped"));
            },
          }],
        }),
      });
    const whole = await run("whole");
    const stop = { at: 2, controller: new AbortController() };
    await assertRejects(() => run("stopped", stop), Error, "stopped");
    const resumed = await run("stopped");
    for (const file of FILES) {
      const [expected, found] = await Promise.all(
        ["whole", "stopped"].map((name) => Deno.readFile(`${base}/${name}/${file}`)),
      );
      assertEquals(found, expected, file);
    }
    for (const kind of ["rotation", "classes"] as const) {
      const losses = ({ history }: (typeof whole)["classes"]) => history.steps.map((s) => s.loss);
      assertEquals(losses(resumed[kind]), losses(whole[kind]));
      const card = await Deno.readTextFile(`${base}/whole/tunebook-cnn-${kind}/README.md`);
      for (const label of IMAGE_CLASSES.heldOut) assert(card.includes(label));
      assert(card.includes("| 3 | "), "the card has the last step in its table");
    }
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test("other pictures of the classes held out make no other model", async () => {
  const base = await Deno.makeTempDir();
  try {
    const weights = [];
    for (const heldOutSeed of [4, 5]) {
      await pretrainImages({
        folder: pathToFileURL(`${base}/${heldOutSeed}/`),
        checkpoints: `${base}/${heldOutSeed}-checkpoints`,
        steps: 1,
        images: drawnClothes(40, heldOutSeed),
      });
      const read = FILES.map((file) => Deno.readFile(`${base}/${heldOutSeed}/${file}`));
      weights.push(await Promise.all(read));
    }
    assertEquals(weights[0], weights[1]);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test("every feature begins with mean 0 and variance 1, so that none is dead", () => {
  manualSeed(5);
  const model = new SmallCnn({ channels: [4, 8], features: 16 });
  const images = imageTensor(labelledImages(drawnClothes(5)).toArray());
  centerFeatures(model, images);
  const seen = model.blocks.reduce((x, block) => block.forward(x), images).flatten(1);
  const features = model.dense.forward(seen);
  const mean = features.mean(0), variance = features.sub(mean).pow(2).mean(0);
  assert(mean.data.every((value) => Math.abs(value) < 1e-4));
  assert(variance.data.every((value) => Math.abs(value - 1) < 1e-3));
});
