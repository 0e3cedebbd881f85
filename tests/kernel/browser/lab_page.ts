/**
 * JupyterLab and Notebook 7 as a reader works with them, driven in a headless browser.
 *
 * @module
 */

import { join } from "node:path";
import type { Page } from "playwright-core";
import type { HeadlessBrowser } from "../../../kernel/browser/open.ts";
import type { Output } from "../../../kernel/notebooks/nbformat.ts";
import type { JupyterServer } from "./server.ts";

/** The application a notebook is opened in. */
export type Application = "lab" | "notebook";

/** What plotly draws for the data itself, without axes and titles. */
export const MARKS = ".mlayer path, .mlayer image, .mlayer text, .barlayer path, .pielayer path";

/** How long any one thing may take on a busy machine, in milliseconds. */
const LIMIT = 180_000;

// What is used of JupyterLab's application object, which the server was told to expose.
interface App {
  commands: { execute(id: string, args?: object): Promise<unknown> };
  shell: {
    currentWidget: {
      context: {
        ready: Promise<void>;
        sessionContext: { session: { kernel: { status: string } | null } | null };
      };
      content: {
        activeCellIndex: number;
        widgets: { node: PageElement; model: { outputs?: { toJSON(): Output[] } } }[];
      };
    };
  };
}
declare const jupyterapp: App;

/** What is used of the elements of a page; Deno's types know no document. */
interface PageElement {
  readonly textContent: string | null;
  readonly naturalWidth: number;
  scrollIntoView(): void;
  getBoundingClientRect(): { width: number; height: number };
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** A notebook that is open in the browser. */
export class NotebookPage implements AsyncDisposable {
  private constructor(readonly page: Page) {}

  /** Opens a notebook of the server's folder, in its own window. */
  static async open(
    browser: HeadlessBrowser,
    server: JupyterServer,
    path: string,
    application: Application = "lab",
  ): Promise<NotebookPage> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    page.setDefaultTimeout(LIMIT);
    const address = server.url(application === "lab" ? `lab/tree/${path}` : `notebooks/${path}`);
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction(() => {
      const { jupyterapp } = globalThis as { jupyterapp?: App };
      return jupyterapp?.shell.currentWidget?.content?.widgets?.length;
    });
    await page.evaluate(() => jupyterapp.shell.currentWidget.context.ready);
    await page.waitForFunction(() => {
      const { session } = jupyterapp.shell.currentWidget.context.sessionContext;
      return session?.kernel?.status === "idle";
    });
    return new NotebookPage(page);
  }

  /** Changes between the light and the dark theme. */
  async setTheme(theme: "Light" | "Dark"): Promise<void> {
    await this.page.evaluate(async (theme) => {
      await jupyterapp.commands.execute("apputils:change-theme", { theme });
    }, `JupyterLab ${theme}`);
    const body = `body[data-jp-theme-light="${theme === "Light"}"]`;
    await this.page.waitForSelector(body, { state: "attached" });
    await this.page.waitForSelector("#jupyterlab-splash", { state: "detached" });
  }

  /** Does what one of JupyterLab's commands does. */
  async execute(command: string): Promise<void> {
    await this.page.evaluate(async (command) => {
      await jupyterapp.commands.execute(command);
    }, command);
  }

  /** Runs a cell and waits for its end. */
  async run(cell: number): Promise<void> {
    await this.page.evaluate(async (cell) => {
      jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
      await jupyterapp.commands.execute("notebook:run-cell");
    }, cell);
  }

  /** Runs all cells, as the menu's Run All does: without waiting for one to end. */
  async runAll(): Promise<void> {
    await this.execute("notebook:run-all-cells");
  }

  /** What JupyterLab shows the kernel as: `idle` or `busy`. */
  async status(): Promise<string | undefined> {
    return await this.page.evaluate(() =>
      jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel?.status
    );
  }

  /** Takes away the outputs of all cells. */
  async clearOutputs(): Promise<void> {
    await this.execute("notebook:clear-all-cell-outputs");
  }

  /** The outputs a cell has now. */
  async outputs(cell: number): Promise<Output[]> {
    return await this.page.evaluate((cell) => {
      const { model } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
      return model.outputs?.toJSON() ?? [];
    }, cell);
  }

  /** Waits until what a reader sees of a cell's outputs contains a text. */
  async waitForText(cell: number, text: string): Promise<void> {
    await this.scrollTo(cell);
    await this.page.waitForFunction(({ cell, text }) => {
      const { node } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
      return node.querySelector(".jp-OutputArea")?.textContent?.includes(text);
    }, { cell, text });
  }

  /** Scrolls to a cell and waits until a plot in it has drawn: has marks that take up room. */
  async waitForPlot(cell: number): Promise<void> {
    await this.scrollTo(cell);
    await this.page.waitForFunction(({ cell, marks }) => {
      const { node } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
      return [...node.querySelectorAll(".js-plotly-plot")].some((plot) =>
        [...plot.querySelectorAll(marks)].some((mark) => {
          const { width, height } = mark.getBoundingClientRect();
          return width + height > 5;
        })
      );
    }, { cell, marks: MARKS });
  }

  /** Scrolls to a cell and waits until a picture in it has loaded. */
  async waitForPicture(cell: number): Promise<void> {
    await this.scrollTo(cell);
    await this.page.waitForFunction((cell) => {
      const { node } = jupyterapp.shell.currentWidget.content.widgets[cell]!;
      return [...node.querySelectorAll("img")].some(({ naturalWidth }) => naturalWidth > 100);
    }, cell);
  }

  /**
   * A picture of what is in view, as PNG. With TUNEBOOK_SCREENSHOTS set to a folder it is kept
   * there, for a person to look at.
   */
  async screenshot(name: string): Promise<Uint8Array> {
    const png = await this.page.screenshot();
    const folder = Deno.env.get("TUNEBOOK_SCREENSHOTS");
    if (folder !== undefined) await Deno.writeFile(join(folder, `${name}.png`), png);
    return png;
  }

  /** Closes the window. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }

  /** Scrolls until a cell is at the top. */
  async scrollTo(cell: number): Promise<void> {
    await this.page.evaluate((cell) => {
      jupyterapp.shell.currentWidget.content.widgets[cell]!.node.scrollIntoView();
    }, cell);
  }
}
