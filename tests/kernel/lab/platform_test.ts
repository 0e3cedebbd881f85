import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  currentPlatform,
  executableName,
  pythonCandidates,
  userJupyterDir,
  venvBin,
  venvExecutable,
} from "../../../kernel/lab/platform.ts";

Deno.test("currentPlatform() counts other Unixes as Linux", () => {
  assertEquals(currentPlatform("windows"), "windows");
  assertEquals(currentPlatform("darwin"), "darwin");
  assertEquals(currentPlatform("linux"), "linux");
  assertEquals(currentPlatform("freebsd"), "linux");
});

Deno.test("executables of a virtual environment lie where each platform puts them", () => {
  assertEquals(venvExecutable("linux", "/c/.venv", "python"), "/c/.venv/bin/python");
  assertEquals(venvExecutable("darwin", "/c/.venv", "jupyter"), "/c/.venv/bin/jupyter");
  assertEquals(
    venvExecutable("windows", "C:\\c\\.venv", "python"),
    "C:\\c\\.venv\\Scripts\\python.exe",
  );
  assertEquals(venvBin("windows", "C:\\c\\.venv"), "C:\\c\\.venv\\Scripts");
  assertEquals(executableName("windows", "deno"), "deno.exe");
  assertEquals(executableName("darwin", "deno"), "deno");
});

Deno.test("pythonCandidates() begins with python3, and knows Windows' launcher", () => {
  for (const platform of ["linux", "darwin", "windows"] as const) {
    assertEquals(pythonCandidates(platform)[0], ["python3"]);
    assertEquals(pythonCandidates(platform)[1], ["python"]);
  }
  assert(pythonCandidates("windows").some((command) => command.join(" ") === "py -3"));
  assert(pythonCandidates("darwin").some((command) => command.join(" ") === "python3.10"));
});

Deno.test("userJupyterDir() is Jupyter's data folder of each platform", () => {
  assertEquals(userJupyterDir("linux", { HOME: "/home/a" }), "/home/a/.local/share/jupyter");
  assertEquals(
    userJupyterDir("linux", { HOME: "/home/a", XDG_DATA_HOME: "/data" }),
    "/data/jupyter",
  );
  assertEquals(
    userJupyterDir("darwin", { HOME: "/Users/a", XDG_DATA_HOME: "/data" }),
    "/Users/a/Library/Jupyter",
  );
  assertEquals(
    userJupyterDir("windows", { APPDATA: "C:\\Users\\a\\AppData\\Roaming" }),
    "C:\\Users\\a\\AppData\\Roaming\\jupyter",
  );
  assertEquals(
    userJupyterDir("windows", { USERPROFILE: "C:\\Users\\a" }),
    "C:\\Users\\a\\AppData\\Roaming\\jupyter",
  );
});

Deno.test("userJupyterDir() obeys JUPYTER_DATA_DIR and says what is missing without a home", () => {
  for (const platform of ["linux", "darwin", "windows"] as const) {
    assertEquals(userJupyterDir(platform, { HOME: "/h", JUPYTER_DATA_DIR: "/j" }), "/j");
    assertThrows(() => userJupyterDir(platform, {}), Error, "Set JUPYTER_DATA_DIR");
  }
});
