/**
 * Runs pip, reports what it is doing, and reads its errors.
 *
 * @module
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type LabError, noNetwork, packageNotFound, pipFailed } from "./errors.ts";
import type { Progress } from "./progress.ts";

/** What a line of pip's output says it is doing, in a few words. */
export function pipStep(line: string): string | undefined {
  const collecting = /^Collecting (\S+)/.exec(line)?.[1];
  if (collecting !== undefined) return packageName(collecting);
  const downloading = /^\s+Downloading (\S+?)-\d\S* (\(.+\))/.exec(line);
  if (downloading) return `${downloading[1]} ${downloading[2]}`;
  if (line.startsWith("Installing collected packages")) return "unpacking";
  return undefined;
}

/** `jupyter-server>=2.19` → `jupyter-server`. */
function packageName(requirement: string): string {
  return requirement.split(/[<>=!~;[(]/)[0] ?? requirement;
}

const NETWORK =
  /NewConnectionError|NameResolutionError|ConnectTimeoutError|ConnectTimeout|ReadTimeoutError|Read timed out|ProxyError|SSLError|Max retries exceeded|Connection broken|IncompleteRead|RemoteDisconnected|ConnectionResetError|Temporary failure in name resolution/;

/**
 * The error that pip's output amounts to.
 *
 * @param lines Everything pip printed, in order.
 */
export function readPipFailure(code: number, lines: readonly string[]): LabError {
  const missing = lines
    .map((line) => /No matching distribution found for (\S+)/.exec(line)?.[1])
    .find((name) => name !== undefined);
  const network = lines.findLast((line) => NETWORK.test(line));
  if (network !== undefined) {
    const last = lines.map((line) => /^Collecting (\S+)/.exec(line)?.[1]).findLast(Boolean);
    const detail = network.replace(/<[^>]*object at 0x[0-9a-f]+>:? ?/g, "").trim();
    return noNetwork(missing ?? last ?? "pip was asked for", detail.slice(0, 300));
  }
  if (missing !== undefined) return packageNotFound(missing);
  const errors = lines.filter((line) => /error/i.test(line));
  return pipFailed(code, (errors.length > 0 ? errors : lines).slice(-8).join("\n").trim());
}

/**
 * Installs `requirements` with the pip of `python`.
 *
 * @param python The Python of a virtual environment.
 * @param requirements Path of a requirements file.
 * @throws {LabError} that names the package that failed.
 */
export async function pipInstall(
  python: string,
  requirements: string,
  progress: Progress,
): Promise<void> {
  const options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  const pip = new Deno.Command(python, {
    args: ["-I", "-m", "pip", "install", ...options, "-r", requirements],
    // A user's own "install for me, not here" would be refused in a virtual environment.
    env: { PIP_USER: "0", PYTHONUTF8: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines: string[] = [];
  let packages = 0;
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const line of createInterface({ input: Readable.fromWeb(stream) })) {
      lines.push(line);
      if (/^(Collecting|Processing) /.test(line)) packages++;
      const step = pipStep(line);
      if (step === undefined) continue;
      progress.detail(`${packages} packages · ${step}`);
    }
  };
  const [{ code }] = await Promise.all([pip.status, read(pip.stdout), read(pip.stderr)]);
  if (code !== 0) throw readPipFailure(code, lines);
}
