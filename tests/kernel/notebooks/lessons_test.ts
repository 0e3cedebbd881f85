import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lessons } from "../../../kernel/notebooks/lessons.ts";
import { type Minutes, readMinutes } from "../../../kernel/notebooks/minutes.ts";
import { NoSuchLessonError, selectLessons } from "../../../kernel/notebooks/select.ts";
import { codeCell, notebookJson, notebookText } from "./sample.ts";

const PROGRAM = fileURLToPath(new URL("../../../kernel/notebooks/lessons.ts", import.meta.url));

/** Runs a test in a temporary folder, with a place for temporary files that must be empty after. */
async function inFolder(run: (folder: string, start: Start) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const temporary = join(folder, "tmp");
  await Deno.mkdir(temporary);
  const start: Start = (args) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", PROGRAM, ...args],
      cwd: folder,
      env: { NO_COLOR: "1", TMPDIR: temporary, TMP: temporary, TEMP: temporary },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  try {
    await run(folder, start);
    assertEquals([...Deno.readDirSync(temporary)].map((entry) => entry.name), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Start = (args: string[]) => Deno.ChildProcess;

async function finish(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const BAD: Record<string, { text: string; code: number; says: string; args?: string[] }> = {
  "truncated JSON": {
    text: notebookText("1").slice(0, 100),
    code: 3,
    says: "The file is cut off or damaged",
  },
  "nbformat 3": { text: '{"nbformat": 3}', code: 3, says: "expected nbformat 4, found 3" },
  "missing metadata": {
    text: '{"nbformat": 4, "cells": []}',
    code: 3,
    says: "expected metadata to be an object, found nothing",
  },
  "a cell that throws": {
    text: notebookText("1", "2;\nthrow new Error('why');"),
    code: 1,
    says: "x.ipynb, cell 2, line 2:\n  1 | 2;\n> 2 | throw new Error('why');\n\n  Error: why",
  },
  "a cell that loops": {
    text: notebookText("while (true) {}"),
    code: 4,
    says: "ran over its limit of 0.5 s",
    args: ["--timeout", "0.5"],
  },
  "a cell that waits for ever": {
    text: notebookText("await new Promise(() => {})"),
    code: 4,
    says: "ran over its limit of 0.5 s",
    args: ["--timeout", "0.5"],
  },
  "a kernel that dies": {
    text: notebookText("Deno.exit(9)"),
    code: 5,
    says: "The kernel ended (with code 9)",
  },
  "no such kernelspec": {
    text: notebookText("1"),
    code: 2,
    says: 'found "no-such-kernel"',
    args: ["--kernel", "no-such-kernel"],
  },
  "a time limit that is none": {
    text: notebookText("1"),
    code: 2,
    says: "a number of seconds, found soon",
    args: ["--timeout", "soon"],
  },
  "an option that is none": {
    text: notebookText("1"),
    code: 2,
    says: "--verbose",
    args: ["--verbose"],
  },
};

BAD["storing the outputs of two kernels"] = {
  text: notebookText("1"),
  code: 2,
  says: "Expected --write with one kernel",
  args: ["--kernel", "both"],
};

BAD["outputs too large to store"] = {
  text: notebookText("console.log('x'.repeat(2_000_000))"),
  code: 6,
  says: "x.ipynb can't be stored: Expected the notebook with its outputs to be at most",
};

for (const [name, { text, code, says, args = [] }] of Object.entries(BAD)) {
  Deno.test(`lessons: ${name} is an error with exit code ${code}`, async () => {
    await inFolder(async (folder, start) => {
      await Deno.writeTextFile(join(folder, "x.ipynb"), text);
      const run = await finish(start(["x.ipynb", "--kernel", "stock", "--write", ...args]));
      assertEquals(run.code, code, run.err);
      assertStringIncludes(run.err, says);
      assert(!run.err.includes("Uncaught"), run.err);
      assertEquals(await Deno.readTextFile(join(folder, "x.ipynb")), text);
    });
  });
}

Deno.test("lessons: --write stores the outputs, and a second time changes nothing", async () => {
  await inFolder(async (folder, start) => {
    const path = join(folder, "x.ipynb");
    const clock = `Deno.jupyter.broadcast("display_data", {
      data: { "text/plain": String(performance.now()) },
      metadata: { tunebook: { volatile: true } },
    }); undefined`;
    await Deno.writeTextFile(
      path,
      JSON.stringify(notebookJson([
        { ...codeCell("console.log('hi'); 2 ** 10", "a"), metadata: { execution: { x: 1 } } },
        codeCell(clock, "b"),
        { ...codeCell("console.log(Date.now())", "c"), metadata: { tunebook: { volatile: true } } },
      ])),
    );
    const args = ["x.ipynb", "--kernel", "stock", "--write"];
    const first = await finish(start(args));
    assertEquals([first.code, first.err], [0, ""]);
    assertMatch(
      first.out,
      /lesson +kernel +cells .* result\nx\.ipynb +Deno +3 +\d+\.\d +passed, stored\n/,
    );
    const stored = await Deno.readTextFile(path);
    assertStringIncludes(stored, '"1024"');
    assertStringIncludes(stored, '"hi\\n"');
    assert(!stored.includes('"execution":'), stored);
    const second = await finish(start(args));
    assertMatch(second.out, /passed, unchanged/);
    assertEquals(await Deno.readTextFile(path), stored);
  });
});

for (const kernel of ["stock", "tunebook"]) {
  Deno.test({
    name:
      `lessons: Ctrl+C leaves no ${kernel} kernel, no temporary file and the notebook as it was`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      inFolder(async (folder, start) => {
        for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
          const sign = join(folder, "running");
          const text = notebookText(
            `Deno.writeTextFileSync(${JSON.stringify(sign)}, String(Deno.pid));`,
            "while (true) {}",
          );
          await Deno.writeTextFile(join(folder, "x.ipynb"), text);
          const child = start(["x.ipynb", "--kernel", kernel, "--write"]);
          const finished = finish(child);
          const pid = await Promise.race([contents(sign), finished.then(tooEarly)]);
          child.kill(signal);
          const run = await finished;
          assertEquals(run.code, code, run.err);
          // SIGCONT does nothing to a process that runs.
          await assertRejects(async () => await Deno.kill(pid, "SIGCONT"), Deno.errors.NotFound);
          assertEquals(await Deno.readTextFile(join(folder, "x.ipynb")), text);
          await Deno.remove(sign);
        }
      }),
  });
}

Deno.test("lessons: outputs that differ from those stored are named, timings aside", async () => {
  await inFolder(async (folder, start) => {
    const path = join(folder, "x.ipynb");
    const clock = { ...codeCell("console.log(Date.now())", "c") };
    await Deno.writeTextFile(
      path,
      JSON.stringify(notebookJson([
        { cell_type: "markdown", id: "m", metadata: {}, source: "text" },
        codeCell("console.log(1 / 3)", "a"),
        { ...clock, metadata: { tunebook: { volatile: true } } },
      ])),
    );
    assertEquals((await finish(start(["x.ipynb", "--write"]))).code, 0);
    const same = await finish(start(["x.ipynb", "--kernel", "both"]));
    assertEquals(same.code, 0, same.err);
    assertMatch(same.out, /Deno \(Tunebook\) .* passed, as stored\n.* Deno .* passed, as stored\n/);

    const stored = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, stored.replace("0.3333333333333333", "0.3333333333333334"));
    const other = await finish(start(["x.ipynb", "--kernel", "stock"]));
    assertEquals(other.code, 7, other.err);
    assertMatch(other.out, /passed; not as stored: cells 2\n/);
  });
});

Deno.test("lessons: --measure stores how long a lesson took in both kernels", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "00-a"));
    await Deno.writeTextFile(join(folder, "00-a", "lesson.ipynb"), notebookText("1", "2"));
    const file = join(folder, "minutes.json");
    await Deno.writeTextFile(file, '{"01-b": {}}');
    assertEquals(await lessons(["00", "--measure"], folder), 0);
    const { "00-a": measured, ...others } = await readMinutes(file);
    assertEquals(others, { "01-b": {} } as unknown as Minutes);
    assertEquals(Object.keys(measured!.kernels), ["tunebook", "stock"]);
    for (const { firstPlot, all } of Object.values(measured!.kernels)) {
      assert(firstPlot === null && all >= 0);
    }
    assertMatch(measured!.machine, /\d cores$/);
  });
});

Deno.test("lessons: our kernel gives the same exit codes as Deno's own", async () => {
  await inFolder(async (folder, start) => {
    const cases: [string, number, string, ...string[]][] = [
      ["1;\nthrow new Error('why');", 1, "x.ipynb, cell 1, line 2:"],
      ["Deno.exit(9)", 5, "exit code 9"],
      ["while (true) {}", 4, "ran over its limit of 0.5 s", "--timeout", "0.5"],
      ["console.log('fine')", 0, ""],
    ];
    for (const [source, code, says, ...args] of cases) {
      await Deno.writeTextFile(join(folder, "x.ipynb"), notebookText(source));
      const run = await finish(start(["x.ipynb", "--kernel", "tunebook", ...args]));
      assertEquals(run.code, code, run.err);
      assertStringIncludes(run.err, says);
    }
  });
});

function tooEarly({ code, err }: { code: number; err: string }): never {
  throw new Error(`Expected a notebook that runs, found its end with code ${code}: ${err}`);
}

/** The number that another process will write to a file. */
async function contents(path: string): Promise<number> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const number = Number(await Deno.readTextFile(path).catch(() => ""));
    if (number > 0) return number;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Waited 30 s for ${path}`);
}

Deno.test("lessons are found by the beginning of their name, or as a file", async () => {
  await inFolder(async (folder) => {
    for (const name of ["01-b", "00-a", "10-c"]) {
      await Deno.mkdir(join(folder, "lessons", name), { recursive: true });
      await Deno.writeTextFile(join(folder, "lessons", name, "lesson.ipynb"), "");
    }
    await Deno.mkdir(join(folder, "lessons", "notes"));
    const select = async (...names: string[]) =>
      (await selectLessons(names, join(folder, "lessons"))).map((lesson) => lesson.name);
    assertEquals(await select(), ["00-a", "01-b", "10-c"]);
    assertEquals(await select("0"), ["00-a", "01-b"]);
    assertEquals(await select("10-c", "00"), ["10-c", "00-a"]);
    assertEquals(await select(join(folder, "lessons", "01-b", "lesson.ipynb")), ["01-b"]);
    const error = await assertRejects(() => select("2"), NoSuchLessonError);
    assertStringIncludes(error.message, 'found "2". Lessons: 00-a, 01-b, 10-c');
  });
});
