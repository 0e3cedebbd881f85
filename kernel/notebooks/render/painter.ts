import type { Page } from "playwright-core";
import { type HeadlessBrowser, openBrowser } from "../../browser/open.ts";
import { plotlyScript } from "../../renderer/plotly_script.ts";
import type { JsonObject } from "../nbformat.ts";

/** How wide a picture is unless the figure says otherwise, in CSS pixels. */
const WIDTH = 760;
/** How tall. */
const HEIGHT = 400;
/** Picture dots per CSS pixel: sharp enough for a dense screen, and still small. */
const SCALE = 1.5;

/** A figure's picture. */
export interface Picture {
  /** The PNG, in base64. */
  readonly png: string;
  /** How wide it is meant to be shown, in CSS pixels. */
  readonly width: number;
  /** How tall. */
  readonly height: number;
}

/** What is used of plotly.js in the page. */
declare const Plotly: {
  toImage(figure: unknown, options: object): Promise<string>;
  PlotSchema: { get(): { traces: Record<string, unknown> } };
};

/** Draws figures as PNG with plotly.js, one after another in one page of a headless browser. */
export class FigurePainter implements AsyncDisposable {
  #browser: HeadlessBrowser;
  #page: Page;

  private constructor(browser: HeadlessBrowser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /**
   * Starts the browser.
   *
   * @throws {BrowserNotFound} if there is none, with what to install.
   */
  static async open(): Promise<FigurePainter> {
    const browser = await openBrowser();
    const page = await browser.newPage({ colorScheme: "light", deviceScaleFactor: 1 });
    await page.addScriptTag({ content: await plotlyScript() });
    return new FigurePainter(browser, page);
  }

  /**
   * Draws a figure on a white background.
   *
   * @param figure The figure, as plotly's JSON.
   * @returns The PNG and its size on a page.
   * @throws {Error} if plotly.js can't draw it, for instance for an unknown type of trace.
   */
  async paint(figure: JsonObject): Promise<Picture> {
    const { url, ...size } = await this.#page.evaluate(async ({ figure, size }) => {
      const { data, layout = {} } = figure as { data: { type?: string }[]; layout?: Layout };
      const known = Object.keys(Plotly.PlotSchema.get().traces);
      for (const { type = "scatter" } of data) {
        if (!known.includes(type)) {
          throw new Error(`expected a trace of type ${known.join(", ")}, found ${type}`);
        }
      }
      const template = layout.template ?? {};
      const paper = {
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        font: { ...template.layout?.font, color: "#444444" },
      };
      const light = { ...template, layout: { ...template.layout, ...paper } };
      const { width = size.width, height = size.height } = layout;
      const url = await Plotly.toImage({ data, layout: { ...layout, template: light } }, {
        format: "png",
        width,
        height,
        scale: size.scale,
      });
      return { url, width, height };
      interface Layout {
        width?: number;
        height?: number;
        template?: { layout?: { font?: object } };
      }
    }, { figure, size: { width: WIDTH, height: HEIGHT, scale: SCALE } });
    return { png: url.replace("data:image/png;base64,", ""), ...size };
  }

  /** Ends the browser. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
