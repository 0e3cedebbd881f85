import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { fileURLToPath } from "node:url";
import { baseCnn } from "@tunebook/base";
import { fashionMnist } from "@tunebook/data";
import { SmallCnn, type SmallCnnForImageClassification } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { noGrad } from "@tunebook/tensor";
import { accuracy } from "@tunebook/training";
import { classBatch, type ImageBatch, rotationBatch } from "../../../lib/base/cnn/batches.ts";
import { IMAGE_CLASSES, imageRole, labelledImages } from "../../../lib/base/cnn/held_out.ts";

const KINDS = ["rotation", "classes"] as const;

/** Four real pictures of each class, all held out for tasks. */
async function unseen() {
  const csv = fileURLToPath(new URL("unseen_images.csv", import.meta.url));
  return labelledImages(await fashionMnist({ csv }));
}

function score(model: SmallCnnForImageClassification, { images, answers }: ImageBatch): number {
  return noGrad(() => accuracy(answers.data, model.forward(images).argmax(1).data));
}

Deno.test("the committed image models take less than 1 MB together, weights as f16", async () => {
  let bytes = 0;
  for (const kind of KINDS) {
    const folder = new URL(`../../../lib/base/tunebook-cnn-${kind}/`, import.meta.url);
    for await (const { name } of Deno.readDir(folder)) {
      bytes += (await Deno.stat(new URL(name, folder))).size;
    }
    const config = JSON.parse(await Deno.readTextFile(new URL("config.json", folder)));
    assertEquals(config.dtype, "float16");
    const card = await Deno.readTextFile(new URL("README.md", folder));
    for (const label of IMAGE_CLASSES.heldOut) assert(card.includes(label));
  }
  assertLess(bytes, 1e6);
});

Deno.test("the committed pictures are real ones that no base model saw", async () => {
  const images = await unseen();
  assertEquals(images.length, 40);
  for (const image of images) assertEquals(imageRole(image), "tasks");
});

Deno.test("one committed model sees how pictures are turned, of unseen classes as well", async () => {
  const model = await baseCnn("rotation");
  const images = await unseen();
  assertGreater(score(model, rotationBatch(images.toArray())), 0.7);
  const never = images.filter(({ label }) => IMAGE_CLASSES.heldOut.includes(label));
  assertGreater(score(model, rotationBatch(never.toArray())), 0.5);
});

Deno.test("the other names the classes that it was shown", async () => {
  const model = await baseCnn("classes");
  assertEquals(model.config.labels, [...IMAGE_CLASSES.pretraining]);
  const shown = (await unseen()).filter(({ label }) => IMAGE_CLASSES.pretraining.includes(label));
  assertGreater(score(model, classBatch(shown.toArray(), model.config.labels)), 0.7);
});

Deno.test("with labels of its own, a loaded model has the body and a new head", async () => {
  for (const kind of KINDS) {
    const body = await baseCnn(kind, { as: SmallCnn });
    const old = await baseCnn(kind);
    const labels = old.config.labels.map((_, i) => `${i}`);
    manualSeed(3);
    const model = await baseCnn(kind, { config: { labels } });
    assert(!model.training);
    assertEquals(model.config.labels, labels);
    assertEquals(model.cnn.dense.parameters()[0]!.data, body.dense.parameters()[0]!.data);
    const [head, before] = [model, old].map(({ classifier }) => classifier.parameters()[0]!.data);
    assert(head!.some((weight, i) => weight !== before![i]), "the head is the old one");
  }
});
