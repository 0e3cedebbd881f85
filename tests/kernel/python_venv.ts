/**
 * A Python environment with the front-ends that the kernel is tested with, apart from the lab's own:
 * learners don't need them.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../kernel/lab/lab.ts";
import { withLock } from "../../kernel/lab/lock.ts";
import {
  currentPlatform,
  pythonCandidates,
  venvBin,
  venvExecutable,
} from "../../kernel/lab/platform.ts";
import { Progress } from "../../kernel/lab/progress.ts";
import { findPython } from "../../kernel/lab/python.ts";
import { fillVenv, inspectVenv, makeVenv } from "../../kernel/lab/venv.ts";

/** The environment, ready to use. */
export interface PythonVenv {
  /** Its Python. */
  readonly python: string;
  /** The folder of its executables. */
  readonly bin: string;
}

/** Makes the environment, or finds it ready. Callers in any number of processes may overlap. */
export async function ensurePythonVenv(): Promise<PythonVenv> {
  const platform = currentPlatform();
  const venv = join(ROOT, ".deno", "test-venv");
  const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));
  const progress = new Progress(true);
  await withLock(join(ROOT, ".deno", "test-venv.lock"), async () => {
    const pins = await Deno.readTextFile(requirements);
    const { kind } = await inspectVenv(platform, venv, pins);
    if (kind === "ready") return;
    if (kind !== "outdated") {
      const { executable } = await findPython(pythonCandidates(platform));
      await makeVenv(executable, venv, progress);
    }
    await fillVenv(platform, venv, requirements, progress);
  });
  return { python: venvExecutable(platform, venv, "python"), bin: venvBin(platform, venv) };
}
