/**
 * Finds a Python that can make the lab's virtual environment.
 *
 * @module
 */

import { type FoundPython, noPython, noVenvModule, OLDEST_PYTHON, pythonTooOld } from "./errors.ts";

/** A Python as it describes itself. */
export interface Python extends FoundPython {
  /** Modules needed for a virtual environment that it lacks. */
  readonly missing: readonly string[];
  /** True if it comes from Debian or a relative of it. */
  readonly debian: boolean;
}

// Runs on Python 2 as well, so that an old one can say how old it is. `_base_executable` is the
// Python behind an active virtual environment: that one outlives it.
const PROBE = `
import json, os, sys
def lacks(name):
    try:
        __import__(name)
    except Exception:
        return True
    return False
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
    "missing": [name for name in ("venv", "ensurepip") if lacks(name)],
    "debian": os.path.exists("/etc/debian_version"),
}))
`;

/**
 * Asks the Python that `command` starts about itself.
 *
 * @returns undefined if it isn't there or isn't a Python (such as the Microsoft Store's stand-in).
 */
export async function describePython(command: readonly string[]): Promise<Python | undefined> {
  const [program, ...args] = command;
  if (program === undefined) return undefined;
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: [...args, "-c", PROBE],
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(30_000),
    }).output();
    if (!success) return undefined;
    return { command: command.join(" "), ...JSON.parse(new TextDecoder().decode(stdout)) };
  } catch {
    return undefined;
  }
}

/** True if a version such as `3.12.1` is at least {@linkcode OLDEST_PYTHON}. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_PYTHON;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The first candidate that is new enough and can make virtual environments.
 *
 * @param candidates Commands to try, in order.
 * @throws {LabError} if there is none: it says what was found instead.
 */
export async function findPython(candidates: readonly (readonly string[])[]): Promise<Python> {
  const found: Python[] = [];
  for (const command of candidates) {
    const python = await describePython(command);
    if (python === undefined) continue;
    if (isNewEnough(python.version) && python.missing.length === 0) return python;
    if (found.every((other) => other.executable !== python.executable)) found.push(python);
  }
  if (found.length === 0) throw noPython(candidates.map((command) => command.join(" ")));
  const incomplete = found.find((python) => isNewEnough(python.version));
  if (incomplete === undefined) throw pythonTooOld(found);
  throw noVenvModule(incomplete, incomplete.missing[0] ?? "venv", incomplete.debian);
}
