import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { relayCommand } from "../relay/command.ts";

/** How a kernel is started, as in a Jupyter `kernel.json`. */
export interface Kernelspec {
  /** `stock`, `tunebook`, or the folder it was read from. */
  readonly name: string;
  /** What a person sees. */
  readonly displayName: string;
  /** The command; `{connection_file}` stands for the connection file's path. */
  readonly argv: readonly string[];
  /** Environment variables added to ours. */
  readonly env: Readonly<Record<string, string>>;
  /** How the kernel is told to stop a cell: a SIGINT, or an `interrupt_request`. */
  readonly interruptMode: "signal" | "message";
}

/** A kernelspec that doesn't exist or can't be used. */
export class KernelspecError extends Error {
  /** The name in messages. */
  override name = "KernelspecError";
}

const CONNECTION_FILE = "{connection_file}";
const RELAY = fileURLToPath(new URL("../relay/main.ts", import.meta.url));

/** The kernel inside this very Deno, asked to stop by message (SIGINT would kill it). */
function stock(): Kernelspec {
  return {
    name: "stock",
    displayName: "Deno",
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", CONNECTION_FILE],
    env: {},
    interruptMode: "message",
  };
}

/** This project's kernel. */
function tunebook(): Kernelspec {
  return {
    name: "tunebook",
    displayName: "Deno (Tunebook)",
    argv: relayCommand(Deno.execPath(), RELAY, CONNECTION_FILE),
    env: {},
    interruptMode: "message",
  };
}

/**
 * Finds a kernelspec.
 *
 * @param name `stock` (Deno's own kernel), `tunebook` (ours), or a folder that holds a
 *   `kernel.json`.
 * @throws {KernelspecError} When there is none, or it can't be used.
 *
 * @example
 * ```ts
 * import { findKernelspec } from "./kernelspec.ts";
 *
 * const { displayName } = await findKernelspec("stock");
 * if (displayName !== "Deno") throw new Error(displayName);
 * ```
 */
export async function findKernelspec(name: string): Promise<Kernelspec> {
  if (name === "stock") return stock();
  if (name === "tunebook") return tunebook();
  const folder = resolve(name.replace(/[\\/]?kernel\.json$/, ""));
  const file = join(folder, "kernel.json");
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    throw new KernelspecError(
      `Expected a kernelspec (stock, tunebook, or a folder holding kernel.json), found ${
        JSON.stringify(name)
      }: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
  return readKernelspec(text, folder, file);
}

function readKernelspec(text: string, folder: string, file: string): Kernelspec {
  const fail = (what: string, cause?: unknown) =>
    new KernelspecError(`Expected ${what} in ${file}`, { cause });
  let spec: Record<string, unknown>;
  try {
    spec = JSON.parse(text);
  } catch (error) {
    throw fail("valid JSON", error);
  }
  const { argv, display_name: displayName, env = {}, interrupt_mode: interruptMode } = spec;
  if (!Array.isArray(argv) || !argv.every((part) => typeof part === "string")) {
    throw fail("argv, a list of strings,");
  }
  if (!argv.some((part) => part.includes(CONNECTION_FILE))) {
    throw fail(`an argument ${CONNECTION_FILE} among argv`);
  }
  if (typeof env !== "object" || env === null) throw fail("env to be an object");
  return {
    name: folder,
    displayName: typeof displayName === "string" ? displayName : folder,
    argv: argv.map((part) => part.replaceAll("{resource_dir}", folder)),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])),
    interruptMode: interruptMode === "message" ? "message" : "signal",
  };
}

/** The command line that starts a kernel with this connection file. */
export function commandLine(spec: Kernelspec, connectionFile: string): string[] {
  return spec.argv.map((part) => part.replaceAll(CONNECTION_FILE, connectionFile));
}

/**
 * How a kernel is really told to stop a cell: Windows knows no SIGINT for another process, so there
 * even a kernel that asks for one gets the message.
 *
 * @param platform As `Deno.build.os`.
 */
export function interruptModeOn(spec: Kernelspec, platform: string): Kernelspec["interruptMode"] {
  return platform === "windows" ? "message" : spec.interruptMode;
}
