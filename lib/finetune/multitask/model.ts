import { type Anatomy, Bert, Model, type ModelInputs, pool, TextModel } from "@tunebook/models";
import { Module } from "@tunebook/nn";
import type { Tensor } from "@tunebook/tensor";
import { PeftModel } from "../peft/peft_model.ts";
import type { TaskBatch } from "./batch.ts";
import type { BodyConfig, HeadKind, TaskHead } from "./heads/head.ts";
import { makeHead } from "./heads/make.ts";
import { TaskHeads } from "./heads/task_heads.ts";

/** The shared part: a model without a head, as it is or with adapters on it. */
export type Encoder = TextModel | PeftModel<TextModel>;

/**
 * One body that all tasks share, with a head for each: what the body learns for one task the others
 * have too ([Caruana 1997](https://doi.org/10.1023/A:1007379606734), "hard parameter sharing").
 *
 * The body is a `Gpt`, `Bert` or `Llama`. Freezing takes the model as any other
 * (`trainOnly(model, { lastBlocks: 1 }, "head")` leaves the heads of all tasks training). For
 * adapters give the body with them: `new MultiTaskModel(applyPeft(new Gpt(…), lora()), …)`; then the
 * adapters are shared, and the heads train beside them.
 *
 * @example
 * ```ts
 * import { MultiTaskModel } from "@tunebook/finetune";
 * import { Gpt } from "@tunebook/models";
 * import { zeros } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new Gpt({ vocabSize: 50, maxPositions: 8, dim: 8, layers: 2, heads: 2 });
 * const model = new MultiTaskModel(body, {
 *   sentiment: { kind: "classification", labels: ["bad", "good"] },
 *   punctuation: { kind: "tokens", labels: ["none", "comma", "stop"] },
 *   answers: { kind: "questions" },
 * });
 * const tokens = zeros([4, 6], { dtype: "int32" });
 * assertEquals(model.forward("sentiment", tokens).shape, [4, 2]);
 * assertEquals(model.forward("punctuation", tokens).shape, [4, 6, 3]);
 * assertEquals(model.forward("answers", tokens).shape, [4, 6, 2]);
 * ```
 */
export class MultiTaskModel extends Model<BodyConfig> {
  /** What all tasks share. */
  encoder: Encoder;
  /** Each task's own part. */
  heads: TaskHeads = new TaskHeads();
  readonly #scales = new Map<string, number>();

  /**
   * Puts a head for each task on a body, which it takes over as it is.
   *
   * @param encoder The body.
   * @param tasks The tasks by name, each with the kind of its head.
   * @throws {TypeError} If the body has a head already.
   */
  constructor(encoder: Encoder, tasks: Readonly<Record<string, HeadKind>>) {
    const body = bodyOf(encoder);
    super(body.config as BodyConfig, {
      architecture: "MultiTaskModel",
      format: { write: () => body.configJson() },
      bodyPrefix: "encoder",
      body: "encoder",
      head: ["heads"],
    });
    this.encoder = encoder;
    for (const [name, kind] of Object.entries(tasks)) this.addTask(name, kind);
  }

  /** The tasks, in the order of their heads. */
  get tasks(): string[] {
    return this.heads.tasks;
  }

  /** The head of a task. @throws {RangeError} If there is none; it lists those there are. */
  head(task: string): TaskHead {
    return this.heads.get(task);
  }

  /**
   * Puts a new head on the body; everything else stays as it is. An optimizer made before doesn't
   * know it.
   *
   * @throws {RangeError} If the name is taken, there are fewer than two labels, or the loss's scale
   *   isn't above 0.
   */
  addTask(name: string, kind: HeadKind): TaskHead {
    const head = makeHead(name, kind, this.config);
    this.heads.add(head);
    this.#scales.set(name, kind.lossScale ?? 1);
    return head;
  }

  /** Takes a task's head off; the body and the other heads stay as they are. */
  removeTask(name: string): TaskHead {
    return this.heads.remove(name);
  }

  /**
   * What a task's head makes of texts.
   *
   * @param task The task.
   * @param input Tokens, int32 `[batch, time]`.
   * @param inputs Mask and token types.
   * @returns Scores: `[batch, labels]`, `[batch, time, labels]`, or `[batch, time, 2]` for spans.
   */
  forward(task: string, input: Tensor, inputs: ModelInputs = {}): Tensor {
    const head = this.head(task); // before the work: an unknown name is found at once
    const hidden = this.encoder.forward(input, inputs);
    return head.forward({ hidden, pooled: () => this.#pool(hidden, inputs.mask) });
  }

  /** The model as it is for one task: what takes a model with one head takes it. */
  forTask(task: string): OneTask {
    return new OneTask(this, this.head(task).task);
  }

  /**
   * The loss of one task's batch, as its head has it or the batch says.
   *
   * @throws {RangeError} If the model has no such task, or a label is beyond the head's.
   * @throws {TypeError} If the targets are of another kind of task.
   */
  loss(batch: TaskBatch): Tensor {
    const { task, input, inputs } = batch;
    const scores = this.forward(task, input, inputs);
    const loss = "loss" in batch
      ? batch.loss(scores)
      : this.head(task).loss(scores, batch.targets, batch.answerMask);
    const scale = this.#scales.get(task) ?? 1;
    return scale === 1 ? loss : loss.mul(scale);
  }

  /** What of the body trains now. */
  sharedParameters(): Tensor[] {
    return this.encoder.parameters().filter(({ requiresGrad }) => requiresGrad);
  }

  /** What of the body's last block trains now; of the whole body if that block is frozen. */
  lastSharedParameters(): Tensor[] {
    const last = this.module(this.anatomy.blocks.at(-1)!).parameters()
      .filter(({ requiresGrad }) => requiresGrad);
    return last.length > 0 ? last : this.sharedParameters();
  }

  /** Where the parts are; the head is that of all tasks. */
  override get anatomy(): Anatomy {
    const { embeddings, blocks, final } = bodyOf(this.encoder).anatomy;
    const root = this.encoder instanceof PeftModel ? "encoder.model" : "encoder";
    const under = (paths: readonly string[]) => paths.map((path) => `${root}.${path}`);
    return {
      embeddings: under(embeddings),
      blocks: under(blocks),
      final: under(final),
      head: ["heads"],
    };
  }

  /** As the body's family has it. */
  override isStoredTransposed(parameter: string): boolean {
    const own = /^encoder\.(.*)$/.exec(parameter)?.[1];
    return own !== undefined && bodyOf(this.encoder).isStoredTransposed(own);
  }

  /** One vector a text, as the family's classifiers make it. */
  #pool(hidden: Tensor, mask: Tensor | undefined): Tensor {
    const body = bodyOf(this.encoder), { pooling } = this.config;
    const vector = pool(hidden, pooling, mask);
    // BERT's pooler was trained on the first token and on nothing else.
    const pooler = body instanceof Bert && pooling === "first" ? body.pooler : undefined;
    return pooler?.forward(vector) ?? vector;
  }
}

/** A {@linkcode MultiTaskModel} as one of its tasks sees it. */
export class OneTask extends Module {
  /** The whole model. */
  readonly model: MultiTaskModel;
  /** The task. */
  readonly task: string;

  /** For {@linkcode MultiTaskModel.forTask}, which checks the name. */
  constructor(model: MultiTaskModel, task: string) {
    super();
    this.model = model;
    this.task = task;
  }

  /** Tokens `[batch, time]` → the scores of the task's head */
  forward(input: Tensor, inputs?: ModelInputs): Tensor {
    return this.model.forward(this.task, input, inputs);
  }
}

/** The model itself, below adapters. */
function bodyOf(encoder: Encoder): TextModel {
  const body = encoder instanceof PeftModel ? encoder.model : encoder;
  if (body instanceof TextModel && body.bodyName === "") return body;
  const name = (body as Model).constructor.name, own = (body as Partial<Model>).bodyName;
  throw new TypeError(
    "Expected a body without a head, such as a Gpt, Bert or Llama, but found a " +
      `${name}${own ? `; give it without its head: model.${own}` : ""}`,
  );
}
