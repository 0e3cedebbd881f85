import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { copyLesson } from "../../../../kernel/lab/copies.ts";
import { gradeLesson, nextPlace } from "../../../../kernel/lab/learn/course.ts";
import { showNext, showProgress } from "../../../../kernel/lab/learn/screen.ts";
import { resetFile } from "../../../../kernel/lab/reset.ts";

const published = new URL("../../../../lessons/00-start-here/", import.meta.url);
const NAME = "00-start-here";

/** A checkout with one lesson. */
async function checkout(): Promise<string> {
  const root = await Deno.makeTempDir();
  const folder = join(root, "lessons", NAME);
  await Deno.mkdir(folder, { recursive: true });
  for (const name of ["checks.ts", "exercises.ts", "solutions.ts"]) {
    await Deno.copyFile(new URL(name, published), join(folder, name));
  }
  await copyLesson(root, NAME);
  return root;
}

Deno.test("learn shows what is solved, what is next, and a hint on request", async () => {
  const root = await checkout();
  try {
    const answers = join(root, "my", NAME, "exercises.ts");
    const untouched = await Deno.readTextFile(answers);
    let lessons = [await gradeLesson(root, NAME)];
    assertStringIncludes(showProgress(lessons), "0 of 4 exercises\n  00-start-here  ○ ○ ○ ○");
    assertStringIncludes(showNext(lessons), "perThousand");
    assert(!showNext(lessons).includes("Hint:"));
    assertStringIncludes(showNext(lessons, { hint: true }), "Hint:");
    assertEquals(await Deno.readTextFile(answers), untouched);

    await Deno.copyFile(new URL("solutions.ts", published), answers);
    lessons = [await gradeLesson(root, NAME)];
    assertEquals(nextPlace(lessons), undefined);
    assertStringIncludes(showProgress(lessons), "4 of 4 exercises");
    assertStringIncludes(showNext(lessons), "All exercises are right");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("learn says what is wrong with an answer, and with a file that does not run", async () => {
  const root = await checkout();
  try {
    const answers = join(root, "my", NAME, "exercises.ts");
    const stubs = await Deno.readTextFile(answers);
    await Deno.writeTextFile(
      answers,
      stubs.replace("return todo(words, word);", "return words.filter((w) => w === word).length;"),
    );
    let lessons = [await gradeLesson(root, NAME)];
    assertStringIncludes(showProgress(lessons), "◐ ○ ○ ○");
    assertStringIncludes(showNext(lessons), "not right");

    await Deno.writeTextFile(answers, "export function perThousand( {");
    lessons = [await gradeLesson(root, NAME)];
    assertStringIncludes(showProgress(lessons), "does not run");
    const { problem } = lessons[0]!;
    assertStringIncludes(problem!, "SyntaxError: ");
    assertStringIncludes(problem!, "exercises.ts:1:");
    assert(!problem!.includes("grade.ts"), problem);

    await Deno.writeTextFile(answers, "for (;;);");
    lessons = [await gradeLesson(root, NAME, { limitMs: 1500 })];
    assertStringIncludes(showNext(lessons), "a loop that never stops");

    const check = new AbortController();
    const graded = gradeLesson(root, NAME, { signal: check.signal });
    check.abort();
    assertEquals((await graded).exercises, []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("reset puts the stubs back and keeps what was written", async () => {
  const root = await checkout();
  try {
    const answers = join(root, "my", NAME, "exercises.ts");
    const stubs = await Deno.readTextFile(answers);
    await Deno.writeTextFile(answers, "// mine\n");
    const { kept, file } = await resetFile(root, NAME, "exercises.ts", new Date("2030-01-02"));
    assertEquals(file, answers);
    assertEquals(kept, join(root, "my", NAME, "exercises.2030-01-02T00-00-00.ts"));
    assertEquals(await Deno.readTextFile(kept!), "// mine\n");
    assertEquals(await Deno.readTextFile(answers), stubs);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
