/**
 * Starts JupyterLab on a notebook and stays with it until it ends.
 *
 * @module
 */

import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import type { LabArguments } from "./args.ts";
import { cannotListen, portInUse } from "./errors.ts";
import type { Lab } from "./lab.ts";
import { watchRunners } from "./runner.ts";

/** How long JupyterLab gets to end its kernels and itself. */
const STOP_LIMIT = 15_000;

/** What {@linkcode jupyterArguments} and {@linkcode serve} need to know. */
export interface ServeOptions {
  /** The folder JupyterLab shows: the checkout. */
  readonly root: string;
  /** Path of the notebook to open, relative to `root` with forward slashes; the lab if undefined. */
  readonly notebook: string | undefined;
  /** The command line. */
  readonly args: Pick<LabArguments, "port" | "ip" | "allowRoot" | "rest">;
}

/** The arguments for JupyterLab. The user's own come last, so that they win. */
export function jupyterArguments({ root, notebook, args }: ServeOptions): string[] {
  const path = (notebook ?? "").split("/").map(encodeURIComponent).join("/");
  return [
    `--ServerApp.root_dir=${root}`,
    `--LabApp.default_url=/lab${path && `/tree/${path}`}`,
    // Only warnings, and the address: JupyterLab's own news would hide it.
    "--ServerApp.log_level=WARN",
    "--LabApp.log_level=WARN",
    ...(args.ip === undefined ? [] : [`--ip=${args.ip}`]),
    ...(args.port === undefined ? [] : [`--port=${args.port}`, "--ServerApp.port_retries=0"]),
    ...(args.allowRoot ? ["--allow-root"] : []),
    ...args.rest,
  ];
}

/**
 * Checks that a port the user chose is free, before JupyterLab fails on it at length.
 *
 * @throws {LabError} if it isn't, or if the address isn't one of this machine.
 */
export function checkPort(ip: string | undefined, port: number | undefined): void {
  if (port === undefined) return;
  const hostname = ip === undefined || ip === "localhost"
    ? "127.0.0.1"
    : ip === "*"
    ? "0.0.0.0"
    : ip;
  try {
    Deno.listen({ hostname, port }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) throw portInUse(port);
    throw cannotListen(hostname, port, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs JupyterLab until it ends: by itself, or because this process is told to stop (Ctrl+C, the
 * terminal closing, a signal). Its kernels end with it. Should this process be killed outright,
 * JupyterLab notices and ends as well.
 *
 * @returns JupyterLab's exit code; 0 if it was stopped.
 */
export async function serve(lab: Lab, options: ServeOptions): Promise<number> {
  const script = fileURLToPath(new URL("./serve.py", import.meta.url));
  const child = new Deno.Command(lab.python, {
    args: ["-I", script, ...jupyterArguments(options)],
    cwd: options.root,
    env: {
      VIRTUAL_ENV: lab.venv,
      PATH: lab.bin + delimiter + (Deno.env.get("PATH") ?? ""),
      // Our kernel, not another one that the user has under the same name.
      JUPYTER_PREFER_ENV_PATH: "1",
    },
    stdin: "piped",
    // A group of its own: Ctrl+C in a terminal reaches only this process, which passes it on once.
    detached: true,
  }).spawn();

  let killer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    // `deno task` may deliver one Ctrl+C twice.
    if (killer !== undefined) return;
    console.error("\nStopping JupyterLab and its kernels");
    child.stdin.close().catch(() => {});
    killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT);
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  const unwatch = await watchRunners(stop);
  try {
    const { code } = await child.status;
    return killer === undefined ? code : 0;
  } finally {
    clearTimeout(killer);
    unwatch();
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}
