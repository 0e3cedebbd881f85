import {
  fitAnswers,
  QUESTION_SETS,
  QUESTION_STUDY_FILE,
  questionStudy,
  type QuestionStudyKey,
  questionStudyTable,
  type QuestionStudyValue,
  questionTests,
  readRuns,
} from "@tunebook/experiments";
import { baseTokenizer } from "@tunebook/base";
import { FrequentSpanBaseline, questionAnsweringTask } from "@tunebook/finetune";
import { BertForQuestionAnswering } from "@tunebook/models";
import { assert, assertEquals } from "@std/assert";

const study = await readRuns<QuestionStudyKey, QuestionStudyValue>(QUESTION_STUDY_FILE, {
  experiment: questionStudy.name,
  version: questionStudy.version,
});

Deno.test("a small BERT goes the way of the study", async () => {
  const whole = await questionAnsweringTask(), tokenizer = await baseTokenizer();
  const few = questionTests(whole, 20);
  assertEquals([few["forms of training"].length, few["written by hand"].length], [20, 193]);
  const tests = {
    ...few,
    "held-out forms": few["held-out forms"].take(7),
    "written by hand": few["written by hand"].take(5),
  };
  const { scores, parameters } = await fitAnswers({
    task: { ...whole, train: whole.train.take(32), validation: whole.validation.take(8) },
    tokenizer,
    model: () =>
      new BertForQuestionAnswering({
        ...{ vocabSize: tokenizer.vocabSize, maxPositions: 160, dim: 16, layers: 1, heads: 2 },
        ...{ hidden: 32, hiddenDropout: 0, attentionDropout: 0 },
      }),
    method: "loraAll",
    learningRate: 1e-2,
    steps: 2,
    batchSize: 4,
    maxLength: 160,
  }, tests);
  assert(parameters!.trained < parameters!.all);
  assertEquals(Object.keys(scores), [...QUESTION_SETS]);
  for (const set of QUESTION_SETS) {
    const { exactMatch, tokenF1 } = scores[set];
    assert(0 <= exactMatch && exactMatch <= tokenF1 && tokenF1 <= 1, set);
    // A share of so many questions.
    const right = exactMatch * tests[set].length;
    assert(Math.abs(right - Math.round(right)) < 1e-9, set);
  }
});

Deno.test("the baseline of the study is the one there is", async () => {
  const task = await questionAnsweringTask();
  const { value } = study!.rows[0]!;
  const score = FrequentSpanBaseline.from(task.train).score(task.handWritten);
  assertEquals(value.scores!["written by hand"], score);
});

Deno.test("the page of fine-tuning shows the study's table", async () => {
  assertEquals(study!.rows.map(({ key }) => key), [...questionStudy.rows]);
  const page = await Deno.readTextFile(
    new URL("../../lib/finetune/README.md", import.meta.url),
  );
  const compact = (text: string) => text.replaceAll(/ *\| */g, "|").replaceAll(/-+/g, "-");
  const table = questionStudyTable(study!.rows);
  assert(compact(page).includes(compact(table)), table);
  const { train, heldOutForms } = await questionAnsweringTask();
  const counts = [train, heldOutForms].map(({ length }) => length.toLocaleString("en-US"));
  for (const count of counts) assert(page.includes(count), count);
});
