import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  copyLesson,
  copyLessons,
  describeChanges,
  findLesson,
  lessonNames,
} from "../../../kernel/lab/copies.ts";
import { LabError } from "../../../kernel/lab/errors.ts";
import { TemporaryFolder } from "./helpers.ts";

async function checkoutWithLessons(folder: TemporaryFolder): Promise<void> {
  await folder.write("lessons/00-start/lesson.ipynb", "{}");
  await folder.write("lessons/00-start/exercises.ts", "stub");
  await folder.write("lessons/00-start/pictures/a.svg", "<svg/>");
  await folder.write("lessons/00-start/.ipynb_checkpoints/lesson-checkpoint.ipynb", "{}");
  await folder.write("lessons/01-next/lesson.ipynb", "{}");
  await folder.write("lessons/harness.ts", "no lesson");
}

Deno.test("lessonNames() lists the folders of lessons in order", async () => {
  await using folder = new TemporaryFolder();
  assertEquals(await lessonNames(folder.path), []);
  await checkoutWithLessons(folder);
  assertEquals(await lessonNames(folder.path), ["00-start", "01-next"]);
});

Deno.test("findLesson() takes a name, its start, or a path to it", () => {
  const names = ["00-start", "01-next", "10-last"];
  assertEquals(findLesson(names), "00-start");
  assertEquals(findLesson([]), undefined);
  for (const wanted of ["01-next", "01", "lessons/01-next", "my/01-next/lesson.ipynb"]) {
    assertEquals(findLesson(names, wanted), "01-next", wanted);
  }
  assertThrows(() => findLesson(names, "02"), LabError, "00-start, 01-next, 10-last");
});

Deno.test("copyLesson() copies a lesson once, without an editor's leftovers", async () => {
  await using folder = new TemporaryFolder();
  await checkoutWithLessons(folder);
  const first = await copyLesson(folder.path, "00-start");
  assertEquals(first.copied, ["exercises.ts", "lesson.ipynb", "pictures/a.svg"]);
  assertEquals(first.changed, []);
  assertEquals(await Deno.readTextFile(folder.join("my/00-start/pictures/a.svg")), "<svg/>");

  const second = await copyLesson(folder.path, "00-start");
  assertEquals(second.copied, []);
  assertEquals(second.changed, []);
  const names = (await Array.fromAsync(Deno.readDir(folder.join("my/00-start"))))
    .map((entry) => entry.name).sort();
  assertEquals(names, [".published.json", "exercises.ts", "lesson.ipynb", "pictures"]);
});

Deno.test("copyLesson() never overwrites, and tells what was published since", async () => {
  await using folder = new TemporaryFolder();
  await checkoutWithLessons(folder);
  await copyLessons(folder.path);
  await folder.write("my/00-start/exercises.ts", "my answer");
  assertEquals((await copyLesson(folder.path, "00-start")).changed, [], "the learner's own change");

  await folder.write("lessons/00-start/exercises.ts", "better stub");
  await folder.write("lessons/00-start/checks.ts", "a new file");
  for (const time of ["first", "second"]) {
    const lesson = await copyLesson(folder.path, "00-start");
    assertEquals(lesson.changed, ["exercises.ts"], time);
    assertEquals(lesson.copied, time === "first" ? ["checks.ts"] : []);
    assert(describeChanges([lesson])?.includes("lessons/00-start: exercises.ts"));
  }
  assertEquals(await Deno.readTextFile(folder.join("my/00-start/exercises.ts")), "my answer");
});

Deno.test("copyLesson() gives the new version of a file the learner has deleted", async () => {
  await using folder = new TemporaryFolder();
  await checkoutWithLessons(folder);
  await copyLesson(folder.path, "00-start");
  await folder.write("lessons/00-start/exercises.ts", "better stub");
  await Deno.remove(folder.join("my/00-start/exercises.ts"));
  const lesson = await copyLesson(folder.path, "00-start");
  assertEquals(lesson.copied, ["exercises.ts"]);
  assertEquals(lesson.changed, []);
  assertEquals(await Deno.readTextFile(folder.join("my/00-start/exercises.ts")), "better stub");
  assertEquals((await copyLesson(folder.path, "00-start")).changed, []);
});

Deno.test("describeChanges() says nothing if nothing changed", async () => {
  await using folder = new TemporaryFolder();
  await checkoutWithLessons(folder);
  assertEquals(describeChanges(await copyLessons(folder.path)), undefined);
});
