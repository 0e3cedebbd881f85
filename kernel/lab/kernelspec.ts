/**
 * The kernelspec: the small folder that tells Jupyter how to start our kernel.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { relayCommand } from "../relay/command.ts";
import { writeIfChanged } from "./files.ts";

/** The kernel's name: notebooks ask for `deno`, which Deno's stock kernel answers to as well. */
export const KERNEL_NAME = "deno";

/** What `kernel.json` holds. */
export interface KernelSpec {
  /** The command that starts the kernel; Jupyter fills in `{connection_file}`. */
  readonly argv: readonly string[];
  /** The name that Jupyter shows. */
  readonly display_name: string;
  /** The language of the cells, for highlighting and file names. */
  readonly language: string;
  /** By message, as Windows has no signals and SIGINT would end Deno with all its state. */
  readonly interrupt_mode: "message";
  /** Environment variables for the kernel. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells our spec from others of the same name. */
  readonly metadata: { readonly tunebook: { readonly root: string }; readonly debugger: false };
}

/**
 * The spec of this checkout's kernel: the relay, or Deno's stock kernel where there is no relay.
 *
 * @param root Folder of the checkout.
 * @param deno Path of a Deno that stays where it is, from {@linkcode permanentDeno}.
 * @param env Environment variables for the kernel.
 */
export async function labKernelSpec(
  root: string,
  deno: string,
  env: Readonly<Record<string, string>> = {},
): Promise<KernelSpec> {
  const relay = join(root, "kernel", "relay", "main.ts");
  const argv = await isFile(relay)
    ? relayCommand(deno, relay, "{connection_file}")
    : [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  return {
    argv,
    display_name: "Deno (Tunebook)",
    language: "typescript",
    interrupt_mode: "message",
    env: { DENO_NO_UPDATE_CHECK: "1", ...env },
    metadata: { tunebook: { root }, debugger: false },
  };
}

/** The text of `kernel.json` in `folder`, parsed, or undefined if there is none to read. */
export async function readKernelSpec(folder: string): Promise<Partial<KernelSpec> | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, "kernel.json")));
  } catch {
    return undefined;
  }
}

/**
 * Writes `kernel.json` and the logos into `folder`. Files that are already right are left alone,
 * the others replaced in one step, so that a Jupyter that is reading never sees half a file.
 */
export async function writeKernelSpec(folder: string, spec: KernelSpec): Promise<void> {
  const logos = fileURLToPath(new URL("./logos", import.meta.url));
  for await (const { name } of Deno.readDir(logos)) {
    await writeIfChanged(join(folder, name), await Deno.readFile(join(logos, name)));
  }
  const json = JSON.stringify(spec, null, 2) + "\n";
  await writeIfChanged(join(folder, "kernel.json"), json);
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isFile ?? false;
}
