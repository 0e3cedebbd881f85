/**
 * Finding a Chromium, Chrome or Edge on this machine.
 *
 * @module
 */

import { currentPlatform, type Environment, type Platform } from "../lab/platform.ts";

/** Thrown when no browser is found; the message says what to install. */
export class BrowserNotFound extends Error {
  override name = "BrowserNotFound";
}

const LINUX_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];

const MAC_APPS = ["Google Chrome", "Chromium", "Microsoft Edge"];

const WINDOWS_PROGRAMS = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Chromium\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * Where a browser may be, the likeliest place first. `TUNEBOOK_BROWSER` names one outright.
 *
 * @param platform The system.
 * @param env The environment: `PATH`, `HOME`, `ProgramFiles`, …
 */
export function browserCandidates(
  platform: Platform,
  env: Environment,
): string[] {
  if (env.TUNEBOOK_BROWSER) return [env.TUNEBOOK_BROWSER];
  switch (platform) {
    case "linux": {
      const folders = (env.PATH ?? "").split(":").filter((folder) => folder !== "");
      return [
        ...LINUX_NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)),
        "/snap/bin/chromium",
      ];
    }
    case "darwin":
      return ["/Applications", ...(env.HOME ? [`${env.HOME}/Applications`] : [])]
        .flatMap((folder) => MAC_APPS.map((app) => `${folder}/${app}.app/Contents/MacOS/${app}`));
    case "windows":
      return [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => WINDOWS_PROGRAMS.map((program) => `${folder}\\${program}`));
  }
}

/** What to do on a machine without a browser. */
export function browserRemedy(platform: Platform): string {
  return {
    linux: "Install one (Debian, Ubuntu: `sudo apt-get install chromium`)",
    darwin: "Install Google Chrome or Chromium in Applications",
    windows: "Install Google Chrome or Microsoft Edge",
  }[platform] + ", or set TUNEBOOK_BROWSER to the program's path.";
}

/**
 * The first browser that is there.
 *
 * @throws {BrowserNotFound} if there is none, with what to install.
 */
export function findBrowser(
  platform: Platform = currentPlatform(),
  env: Environment = Deno.env.toObject(),
): string {
  const candidates = browserCandidates(platform, env);
  const found = candidates.find(isFile);
  if (found !== undefined) return found;
  throw new BrowserNotFound(
    `Expected Chromium, Chrome or Edge but found none${
      env.TUNEBOOK_BROWSER ? ` at TUNEBOOK_BROWSER (${env.TUNEBOOK_BROWSER})` : ""
    }. ${browserRemedy(platform)}`,
  );
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
