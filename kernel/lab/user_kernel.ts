/**
 * Registers our kernel with the user's own Jupyter and VS Code, and takes it back.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { KERNEL_NAME, type KernelSpec, readKernelSpec, writeKernelSpec } from "./kernelspec.ts";

/** What {@linkcode installUserKernel} or {@linkcode uninstallUserKernel} found and did. */
export interface UserKernelChange {
  /** The folder of the kernelspec. */
  readonly folder: string;
  /** Where a kernelspec of the same name that isn't ours is kept meanwhile. */
  readonly backup: string;
  /** What became of the other spec. */
  readonly other: "none" | "kept" | "restored";
  /** False if there was nothing of ours to take back. */
  readonly done: boolean;
}

/**
 * Writes our kernelspec into the user's Jupyter folder. A `deno` spec that is there already, such as
 * the one of `deno jupyter --install`, is put aside; ours from an earlier time is replaced.
 *
 * @param share The user's Jupyter folder, from {@linkcode userJupyterDir}.
 */
export async function installUserKernel(
  share: string,
  spec: KernelSpec,
): Promise<UserKernelChange> {
  const { folder, backup } = places(share);
  let other: UserKernelChange["other"] = await exists(backup) ? "kept" : "none";
  if (await exists(folder) && !await isOurs(folder)) {
    await Deno.remove(backup, { recursive: true }).catch(ignoreNotFound);
    await Deno.mkdir(dirname(backup), { recursive: true });
    await Deno.rename(folder, backup);
    other = "kept";
  }
  await writeKernelSpec(folder, spec);
  return { folder, backup, other, done: true };
}

/**
 * Removes our kernelspec from the user's Jupyter folder and restores what it replaced. A spec that
 * isn't ours is left alone.
 */
export async function uninstallUserKernel(share: string): Promise<UserKernelChange> {
  const { folder, backup } = places(share);
  if (!await exists(folder) || await isOurs(folder)) {
    const done = await exists(folder);
    await Deno.remove(folder, { recursive: true }).catch(ignoreNotFound);
    if (!await exists(backup)) return { folder, backup, other: "none", done };
    await Deno.mkdir(dirname(folder), { recursive: true });
    await Deno.rename(backup, folder);
    await removeIfEmpty(dirname(backup));
    return { folder, backup, other: "restored", done: true };
  }
  return { folder, backup, other: await exists(backup) ? "kept" : "none", done: false };
}

/** The backup lies outside `kernels/`, where Jupyter would offer it as a kernel. */
function places(share: string): { folder: string; backup: string } {
  return {
    folder: join(share, "kernels", KERNEL_NAME),
    backup: join(share, "tunebook", "replaced-deno-kernel"),
  };
}

async function isOurs(folder: string): Promise<boolean> {
  return (await readKernelSpec(folder))?.metadata?.tunebook !== undefined;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).catch(ignoreNotFound) !== undefined;
}

async function removeIfEmpty(folder: string): Promise<void> {
  await Deno.remove(folder).catch(() => {});
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
