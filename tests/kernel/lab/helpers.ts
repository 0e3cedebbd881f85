/** What several tests of the lab need: temporary folders, stand-in Pythons, small checkouts. */

import { join } from "node:path";
import { describePython } from "../../../kernel/lab/python.ts";
import { currentPlatform, pythonCandidates } from "../../../kernel/lab/platform.ts";
import { ROOT } from "../../../kernel/lab/lab.ts";

/** True where stand-in programs can't be shell scripts. */
export const ON_WINDOWS = Deno.build.os === "windows";

/** A folder that is deleted at the end of its scope. */
export class TemporaryFolder {
  readonly path: string = Deno.makeTempDirSync({ prefix: "tunebook-" });

  join(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  async write(path: string, text: string): Promise<string> {
    const file = this.join(path);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, text);
    return file;
  }

  /** Writes a shell script that can be run as a program. */
  async script(path: string, lines: string): Promise<string> {
    const file = await this.write(path, `#!/bin/sh\n${lines}\n`);
    await Deno.chmod(file, 0o755);
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The path of a Python that works. */
export async function realPython(): Promise<string> {
  for (const command of pythonCandidates(currentPlatform())) {
    const python = await describePython(command);
    if (python?.missing.length === 0) return python.executable;
  }
  throw new Error("Expected a Python on this machine but found none");
}

/** A program that answers as a Python of `version` would that lacks the modules `missing`. */
export function fakePython(
  folder: TemporaryFolder,
  path: string,
  version: string,
  { missing = [] as string[], debian = false } = {},
): Promise<string> {
  const answer = { version, executable: folder.join(path), missing, debian };
  return folder.script(path, `echo '${JSON.stringify(answer)}'`);
}

/** Makes `folder` a checkout that holds the lab and one small lesson. */
export async function makeCheckout(folder: TemporaryFolder): Promise<void> {
  const parts = ["kernel/lab", "kernel/relay/command.ts", "kernel/renderer", "lib/std"];
  for (const path of ["deno.json", "deno.lock", ...parts]) {
    await copy(join(ROOT, path), folder.join(path));
  }
  const notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  await folder.write("lessons/00-small/lesson.ipynb", JSON.stringify(notebook));
  await folder.write("lessons/00-small/exercises.ts", "export const answer = 42;\n");
}

async function copy(from: string, to: string): Promise<void> {
  const info = await Deno.stat(from);
  await Deno.mkdir(info.isDirectory ? to : join(to, ".."), { recursive: true });
  if (!info.isDirectory) return await Deno.copyFile(from, to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

/** What a program printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs `kernel/lab/<script>` of a checkout to its end. */
export async function runIn(
  folder: TemporaryFolder,
  script: string,
  args: string[],
  { deno = Deno.execPath(), ...options }:
    & Pick<Deno.CommandOptions, "env" | "uid" | "gid">
    & { deno?: string } = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: ["run", "-A", folder.join("kernel", "lab", script), ...args],
    cwd: folder.path,
    stdin: "null",
    ...options,
    // What the developer's own variables choose must not reach a test.
    env: { NO_COLOR: "1", TUNEBOOK_PYTHON: "", ...options.env },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** A port on which nothing listens. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until `ready` gives something, at most `seconds`. */
export async function until<T>(
  what: string,
  ready: () => Promise<T | undefined> | T | undefined,
  seconds = 60,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const value = await ready();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Expected ${what} within ${seconds} s`);
}
