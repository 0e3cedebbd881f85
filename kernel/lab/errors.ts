/**
 * Everything that commonly goes wrong on the way to a running lab, in the learner's words: what was
 * expected, what was found, what to do.
 *
 * @module
 */

/** An error whose message is meant for the learner as it stands, without a stack trace. */
export class LabError extends Error {
  /** Tells these errors from those of a program gone wrong. */
  override name = "LabError";
}

/** A Python that was found but can't be used. */
export interface FoundPython {
  /** The command that starts it, such as `python3`. */
  readonly command: string;
  /** Its version, such as `3.8.2`. */
  readonly version: string;
  /** The path of its executable. */
  readonly executable: string;
}

/** The oldest Python the pinned packages run on. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 10];

const NEEDED = `Python ${OLDEST_PYTHON.join(".")} or newer`;
const GET_PYTHON =
  `Install ${NEEDED} from https://www.python.org/downloads/ (Debian, Ubuntu: sudo apt install ` +
  "python3 python3-venv; macOS: brew install python) and run this again.\n" +
  "If you have one that is not on your PATH, name it: set TUNEBOOK_PYTHON to its path.";

/** No candidate started a Python. */
export function noPython(tried: readonly string[]): LabError {
  return new LabError(
    `JupyterLab needs ${NEEDED}, but no Python was found (tried ${tried.join(", ")}).\n` +
      GET_PYTHON,
  );
}

/** Every Python found is older than {@linkcode OLDEST_PYTHON}. */
export function pythonTooOld(found: readonly FoundPython[]): LabError {
  const list = found.map((p) => `  ${p.command} is Python ${p.version} (${p.executable})`);
  return new LabError(
    `JupyterLab needs ${NEEDED}, but found only:\n${list.join("\n")}\n${GET_PYTHON}`,
  );
}

/** The Python lacks `venv` or `ensurepip`, which Debian puts in a package of its own. */
export function noVenvModule(python: FoundPython, missing: string, debian: boolean): LabError {
  const minor = python.version.split(".").slice(0, 2).join(".");
  return new LabError(
    `Python ${python.version} (${python.executable}) can't make a virtual environment: its ` +
      `module "${missing}" is missing.\n` +
      (debian
        ? `Install it with: sudo apt install python${minor}-venv\nThen run this again.`
        : "Install your system's package for it (often called python3-venv), or a full Python " +
          "from https://www.python.org/downloads/, and run this again."),
  );
}

/** Jupyter refuses to run as root unless it is told to. */
export function runningAsRoot(): LabError {
  return new LabError(
    "You are root, and Jupyter refuses to run as root: whoever reaches the server could do " +
      "anything on this machine.\nRun this as a normal user. In a container or a throw-away " +
      "machine add --allow-root:\n  deno task lab --allow-root",
  );
}

/** A package could not be fetched. */
export function noNetwork(packageName: string, detail: string): LabError {
  return new LabError(
    `Could not download the package ${packageName}: the package index can't be reached.\n` +
      `  ${detail}\n` +
      "Check the network connection and run this again; what was downloaded is kept. Behind a " +
      "proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL (PyPI) or NPM_CONFIG_REGISTRY (npm).",
  );
}

/** The index was reached, but has no such package for this Python and system. */
export function packageNotFound(packageName: string): LabError {
  return new LabError(
    `The package index has no ${packageName} for this Python and system.\n` +
      "Check the network connection and, if you use a mirror (PIP_INDEX_URL, PIP_NO_INDEX or " +
      "pip.conf), that it is complete; otherwise try another Python by setting TUNEBOOK_PYTHON to " +
      "its path.",
  );
}

/** pip failed for a reason this program doesn't know. */
export function pipFailed(code: number, output: string): LabError {
  return new LabError(
    `Installing the Python packages failed (pip ended with code ${code}):\n` +
      output.replaceAll(/^/gm, "  ") +
      "\nIf running it again doesn't help, start afresh with: deno task lab --rebuild",
  );
}

/** The port asked for is taken. */
export function portInUse(port: number): LabError {
  return new LabError(
    `Port ${port} is in use by another program (perhaps another JupyterLab).\n` +
      `Choose another one, such as --port ${port + 1}, or leave --port out to get a free one.`,
  );
}

/** The port or address asked for can't be listened on. */
export function cannotListen(ip: string, port: number, detail: string): LabError {
  return new LabError(
    `JupyterLab can't listen on ${ip} port ${port}: ${detail}\n` +
      "Choose another --port (above 1023) or --ip (such as localhost).",
  );
}

/** A flag that has no usable value. */
export function badFlag(flag: string, expected: string, found: string): LabError {
  return new LabError(`Expected ${flag} to be ${expected} but found "${found}".`);
}

/** `.venv` is there but can't be used. */
export function brokenVenv(venv: string, reason: string): LabError {
  return new LabError(
    `The lab's Python environment is broken: ${reason}\n` +
      `Rebuild it (this deletes and remakes ${venv}, nothing else) with:\n` +
      "  deno task lab --rebuild",
  );
}

/** The checkout can't be written to. */
export function readOnlyCheckout(path: string): LabError {
  return new LabError(
    `Can't write to ${path}: the course keeps its Python environment (.venv), its Deno (.deno) ` +
      "and your copies of the lessons (my) inside its own folder.\n" +
      "Clone the course to a folder of your own and run it there, or give yourself the right to " +
      "write to this one.",
  );
}

/** No lesson has the name asked for. */
export function noSuchLesson(name: string, lessons: readonly string[]): LabError {
  return new LabError(`There is no lesson "${name}". The lessons are: ${lessons.join(", ")}.`);
}

/** True if `error` says that a file or folder can't be written to. */
export function isReadOnlyError(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  return error instanceof Error && "code" in error &&
    ["EROFS", "EACCES", "EPERM"].includes(String(error.code));
}

/**
 * Runs `write`, and turns a refusal by the file system into {@linkcode readOnlyCheckout}.
 *
 * @param path What is being written, for the message.
 */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isReadOnlyError(error) ? readOnlyCheckout(path) : error;
  }
}
