/**
 * The lab's virtual environment: makes it, keeps it at the pinned versions, notices when it broke.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { isNewEnough } from "./python.ts";
import { LabError, OLDEST_PYTHON } from "./errors.ts";
import { pipInstall } from "./pip.ts";
import { type Platform, venvExecutable } from "./platform.ts";
import type { Progress } from "./progress.ts";

/** The file in `.venv` that says which pins it holds. */
const STAMP = "tunebook.json";

/** The condition a virtual environment is in. */
export type VenvState =
  | { readonly kind: "ready" }
  /** It isn't there, or making it was cut short. */
  | { readonly kind: "absent" }
  /** It works but doesn't hold what the requirements say. */
  | { readonly kind: "outdated" }
  /** It can't be used. */
  | { readonly kind: "broken"; readonly reason: string };

const PROBE = `
import importlib.metadata, importlib.util, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except Exception:
        return None
print(json.dumps({
    "python": "%d.%d.%d" % sys.version_info[:3],
    "pip": importlib.util.find_spec("pip") is not None,
    "versions": [version(name) for name in sys.argv[1:]],
}))
`;

/** The pinned packages of a requirements file, as `[name, version]`. */
export function readPins(requirements: string): [name: string, version: string][] {
  return requirements.split("\n")
    .map((line) => /^([\w.-]+)==(\S+)/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = "", version = ""]) => [name, version]);
}

/**
 * Looks at a virtual environment, in about 0.1 s.
 *
 * @param requirements The text of the requirements file it should satisfy.
 */
export async function inspectVenv(
  platform: Platform,
  venv: string,
  requirements: string,
): Promise<VenvState> {
  const stamp = await readStamp(venv);
  if (!await exists(venv)) return { kind: "absent" };
  const pins = readPins(requirements);
  const python = venvExecutable(platform, venv, "python");
  const found = await probe(python, pins.map(([name]) => name));
  if (typeof found === "string") {
    // What was never finished holds nothing worth asking about.
    return stamp === "unfinished" ? { kind: "absent" } : { kind: "broken", reason: found };
  }
  const current = stamp === await hash(requirements) &&
    pins.every(([, version], i) => found[i] === version);
  return { kind: current ? "ready" : "outdated" };
}

/** The installed version of each package, or what is wrong with the Python. */
async function probe(python: string, names: string[]): Promise<(string | null)[] | string> {
  try {
    const { success, code, stdout, stderr } = await new Deno.Command(python, {
      args: ["-I", "-c", PROBE, ...names],
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    if (!success) {
      const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
      return `${python} ends with code ${code}${last ? `: ${last}` : ""}.`;
    }
    const answer = JSON.parse(new TextDecoder().decode(stdout));
    if (!isNewEnough(answer.python)) {
      return `it has Python ${answer.python}, older than ${OLDEST_PYTHON.join(".")}.`;
    }
    if (!answer.pip) return `its Python ${answer.python} has no pip.`;
    return answer.versions;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `${python} is missing or points to a Python that is gone.`;
    }
    return `${python} can't be started (${error instanceof Error ? error.message : error}).`;
  }
}

/** Deletes what {@linkcode makeVenv} left of an earlier environment if it was cut short. */
export async function clearOldVenv(venv: string): Promise<void> {
  await Deno.remove(oldVenv(venv), { recursive: true }).catch(ignoreNotFound);
}

function oldVenv(venv: string): string {
  return join(dirname(venv), ".deno", "venv.old");
}

/**
 * Makes a new virtual environment at `venv`, deleting what is there.
 *
 * @param python A Python that {@linkcode findPython} found.
 */
export async function makeVenv(python: string, venv: string, progress: Progress): Promise<void> {
  progress.begin("Making .venv");
  // Moved away in one step: a deletion cut short would leave something that looks like a broken one.
  await clearOldVenv(venv);
  await Deno.mkdir(dirname(oldVenv(venv)), { recursive: true });
  await Deno.rename(venv, oldVenv(venv)).catch(ignoreNotFound);
  await Deno.mkdir(venv, { recursive: true });
  await writeStamp(venv, "unfinished");
  const { success, code, stdout, stderr } = await new Deno.Command(python, {
    args: ["-I", "-m", "venv", venv],
    stdin: "null",
  }).output();
  await clearOldVenv(venv);
  if (!success) {
    progress.end();
    const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim()).join("\n");
    throw new LabError(
      `${python} could not make a virtual environment at ${venv} (code ${code}):\n${text}\n` +
        "If it says that there is no space, free some (the lab needs 400 MB); otherwise set " +
        "TUNEBOOK_PYTHON to another Python.",
    );
  }
  progress.end("Made .venv");
}

/**
 * Installs the requirements into `venv`, or upgrades it to them.
 *
 * @param requirements Path of the requirements file.
 * @throws {LabError} naming the package that failed.
 */
export async function fillVenv(
  platform: Platform,
  venv: string,
  requirements: string,
  progress: Progress,
): Promise<void> {
  const text = await Deno.readTextFile(requirements);
  const names = readPins(text).map(([name, version]) => `${name} ${version}`).join(", ");
  progress.begin("Installing JupyterLab");
  try {
    await pipInstall(venvExecutable(platform, venv, "python"), requirements, progress);
  } catch (error) {
    progress.end();
    throw error;
  }
  await writeStamp(venv, await hash(text));
  progress.end(`Installed ${names}`);
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

async function readStamp(venv: string): Promise<string | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(venv, STAMP))).requirements;
  } catch {
    return undefined;
  }
}

async function writeStamp(venv: string, requirements: string): Promise<void> {
  await Deno.writeTextFile(join(venv, STAMP), JSON.stringify({ requirements }) + "\n");
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    ignoreNotFound(error);
    return false;
  }
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
