/**
 * JupyterLab and Notebook 7 as a reader works with them, driven in a headless browser.
 *
 * @module
 */

import type { Page } from "playwright-core";
import type { HeadlessBrowser } from "../../../kernel/browser/open.ts";
import type { JupyterServer } from "./server.ts";

/** An output as the notebook's model holds it. */
export interface PageOutput {
  output_type: string;
  data?: Record<string, unknown>;
  name?: string;
  text?: string;
  ename?: string;
}

/** What a test does with an open notebook. */
export interface NotebookPage extends AsyncDisposable {
  readonly page: Page;
  /** How many cells there are. */
  cells(): Promise<number>;
  /** Runs a cell and waits for its reply. */
  run(cell: number): Promise<void>;
  /** The outputs a cell has now. */
  outputs(cell: number): Promise<PageOutput[]>;
  /** Waits until a cell's outputs, as JSON, contain a text. */
  waitForOutput(cell: number, text: string): Promise<void>;
  /** Scrolls to a cell, waits until each of its plots has drawn, and counts them. */
  drawnPlots(cell: number, expected: number): Promise<number>;
  /** Saves a picture of what is in view. */
  screenshot(file: string): Promise<void>;
}

/** The application a notebook is opened in. */
export type Application = "lab" | "notebook";

/** How long any one thing may take, in milliseconds. */
const LIMIT = 60_000;

// What the tests use of JupyterLab's application object.
interface App {
  started: Promise<void>;
  commands: { execute(id: string, args?: object): Promise<unknown> };
  shell: { currentWidget: { context: NotebookContext; content: NotebookContent } };
}
interface NotebookContext {
  ready: Promise<void>;
  sessionContext: { ready: Promise<void> };
}
interface NotebookContent {
  activeCellIndex: number;
  widgets: { node: HTMLElement; model: { type: string; outputs?: { toJSON(): PageOutput[] } } }[];
}
declare const jupyterapp: App;

/**
 * Opens a notebook of the server's folder.
 *
 * @param theme The application's theme.
 */
export async function openNotebook(
  browser: HeadlessBrowser,
  server: JupyterServer,
  name: string,
  { application = "lab", theme = "light" }: {
    application?: Application;
    theme?: "light" | "dark";
  } = {},
): Promise<NotebookPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1600 } });
  page.setDefaultTimeout(LIMIT);
  const path = application === "lab" ? `lab/tree/${name}` : `notebooks/${name}`;
  await page.goto(server.url(path));
  await page.waitForFunction(() => {
    const content = globalThis.jupyterapp?.shell?.currentWidget?.content;
    return (content as NotebookContent | undefined)?.widgets?.length;
  });
  await page.evaluate(async (theme) => {
    const { context } = jupyterapp.shell.currentWidget;
    await context.ready;
    await context.sessionContext.ready;
    await jupyterapp.commands.execute("apputils:change-theme", { theme });
  }, theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light");

  const outputs = (cell: number) =>
    page.evaluate((cell) => {
      const { model } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
      return model.outputs?.toJSON() ?? [];
    }, cell);
  const scrollTo = (cell: number) =>
    page.evaluate((cell) => {
      jupyterapp.shell.currentWidget.content.widgets[cell]!.node.scrollIntoView();
    }, cell);

  return {
    page,
    outputs,
    cells: () => page.evaluate(() => jupyterapp.shell.currentWidget.content.widgets.length),
    run: async (cell) => {
      await page.evaluate(async (cell) => {
        jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
        await jupyterapp.commands.execute("notebook:run-cell");
      }, cell);
    },
    waitForOutput: async (cell, text) => {
      await page.waitForFunction(({ cell, text }) => {
        const { model } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
        return JSON.stringify(model.outputs?.toJSON() ?? []).includes(text);
      }, { cell, text });
    },
    drawnPlots: async (cell, expected) => {
      await scrollTo(cell);
      await page.waitForFunction(({ cell, expected }) => {
        const { node } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
        // A plot has drawn when a trace of it has marks of some size.
        const drawn = [...node.querySelectorAll(".js-plotly-plot")].filter((plot) =>
          [...plot.querySelectorAll(".mlayer path, .mlayer image, .pielayer path")].some((mark) => {
            const { width, height } = mark.getBoundingClientRect();
            return width + height > 5;
          })
        );
        return drawn.length === expected;
      }, { cell, expected });
      return expected;
    },
    screenshot: async (file) => {
      await page.screenshot({ path: file });
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}
