/** Whole notebooks in a folder of their own, through Deno's own tools. */
import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { checkNotebooks, describe } from "../../../kernel/notebooks/types/mod.ts";
import { findNotebooks, main } from "../../../kernel/notebooks/types/main.ts";

interface TestCell {
  source: string;
  tags?: string[];
  type?: "code" | "markdown" | "raw";
}

function notebook(cells: (string | TestCell)[], language = "typescript"): string {
  return JSON.stringify({
    cells: cells.map((cell, i) => {
      const { source, tags = [], type = "code" } = typeof cell === "string"
        ? { source: cell }
        : cell;
      const code = type === "code" ? { execution_count: null, outputs: [] } : {};
      const lines = source.split(/(?<=\n)/);
      return { cell_type: type, id: `c${i}`, metadata: { tags }, ...code, source: lines };
    }),
    metadata: { kernelspec: { name: "deno" }, language_info: { name: language } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** A folder with files; a configuration with strict options and an import map comes with it. */
async function project(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "tunebook-test-types-" });
  const config = {
    imports: { "@course/numbers": "./lib/numbers.ts" },
    compilerOptions: { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
    fmt: { lineWidth: 60 },
  };
  const all = {
    "deno.json": JSON.stringify(config),
    "lib/numbers.ts": "export const list: number[] = [1];\n" +
      "export type Pair<A> = [A, A];\nexport class Sum<A> {\n  constructor(public value: A) {}\n}\n",
    "lessons/words.ts": "export const words: string[] = [];\n",
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const file = join(path, name);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** What is found in one notebook, as lines that begin after its path. */
async function problemsOf(...cells: (string | TestCell)[]): Promise<string[]> {
  await using folder = await project({ "lessons/a.ipynb": notebook(cells) });
  const path = join(folder.path, "lessons", "a.ipynb");
  const { problems } = await checkNotebooks([path]);
  return problems.map((problem) => describe(problem).replace(`${path} `, ""));
}

Deno.test("a notebook in which all is well", async () => {
  assertEquals(
    await problemsOf(
      'import { list, type Pair } from "@course/numbers";\nlist;\n',
      { type: "markdown", source: "const a: string = 5;" },
      { type: "raw", source: "const a: string = 5;" },
      "const a = await Promise.resolve(list.length);\na;",
      "let step = 0;",
      "step++;\nstep = step + a;",
      // Taken again: another type, another import, an import once more.
      'const a = "text";\na.toUpperCase();',
      "function f(): boolean {\n  return true;\n}\nf();",
      "function f<T>(value: T): T[] {\n  return [value];\n}\nf(a).length;",
      "let Box: number | undefined;\nBox;",
      "class Box<T> {\n  value?: T;\n}\nnew Box<string>().value;",
      "const numbers = [1, 2];",
      "const numbers = numbers.map(String);",
      'numbers.join("").toUpperCase();',
      'import { words } from "./words.ts";\nimport { list } from "@course/numbers";\n' +
        "words.concat(list.map(String));",
      'const list = "mine";\nlist.length;',
      "const pair: Pair<string> = [list, list];\npair;",
      'import { Sum } from "@course/numbers";\nnew Sum(1).value + 1;',
      "// Only words.",
      "",
    ),
    [],
  );
});

Deno.test("problems of type name the cell and the line of the newest meaning", async () => {
  const problems = await problemsOf(
    { type: "markdown", source: "# Title" },
    "const a = 1;\nconst b: string = a;",
    'import { list } from "@course/numbers";\n\nconst first: number = list[0];',
    'const a = "text";',
    "a.toFixed();",
    'import { nothing } from "./words.ts";\nnothing;',
    "const options: { rate?: number } = {\n  rate: undefined,\n};\noptions;",
  );
  assertEquals(problems.map((problem) => problem.split(" ").slice(0, 6).join(" ")), [
    "cell 2, line 2: TS2322 Type",
    "cell 3, line 3: TS2322 Type",
    "cell 5, line 1: TS2551 Property",
    "cell 6, line 1: TS2305 Module",
    "cell 7, line 1: TS2375 Type",
  ]);
  assertStringIncludes(problems[3] ?? "", '"./words.ts"');
});

Deno.test("messages have the names of the cells", async () => {
  const [older, imported] = await problemsOf(
    "const rate = 1;",
    "const rate = rate.size;\nrate;",
    'import { list as rate } from "@course/numbers";\nrate.size;',
    'import { missing as rate } from "./words.ts";\nrate;',
  );
  assertStringIncludes(older ?? "", "cell 2, line 1: TS2339 Property 'size' does not exist");
  assertStringIncludes(imported ?? "", "cell 3, line 2: TS2339 Property 'size' does not exist");
});

Deno.test("a name that no cell above declares", async () => {
  assertMatch(
    (await problemsOf("later;", "{\n  const later = 1;\n  later;\n}"))[0] ?? "",
    /^cell 1, line 1: TS2304/,
  );
  assertMatch((await problemsOf("later;", "const later = 1;"))[0] ?? "", /^cell 1, line 1: TS2448/);
});

Deno.test("a mistake of grammar, and a module that is not there", async () => {
  assertMatch((await problemsOf("1;", "\nconst = 2;"))[0] ?? "", /^cell 2, line 2: TS1134/);
  const [problem] = await problemsOf("1;", '1;\nimport { a } from "./gone.ts";\na;');
  assertMatch(problem ?? "", /^cell 2, line 2: (TS\d+|module) .*\.\/gone\.ts/);
});

Deno.test("problems in a module that a notebook imports name the module", async () => {
  await using folder = await project({
    "lessons/words.ts": "export const words: string[] = 5;\n",
    "lessons/a.ipynb": notebook(['import { words } from "./words.ts";\nwords;']),
    "lessons/b.ipynb": notebook(['import { words } from "./words.ts";\nwords;']),
  });
  const lessons = join(await Deno.realPath(folder.path), "lessons");
  const { problems } = await checkNotebooks(await findNotebooks([lessons]));
  assertEquals(problems.map(({ path, line, code }) => ({ path, line, code })), [
    { path: join(lessons, "words.ts"), line: 1, code: "TS2322" },
  ]);
});

Deno.test("lint, without the rules that make no sense in a notebook", async () => {
  assertEquals(
    await problemsOf(
      "const unused = 1;",
      "function inBlock() {}",
      "1;\nlet never = 1;\nnever;",
      "const any: any = 1;\nany;",
    ),
    [
      "cell 3, line 2: prefer-const `never` is never reassigned (Use `const` instead)",
      "cell 4, line 1: no-explicit-any `any` type is not allowed (Use a specific type other than `any`)",
    ],
  );
  assertEquals(await problemsOf("let counter = 0;\ncounter;", "counter++;"), []);
});

Deno.test("format, with the options of the project", async () => {
  assertEquals(
    await problemsOf(
      "const  a=1\na",
      'console.log("a line that is just a little", "longer than it may be");',
      { type: "markdown", source: "*  a list" },
    ),
    [1, 2, 3].map((cell) => `cell ${cell}: fmt is not formatted; run: deno fmt`),
  );
});

Deno.test("a cell tagged skip-types is passed over, and its names are not missed", async () => {
  await using folder = await project({
    "a.ipynb": notebook([
      { source: "const a: string = 5;", tags: ["skip-types"] },
      "a.anything;",
      { source: "const = 5;", tags: ["skip-types"] },
    ]),
  });
  const path = join(folder.path, "a.ipynb");
  const report = await checkNotebooks([path]);
  assertEquals(report.problems.filter(({ code }) => code !== "fmt"), []);
  assertEquals(report.cells, 1);
  assertEquals(report.skipped, [1, 3].map((cell) => ({ path, cell, reason: "tagged skip-types" })));
});

Deno.test("notebooks of another language are passed over; what is no notebook is a problem", async () => {
  await using folder = await project({
    "a.ipynb": notebook(["print(5)"], "python"),
    "b.ipynb": '{"cells": [',
    "c.ipynb": '{"nbformat": 3, "worksheets": []}',
    "d.ipynb": '{"nbformat": 4, "metadata": {"kernelspec": {"name": "deno"}}}',
    "e.ipynb": "null",
  });
  const report = await checkNotebooks(await findNotebooks([folder.path]));
  assertEquals(report.skipped.map(({ reason }) => reason), ["written in python"]);
  const messages = report.problems.map(({ code, message }) => `${code} ${message}`);
  assertEquals(messages.length, 4);
  for (
    const [i, message] of ["JSON", "nbformat 4", "cells to be a list", "a notebook (a JSON object)"]
      .entries()
  ) {
    assertStringIncludes(messages[i] ?? "", `notebook expected ${message}, found`);
  }
});

Deno.test("a folder that the project excludes is checked when it is named", async () => {
  await using folder = await project({
    "deno.json": JSON.stringify({ exclude: ["my"], lint: { exclude: ["my"] } }),
    "my/a.ipynb": notebook(["let a = 1;\nconst b: string = a;\nb;", "const  c = 1;"]),
  });
  const { problems } = await checkNotebooks([join(folder.path, "my", "a.ipynb")]);
  assertEquals(problems.map(({ code }) => code).sort(), ["TS2322", "fmt", "prefer-const"]);
});

Deno.test("the command: exit codes, folders, and names that are not there", async () => {
  await using folder = await project({
    "good/a.ipynb": notebook(["1;"]),
    "good/.ipynb_checkpoints/a.ipynb": notebook(["const a: string = 5;"]),
    "bad/a.ipynb": notebook(["const a: string = 5;\na;"]),
  });
  const run = async (...names: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        new URL("../../../kernel/notebooks/types/main.ts", import.meta.url).href,
        ...names.map((name) => join(folder.path, name)),
      ],
      env: { NO_COLOR: "1" },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  };
  assertEquals(await run("good"), { code: 0, text: "1 notebook, 1 code cell: all well\n" });
  const bad = await run("good", "bad");
  assertEquals(bad.code, 1);
  assertStringIncludes(bad.text, "2 notebooks, 2 code cells: 1 problem\n");
  assertStringIncludes(bad.text, `${join("bad", "a.ipynb")} cell 1, line 1: TS2322`);
  assertEquals(await main([join(folder.path, "gone")]), 1);
});
