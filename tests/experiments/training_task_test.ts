import { Dataset } from "@tunebook/data";
import { trainingTask } from "@tunebook/experiments";
import {
  evaluateTasks,
  MultiTaskLearner,
  MultiTaskModel,
  type Task,
  TaskMixture,
} from "@tunebook/finetune";
import { Gpt } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { Tokenizer } from "@tunebook/tokenizers";
import { Adam, Trainer } from "@tunebook/training";
import { assertEquals, assertGreater } from "@std/assert";

const WORDS = ["red", "blue", "one", "two"];
const tokenizer = Tokenizer.train([WORDS.join(" ").repeat(20)], {
  vocabSize: 300,
  specialTokens: ["<pad>"],
});

function parts<Example>(of: (first: string, second: string) => Example) {
  const examples = Dataset.from(
    ["red", "blue"].flatMap((first) => ["one", "two"].map((second) => of(first, second))),
  );
  return { train: examples, validation: examples, test: examples };
}

/** One task of each kind, about the same texts. */
const TASKS: Task[] = [
  {
    kind: "classification",
    name: "colour",
    description: "Which colour is it?",
    labelledBy: "constructed",
    labels: ["red", "blue"],
    ...parts((a, b) => ({ text: `${a} ${b}`, label: Number(a === "blue"), group: a })),
  },
  {
    kind: "tokens",
    name: "number",
    description: "Which words are numbers?",
    labelledBy: "constructed",
    labels: ["no", "yes"],
    ...parts((a, b) => ({ words: [a, ` ${b}`], wordLabels: [0, 1], group: a })),
  },
  {
    kind: "questions",
    name: "which",
    description: "Where is the number?",
    labelledBy: "constructed",
    ...parts((a, b) => ({
      question: "two or one?",
      context: `${a} ${b}`,
      start: a.length + 1,
      end: a.length + 1 + b.length,
      form: "which",
      group: a,
    })),
    heldOutForms: Dataset.from([]),
    handWritten: Dataset.from([]),
  },
];

Deno.test("ready tasks of each kind are learned together, and judged by their own measures", async () => {
  manualSeed(1);
  const body = new Gpt({
    vocabSize: tokenizer.vocabSize,
    maxPositions: 32,
    dim: 16,
    layers: 2,
    heads: 2,
    dropout: 0,
  });
  const model = new MultiTaskModel(body, Object.fromEntries(TASKS.map((one) => [one.name, one])));
  const tasks = TASKS.map((task) => trainingTask(task, { tokenizer, batchSize: 2 }));
  const learner = new MultiTaskLearner(model);
  const optimizer = new Adam(model.parameters(), { learningRate: 1e-2 });
  await new Trainer({
    model: learner,
    optimizer,
    data: new TaskMixture(tasks),
    loss: (batches) => learner.loss(batches),
    epochs: 25,
  }).run();
  optimizer.dispose();
  const report = evaluateTasks(model, tasks, "test");
  assertEquals(Object.entries(report.tasks).map(([name, scores]) => [name, Object.keys(scores)]), [
    ["colour", ["accuracy", "macroF1"]],
    ["number", ["macroF1", "accuracy"]],
    ["which", ["tokenF1", "exactMatch"]],
  ]);
  assertGreater(report.average, 0.95, `${report}`);
});
