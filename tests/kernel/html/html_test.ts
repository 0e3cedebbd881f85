import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toPlotlyJson } from "@tunebook/notebook";
import { openBrowser } from "../../../kernel/browser/open.ts";
import { html } from "../../../kernel/notebooks/html.ts";
import { renderMarkdown } from "../../../kernel/notebooks/html/markdown.ts";
import { renderNotebook, titleOf } from "../../../kernel/notebooks/html/page.ts";
import {
  type Cell,
  FIGURE,
  type Notebook,
  NotebookError,
  type Output,
} from "../../../kernel/notebooks/nbformat.ts";
import { formatNotebook } from "../../../kernel/notebooks/write.ts";

function code(source: string, ...outputs: Output[]): Cell {
  return { cell_type: "code", id: source, metadata: {}, source, execution_count: 1, outputs };
}

function prose(source: string): Cell {
  return { cell_type: "markdown", id: source, metadata: {}, source };
}

function notebookOf(...cells: Cell[]): Notebook {
  const metadata = { kernelspec: { name: "deno" } };
  return { nbformat: 4, nbformat_minor: 5, metadata, cells };
}

function shown(data: Record<string, unknown>): Output {
  return { output_type: "display_data", data, metadata: {} };
}

function plotOf(y: number[], title: string): Output {
  return shown({ [FIGURE]: { ...toPlotlyJson({ data: [{ y }], layout: { title } }) } });
}

const folder = Deno.cwd();

Deno.test("prose becomes HTML with formulas, code, tables", () => {
  const page = renderMarkdown("Let $a^2$.\n\n```ts\nconst a = 1;\n```\n\n|x|\n|-|\n|1|", {
    folder,
  });
  assertStringIncludes(page, "<math");
  assertStringIncludes(page, '<span class="hljs-keyword">const</span>');
  assertStringIncludes(page, "<td>1</td>");
});

Deno.test("formulas stand at the beginning of a line, in brackets, before any mark", () => {
  const page = renderMarkdown("from\n$a$; to ($b$), and $c$-wide", { folder });
  assertEquals(page.match(/<math/g)?.length, 3);
  assert(!page.includes("$"), page);
});

Deno.test("code in an unknown language is escaped", () => {
  assertStringIncludes(renderMarkdown("```zig\na < b\n```", { folder }), "a &lt; b");
});

Deno.test("links between lessons become links between pages; others stay", () => {
  const page = renderMarkdown(
    "[a](../01-words/lesson.ipynb#top) [b](https://example.org/lesson.ipynb) [c](#here)",
    { folder },
  );
  assertStringIncludes(page, 'href="01-words.html#top"');
  assertStringIncludes(page, 'href="https://example.org/lesson.ipynb"');
  assertStringIncludes(page, 'href="#here"');
});

Deno.test("pictures are in the page: pasted into the cell or beside the notebook", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, "a b.png"), new Uint8Array([1, 2, 3]));
    const attachments = { "x.png": { "image/png": "AAAA" } };
    const page = renderMarkdown("![x](attachment:x.png) ![y](a%20b.png)", { folder, attachments });
    assertStringIncludes(page, "data:image/png;base64,AAAA");
    assertStringIncludes(page, "data:image/png;base64,AQID");
    assertThrows(() => renderMarkdown("![z](z.png)", { folder }), NotebookError, "(z.png)");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every kind of output has a place in the page", async () => {
  const page = await renderNotebook(
    notebookOf(
      prose("# On *kinds*"),
      code(
        "const kinds = 1;",
        { output_type: "stream", name: "stdout", text: "\x1b[1ma < b\x1b[0m" },
        { output_type: "error", ename: "E", evalue: "e", traceback: ["\x1b[31mE\x1b[0m: e"] },
        shown({ "text/html": "<b>bold</b>", "text/plain": "plain" }),
        shown({ "image/svg+xml": "<svg></svg>" }),
        shown({ "image/png": "AAAA\n", "text/plain": "a picture" }),
        shown({ "text/markdown": "*em*" }),
        shown({ "text/plain": "1 < 2" }),
      ),
    ),
    folder,
  );
  assertStringIncludes(page, "<title>On kinds</title>");
  assertStringIncludes(page, '<pre class="stdout">a &lt; b</pre>');
  assertStringIncludes(page, '<pre class="error">E: e</pre>');
  assertStringIncludes(page, "<b>bold</b>");
  assertStringIncludes(page, "<svg></svg>");
  assertStringIncludes(page, '<img src="data:image/png;base64,AAAA" alt="a picture">');
  assertStringIncludes(page, "<em>em</em>");
  assertStringIncludes(page, "1 &lt; 2");
  assert(!page.includes("Plotly"), "no plotly.js without figures");
});

Deno.test("a notebook is called by its first heading", () => {
  assertEquals(titleOf(notebookOf(code("// # no"), prose("text\n## `Two` words"))), "Two words");
  assertEquals(titleOf(notebookOf()), "Untitled");
});

Deno.test("in a browser every plot of the page draws, offline, in light and dark", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const text = "</script><b>title</b>";
    const notebook = notebookOf(
      prose("# Plots"),
      code("one", plotOf([1, 3, 2], text)),
      code("two", plotOf([5, 4, 6], "Two")),
    );
    const page = await renderNotebook(notebook, folder);
    assertEquals(page.match(/window\.Plotly = Plotly/g)?.length, 1);
    await Deno.writeTextFile(join(folder, "plots.html"), page);
    await using browser = await openBrowser();
    const papers = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ colorScheme, offline: true });
      const tab = await context.newPage();
      const errors: string[] = [];
      tab.on("pageerror", (error) => errors.push(String(error)));
      await tab.goto(pathToFileURL(join(folder, "plots.html")).href);
      assertEquals(await tab.locator(".scatterlayer .js-line").count(), 2);
      const buttons = await tab.locator(".modebar-btn").evaluateAll((all) =>
        all.map((button) => (button as unknown as { dataset: { title: string } }).dataset.title)
      );
      assert(buttons.includes("Zoom"), String(buttons));
      assert(!buttons.some((title) => /share|cloud/i.test(title)), "a button sends data away");
      papers.push(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor));
      assertEquals(errors, []);
    }
    assertEquals(papers, ["rgb(255, 255, 255)", "rgb(22, 24, 28)"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task html writes a page a lesson and an index", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lessons = join(folder, "lessons");
    for (const name of ["01-one", "02-two"]) {
      await Deno.mkdir(join(lessons, name), { recursive: true });
      const text = formatNotebook(notebookOf(prose(`# Lesson ${name}`)));
      await Deno.writeTextFile(join(lessons, name, "lesson.ipynb"), text);
    }
    const out = join(folder, "out");
    assertEquals(await html(["--out", out], lessons), 0);
    const files = Array.from(Deno.readDirSync(out), ({ name }) => name).sort();
    assertEquals(files, ["01-one.html", "02-two.html", "index.html"]);
    const index = await Deno.readTextFile(join(out, "index.html"));
    assertMatch(index, /<a href="01-one\.html">Lesson 01-one<\/a>[^]*02-two\.html/);

    const some = join(folder, "some");
    assertEquals(await html(["02", "--out", some], lessons), 0);
    assertEquals(Array.from(Deno.readDirSync(some), ({ name }) => name), ["02-two.html"]);
    assertEquals(await html(["07"], lessons), 2);
    assertEquals(await html(["--wrong"], lessons), 2);
    await Deno.writeTextFile(join(folder, "bad.ipynb"), "{");
    assertEquals(await html([join(folder, "bad.ipynb"), "--out", some], lessons), 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
