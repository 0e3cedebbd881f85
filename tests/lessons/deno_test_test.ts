import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type LessonFolder, lessonFolders, root } from "./lessons.ts";

/** What `deno test` prints in a folder, run the way a learner does: without flags. */
async function denoTest(cwd: URL | string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-lock", ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** A learner's copy of a lesson, deleted at the end. */
async function withCopy(lesson: LessonFolder, run: (folder: string) => Promise<void>) {
  const my = fileURLToPath(new URL("my/", root));
  await Deno.mkdir(my, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: my, prefix: "test-" });
  try {
    for await (const { name, isFile } of Deno.readDir(lesson.folder)) {
      if (isFile) await Deno.copyFile(new URL(name, lesson.folder), `${folder}/${name}`);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const lesson of lessonFolders()) {
  const { name, folder } = lesson;

  Deno.test(`${name}: deno test reports untouched stubs as ignored, without flags`, async () => {
    const { code, text } = await denoTest(folder);
    assertEquals(code, 0, text);
    assertMatch(text, /ok \| 0 passed \| 0 failed \| [1-9]\d* ignored/);
    assertStringIncludes(text, "not yet");
  });

  Deno.test(`${name}: deno test -- --solutions passes`, async () => {
    const { code, text } = await denoTest(folder, "-A", "--", "--solutions");
    assertEquals(code, 0, text);
    assertMatch(text, /ok \| [1-9]\d* passed \| 0 failed/);
    assert(!text.includes("not yet"), text);
  });

  Deno.test(`${name}: in a learner's copy, deno test judges the learner's answers`, async () => {
    await withCopy(lesson, async (copy) => {
      const file = `${copy}/exercises.ts`;
      await Deno.copyFile(new URL("solutions.ts", folder), file);
      const solved = await denoTest(copy, "-A");
      assertEquals(solved.code, 0, solved.text);
      assertMatch(solved.text, /ok \| [1-9]\d* passed \| 0 failed/);

      // An answer that returns nothing is begun, and wrong.
      const stubs = await Deno.readTextFile(new URL("exercises.ts", folder));
      const wrong = stubs.replace(/return todo\([^)]*\);/, "return undefined as never;");
      assert(wrong !== stubs, "exercises.ts has no `return todo(…);`");
      await Deno.writeTextFile(file, wrong);
      const failed = await denoTest(copy, "-A");
      assertEquals(failed.code, 1, failed.text);
      assertStringIncludes(failed.text, "Hint: ");
      assertMatch(failed.text, /0 passed \| 1 failed/);
    });
  });
}

Deno.test("working through lessons leaves git nothing to see", async () => {
  const { success } = await new Deno.Command("git", {
    args: ["check-ignore", "--quiet", "my/00-start-here/exercises.ts"],
    cwd: root,
  }).output();
  assert(success, "my/ is not in .gitignore");
});
