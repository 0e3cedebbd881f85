/**
 * What differs between Linux, macOS and Windows, as pure functions, so that all three are tested
 * on any one of them.
 *
 * @module
 */

import { posix, win32 } from "node:path";

/** The kinds of system the lab tells apart. Other Unixes count as Linux. */
export type Platform = "linux" | "darwin" | "windows";

/** Environment variables, as `Deno.env.toObject()` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The platform this process runs on. */
export function currentPlatform(os: typeof Deno.build.os = Deno.build.os): Platform {
  return os === "windows" || os === "darwin" ? os : "linux";
}

/** Joins path segments the way `platform` writes paths. */
export function joinPath(platform: Platform, ...segments: string[]): string {
  return (platform === "windows" ? win32 : posix).join(...segments);
}

/** The file name of an executable: `deno`, on Windows `deno.exe`. */
export function executableName(platform: Platform, name: string): string {
  return platform === "windows" ? `${name}.exe` : name;
}

/**
 * The folder of a virtual environment that holds its executables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(venvBin("linux", "/course/.venv"), "/course/.venv/bin");
 * assertEquals(venvBin("windows", "C:\\course\\.venv"), "C:\\course\\.venv\\Scripts");
 * ```
 */
export function venvBin(platform: Platform, venv: string): string {
  return joinPath(platform, venv, platform === "windows" ? "Scripts" : "bin");
}

/** The path of an executable in a virtual environment, such as `python` or `jupyter`. */
export function venvExecutable(platform: Platform, venv: string, name: string): string {
  return joinPath(platform, venvBin(platform, venv), executableName(platform, name));
}

/**
 * Commands that may start a Python, in the order they are tried. The plain names come first, since
 * they are what the user set up; the numbered ones find a newer Python beside an old system one.
 */
export function pythonCandidates(platform: Platform): string[][] {
  if (platform === "windows") return [["python3"], ["python"], ["py", "-3"]];
  const numbered = [14, 13, 12, 11, 10].map((minor) => [`python3.${minor}`]);
  return [["python3"], ["python"], ...numbered];
}

/**
 * The folder in which Jupyter (and VS Code) look for what a user installed, kernels among it.
 *
 * @see https://docs.jupyter.org/en/stable/use/jupyter-directories.html#data-files
 * @throws {Error} if the environment names no home folder.
 */
export function userJupyterDir(platform: Platform, env: Environment): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "windows" && env.APPDATA) return joinPath(platform, env.APPDATA, "jupyter");
  if (platform === "linux" && env.XDG_DATA_HOME) {
    return joinPath(platform, env.XDG_DATA_HOME, "jupyter");
  }
  const home = platform === "windows" ? env.USERPROFILE : env.HOME;
  if (!home) {
    const name = platform === "windows" ? "APPDATA" : "HOME";
    throw new Error(
      `Expected the environment variable ${name} to name your home folder, but it is not set. ` +
        "Set JUPYTER_DATA_DIR to the folder in which Jupyter keeps your kernels.",
    );
  }
  const below = {
    linux: [".local", "share", "jupyter"],
    darwin: ["Library", "Jupyter"],
    windows: ["AppData", "Roaming", "jupyter"],
  }[platform];
  return joinPath(platform, home, ...below);
}
