import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  FrequentSpanBaseline,
  generateQuestions,
  handQuestions,
  heldOutForms,
  questionAnsweringTask,
  questionForms,
  spanAgreement,
  taskAddresses,
  trainingForms,
} from "@tunebook/finetune";
import { Dataset } from "@tunebook/data";
import csv from "../../../lib/finetune/tasks/hand_questions.csv" with { type: "text" };
import { askAbout } from "../../../lib/finetune/tasks/questions/form.ts";
import { paragraphsOf } from "../../../lib/finetune/tasks/questions/paragraphs.ts";

const task = await questionAnsweringTask();
const made = [task.train, task.validation, task.test, task.heldOutForms];

Deno.test("each form makes its example's question and answer", () => {
  for (const { example, ...form } of questionForms) {
    const asked = askAbout(example.sentence, { example, ...form }, 0)
      .map(({ question, start, end }) => [question, example.sentence.slice(start, end)]);
    assertEquals(asked[0], [example.question, example.answer], form.name);
  }
});

Deno.test("each form asks in at least two ways", () => {
  for (const { name, questions } of questionForms) assert(questions.length >= 2, name);
});

Deno.test("forms have names of their own, and three are kept from training", () => {
  assertEquals(new Set(questionForms.map(({ name }) => name)).size, questionForms.length);
  assertEquals(heldOutForms.map(({ name }) => name), ["how long", "to whom", "from what"]);
  assertEquals(trainingForms.length + heldOutForms.length, questionForms.length);
});

Deno.test("training has 5,000 questions and twelve forms with at least forty each", () => {
  assert(task.train.length >= 5000);
  const counts = Map.groupBy(task.train, ({ form }) => form);
  const large = [...counts].filter(([, examples]) => examples.length >= 40);
  assert(large.length >= 12, `${large.length} forms`);
  for (const { name } of trainingForms) assert(counts.has(name), `${name} finds nothing`);
  for (const { name } of heldOutForms) assert(!counts.has(name), `${name} is in training`);
});

Deno.test("the held-out forms are asked about the test addresses, and nothing else is", () => {
  const names = new Set(heldOutForms.map(({ name }) => name));
  assert(task.heldOutForms.length >= 150);
  assert(task.heldOutForms.toArray().every(({ form }) => names.has(form)));
});

Deno.test("no address is in two parts, and the hand-written questions are about test addresses", async () => {
  const groups = (part: Iterable<{ group: string }>) => new Set([...part].map((e) => e.group));
  const [train, validation] = [groups(task.train), groups(task.validation)];
  const tested = groups([...task.test, ...task.heldOutForms, ...task.handWritten]);
  assert(train.isDisjointFrom(validation));
  assert(tested.isDisjointFrom(train) && tested.isDisjointFrom(validation));
  const test = new Set((await taskAddresses()).test.map((a) => `${a.year} ${a.name}`));
  assertEquals([...test.difference(groups(task.handWritten))], []);
});

Deno.test("answers lie inside paragraphs that fit into 256 tokens with their question", () => {
  for (
    const { question, context, start, end, form } of [
      ...made.flatMap((part) => [...part]),
      ...task.handWritten,
    ]
  ) {
    const answer = context.slice(start, end);
    assert(start >= 0 && start < end && end <= context.length, question);
    assertEquals(answer, answer.trim(), `${form}: ${question}`);
    assert(context.length <= 420 && question.length <= 170, question);
    assert(question.endsWith("?") && /^[A-Z0-9$]/.test(question), question);
  }
});

Deno.test("no paragraph has the same question twice", () => {
  for (const part of made) {
    const keys = part.toArray().map(({ question, context }) => `${question}\n${context}`);
    assertEquals(new Set(keys).size, keys.length);
  }
});

Deno.test("generating twice gives the same questions", async () => {
  const { validation } = await taskAddresses();
  assertEquals(
    generateQuestions(validation, trainingForms).toArray(),
    task.validation.toArray(),
  );
});

Deno.test("paragraphs are free of editors' traces", async () => {
  const { test, train } = await taskAddresses();
  for (const address of [...train, ...test]) {
    for (const paragraph of paragraphsOf(address.text)) {
      assert(!/\[|&quot;|\((?:Applause|Laughter)|[“”‘’—]| {2}/.test(paragraph), paragraph);
    }
  }
});

Deno.test("hand-written questions are 150 or more, each asked once, of paragraphs of the addresses", async () => {
  const questions = handQuestions().toArray();
  assert(questions.length >= 150);
  const keys = questions.map(({ question, context }) => `${question}\n${context}`);
  assertEquals(new Set(keys).size, keys.length);
  const { test } = await taskAddresses();
  const paragraphs = new Map<string, Set<string>>(
    test.toArray().map((
      address,
    ) => [`${address.year} ${address.name}`, new Set(paragraphsOf(address.text))]),
  );
  for (const { group, context } of questions) assert(paragraphs.get(group)!.has(context), context);
});

Deno.test("two annotators answered each hand-written question, and the docs say how far they agree", async () => {
  const questions = handQuestions().toArray();
  const first = questions.map(({ context, start, end }) => context.slice(start, end));
  const second = questions.map(({ question, context, second }) => {
    assert(second && 0 <= second.start && second.start < second.end, question);
    const answer = context.slice(second.start, second.end);
    assertEquals(answer, answer.trim(), question);
    return answer;
  });
  const rows = Dataset.fromCsv(csv).toArray();
  assertEquals(second, rows.map((row) => row.second_answer));

  const { count, exactMatch, tokenF1 } = spanAgreement(first, second);
  const figures = `exact match ${exactMatch.toFixed(3)}, token F1 ${tokenF1.toFixed(3)}`;
  console.log(`${count} questions: ${figures}`);
  for (const file of ["README.md", "tasks/questions/hand.ts"]) {
    const text = await Deno.readTextFile(new URL(`../../../lib/finetune/${file}`, import.meta.url));
    assert(text.includes(figures), `${file} should say: ${figures}`);
  }
});

Deno.test("the baseline learns the kind of span for a question word", () => {
  const baseline = FrequentSpanBaseline.from(task.train);
  assertEquals(baseline.answer("In what year was it sold?", "It was sold in May, 1848."), "1848");
  for (const part of [task.test, task.heldOutForms, task.handWritten]) {
    const { exactMatch, tokenF1 } = baseline.score(part);
    assert(0 <= exactMatch && exactMatch <= tokenF1 && tokenF1 < 0.5);
  }
});

Deno.test("two annotators agree fully with themselves, and the order of the two doesn't matter", () => {
  const one = ["the Senate", "1802", "to keep the peace"];
  const other = ["Senate of the United States", "in 1802", "to keep the peace"];
  assertEquals(spanAgreement(one, one), { count: 3, exactMatch: 1, tokenF1: 1 });
  assertEquals(spanAgreement(one, other), spanAgreement(other, one));
  assertEquals(spanAgreement(one, other).exactMatch, 1 / 3);
});

Deno.test("agreement needs the same questions of both", () => {
  assertThrows(() => spanAgreement(["a"], []), RangeError, "leave out the questions");
  assertThrows(() => spanAgreement([], []), RangeError, "found 0 and 0");
});
