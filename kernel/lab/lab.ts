/**
 * The lab's Python, Jupyter and kernelspec, ready to use.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { permanentDeno } from "./deno_home.ts";
import { brokenVenv, noNetwork, writing } from "./errors.ts";
import { writeIfChanged } from "./files.ts";
import { KERNEL_NAME, labKernelSpec, writeKernelSpec } from "./kernelspec.ts";
import { withLock } from "./lock.ts";
import { currentPlatform, pythonCandidates, venvBin, venvExecutable } from "./platform.ts";
import { Progress } from "./progress.ts";
import { findPython } from "./python.ts";
import { clearOldVenv, fillVenv, inspectVenv, makeVenv } from "./venv.ts";
import { installRenderer } from "../renderer/install.ts";

/** The folder of this checkout. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url)).replace(
  /(?<=[^/\\:])[/\\]$/,
  "",
);

/**
 * JupyterLab's settings where the user has none: it doesn't ask whether to fetch its news, and shows
 * the type and the documentation of what it proposes.
 */
const SETTINGS = JSON.stringify({
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/completer-extension:manager": { showDocumentationPanel: true },
});

/** A lab that is ready to use. All paths are absolute. */
export interface Lab {
  /** The virtual environment. */
  readonly venv: string;
  /** The folder of its executables; put it on the PATH of what runs in the lab. */
  readonly bin: string;
  /** Its Python. */
  readonly python: string;
  /** Its `jupyter` command. */
  readonly jupyter: string;
  /** The folder of the kernelspec named `deno`. */
  readonly kernelspec: string;
  /** The Deno that the kernelspec starts. */
  readonly deno: string;
}

/** How {@linkcode ensureLab} goes about it. */
export interface EnsureLabOptions {
  /** Says nothing. Defaults to false. */
  readonly quiet?: boolean;
  /** Deletes and remakes the virtual environment. Defaults to false. */
  readonly rebuild?: boolean;
  /** Asked whether to rebuild a broken environment. Defaults to no. */
  readonly mayRebuild?: (question: string) => boolean;
  /** The checkout that gets the lab. Defaults to this one. */
  readonly root?: string;
}

/**
 * Makes the lab, brings it up to date, or finds it ready (which takes about 0.2 s).
 *
 * Callers in any number of processes may overlap: one installs, the others wait for it.
 *
 * @throws {LabError} that says what is missing and what to do.
 */
export async function ensureLab(options: EnsureLabOptions = {}): Promise<Lab> {
  const { quiet = false, rebuild = false, mayRebuild = () => false, root = ROOT } = options;
  const platform = currentPlatform();
  const venv = join(root, ".venv");
  const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));
  const pins = await Deno.readTextFile(requirements);
  const progress = new Progress(quiet);

  const build = async () => {
    await clearOldVenv(venv);
    const state = await inspectVenv(platform, venv, pins);
    if (state.kind === "broken" && !rebuild) {
      const error = brokenVenv(venv, state.reason);
      const [problem] = error.message.split("\n");
      if (!mayRebuild(`${problem}\nDelete and remake it now?`)) throw error;
    }
    if (state.kind === "broken" || state.kind === "absent" || rebuild) {
      const python = await findPython(candidates());
      progress.say(`Using Python ${python.version} (${python.executable})`);
      await makeVenv(python.executable, venv, progress);
    } else if (state.kind === "ready") {
      return;
    }
    await fillVenv(platform, venv, requirements, progress);
  };
  if (rebuild || (await inspectVenv(platform, venv, pins)).kind !== "ready") {
    const waiting = () => progress.say("Waiting for another installation of the lab to finish");
    await writing(root, () => withLock(join(root, ".deno", "lab.lock"), build, waiting));
  }

  const share = join(venv, "share", "jupyter");
  const kernelspec = join(share, "kernels", KERNEL_NAME);
  const deno = await writing(root, async () => {
    const deno = await permanentDeno(root);
    await addRenderer(share);
    await writeIfChanged(join(share, "lab", "settings", "overrides.json"), SETTINGS);
    // The lab draws figures natively, so that plots need no HTML form with plotly.js in it.
    const spec = await labKernelSpec(root, deno, { TUNEBOOK_PLOTLY: "mime" });
    await writeKernelSpec(kernelspec, spec);
    return deno;
  });
  return {
    venv,
    bin: venvBin(platform, venv),
    python: venvExecutable(platform, venv, "python"),
    jupyter: venvExecutable(platform, venv, "jupyter"),
    kernelspec,
    deno,
  };
}

/**
 * Gives the Jupyter whose data folder is `share` the renderer that draws figures.
 *
 * @throws {LabError} if plotly.js, which comes from npm, can't be fetched.
 */
export async function addRenderer(share: string): Promise<string> {
  try {
    return await installRenderer(share);
  } catch (error) {
    // A failed import is a TypeError; what the file system refuses is not.
    if (error instanceof TypeError) throw noNetwork("plotly.js (from npm)", error.message);
    throw error;
  }
}

/** Where to look for a Python: where the user says, else wherever it usually is. */
function candidates(): string[][] {
  const chosen = Deno.env.get("TUNEBOOK_PYTHON");
  return chosen ? [[chosen]] : pythonCandidates(currentPlatform());
}
