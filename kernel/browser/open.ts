/**
 * One headless browser for what only a browser can do: draw figures as PNG, and test what a reader
 * sees.
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";
import { findBrowser } from "./find.ts";

/** A running browser; `await using` closes it with all its pages. */
export type HeadlessBrowser = Browser;

/**
 * Starts a headless browser with a profile of its own in a temporary folder, which goes with it.
 *
 * @throws {BrowserNotFound} if there is no Chromium, Chrome or Edge.
 * @example
 * ```ts ignore
 * await using browser = await openBrowser();
 * const page = await browser.newPage();
 * await page.setContent("<h1>Hello</h1>");
 * ```
 */
export async function openBrowser(): Promise<HeadlessBrowser> {
  return await chromium.launch({
    executablePath: findBrowser(),
    // The sandbox needs rights that containers and root don't have; only our own pages are opened.
    chromiumSandbox: false,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--force-color-profile=srgb",
      "--font-render-hinting=none",
    ],
  });
}
