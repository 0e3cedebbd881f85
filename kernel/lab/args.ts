/**
 * Tells the lab's own arguments from those that go to JupyterLab.
 *
 * @module
 */

import { badFlag } from "./errors.ts";

/** What `deno task lab` was asked for. */
export interface LabArguments {
  /** Name or number of the lesson to open. */
  readonly lesson: string | undefined;
  /** Delete and remake `.venv`. */
  readonly rebuild: boolean;
  /** Show the help and stop. */
  readonly help: boolean;
  /** The port asked for; 0 means any free one. */
  readonly port: number | undefined;
  /** The address to listen on. */
  readonly ip: string | undefined;
  /** Run although the user is root. */
  readonly allowRoot: boolean;
  /** Everything else, for JupyterLab, in order. */
  readonly rest: readonly string[];
}

/** What `deno task lab --help` prints. */
export const HELP = `Opens JupyterLab on a lesson. The first time it installs JupyterLab into .venv.

  deno task lab [lesson] [options]

  lesson        such as 00-start-here, or just 00; the first lesson if left out
  --rebuild     delete .venv and make it anew
  --port=8888   the port to listen on; 0 for any free one
  --ip=ADDRESS  the address to listen on; localhost if left out
  --no-browser  don't open a browser
  --allow-root  run although you are root (in a container)

Everything else goes to JupyterLab: see .venv's "jupyter lab --help-all".`;

/** The ways JupyterLab lets one write the flags that are read here. */
const PORT = ["--port", "--ServerApp.port"];
const IP = ["--ip", "--ServerApp.ip"];
const ALLOW_ROOT = ["--allow-root", "--ServerApp.allow_root=True", "--ServerApp.allow_root=true"];

/**
 * Reads the command line of `deno task lab`.
 *
 * @throws {LabError} if the port isn't one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { lesson, port, rest } = readArguments(["00", "--port=8890", "--debug"]);
 * assertEquals([lesson, port, rest], ["00", 8890, ["--debug"]]);
 * ```
 */
export function readArguments(args: readonly string[]): LabArguments {
  let lesson: string | undefined;
  let port: number | undefined;
  let ip: string | undefined;
  let [rebuild, help, allowRoot] = [false, false, false];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const equals = arg.indexOf("=");
    const flag = equals < 0 ? arg : arg.slice(0, equals);
    const value = () => equals < 0 ? args[++i] ?? "" : arg.slice(equals + 1);
    if (PORT.includes(flag)) port = readPort(flag, value());
    else if (IP.includes(flag)) ip = value();
    else if (arg === "--rebuild") rebuild = true;
    else if (arg === "--help" || arg === "-h") help = true;
    else if (ALLOW_ROOT.includes(arg)) allowRoot = true;
    else if (i === 0 && !arg.startsWith("-")) lesson = arg;
    else rest.push(arg);
  }
  return { lesson, rebuild, help, port, ip, allowRoot, rest };
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw badFlag(flag, "a number from 0 to 65535", text);
  return port;
}
