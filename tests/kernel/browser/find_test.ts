import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  browserCandidates,
  BrowserNotFound,
  browserRemedy,
  findBrowser,
} from "../../../kernel/browser/find.ts";
import type { Platform } from "../../../kernel/lab/platform.ts";

Deno.test("on Linux the browsers are looked for along the PATH, Chromium first", () => {
  const found = browserCandidates("linux", { PATH: "/usr/local/bin:/usr/bin" });
  assertEquals(found.slice(0, 2), ["/usr/local/bin/chromium", "/usr/bin/chromium"]);
  assertEquals(found.at(-1), "/snap/bin/chromium");
});

Deno.test("on macOS they are looked for in both Applications folders", () => {
  const found = browserCandidates("darwin", { HOME: "/Users/ada" });
  assertEquals(found[0], "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  assertEquals(
    found.at(-1),
    "/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  );
});

Deno.test("on Windows they are looked for in the program folders", () => {
  const env = { ProgramFiles: "C:\\Program Files", LOCALAPPDATA: "C:\\Users\\Ada\\AppData\\Local" };
  const found = browserCandidates("windows", env);
  assertEquals(found[0], "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");
  assertEquals(
    found.at(-1),
    "C:\\Users\\Ada\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe",
  );
});

Deno.test("TUNEBOOK_BROWSER names the only candidate", () => {
  for (const platform of ["linux", "darwin", "windows"] as Platform[]) {
    assertEquals(browserCandidates(platform, { TUNEBOOK_BROWSER: "/opt/b" }), ["/opt/b"]);
  }
});

Deno.test("without a browser the error names the remedy", () => {
  for (const platform of ["linux", "darwin", "windows"] as Platform[]) {
    const env = { TUNEBOOK_BROWSER: "/no/such/browser" };
    const error = assertThrows(() => findBrowser(platform, env), BrowserNotFound);
    assertStringIncludes(error.message, "/no/such/browser");
    assertStringIncludes(error.message, browserRemedy(platform));
  }
});
