/**
 * Notices when the program that ran this one was ended without passing it on.
 *
 * `deno task lab` is two processes, `npx deno task lab` five, and npm ends alone when it is killed.
 *
 * @module
 */

import { currentPlatform, type Environment } from "./platform.ts";

/** How often to look, in milliseconds. */
const INTERVAL = 1000;

/**
 * How many of the processes above this one are runners of it: those that `deno task` and npx put
 * between this program and whoever started it. A shell isn't one: `nohup` may outlive it.
 */
export function runnersAbove(env: Environment): number {
  if (env.npm_command === "exec") return 2;
  return env.INIT_CWD === undefined ? 0 : 1;
}

/**
 * Calls `onEnd` once if a runner of this program ends before it. Does nothing on Windows, where
 * ending a console's program ends what it started.
 *
 * @returns A function that ends the watch.
 */
export async function watchRunners(
  onEnd: () => void,
  env: Environment = Deno.env.toObject(),
): Promise<() => void> {
  const runners = runnersAbove(env);
  if (runners === 0 || currentPlatform() === "windows") return () => {};
  const atStart = await ancestors(runners);
  const timer = setInterval(async () => {
    if (await ancestors(runners) === atStart) return;
    clearInterval(timer);
    onEnd();
  }, INTERVAL);
  return () => clearInterval(timer);
}

/** The ids of the `count` processes above this one, as text. */
async function ancestors(count: number): Promise<string> {
  const ids = [Deno.ppid];
  while (ids.length < count) ids.push(await parentOf(ids.at(-1) ?? 0));
  return ids.join(" ");
}

async function parentOf(pid: number): Promise<number> {
  if (currentPlatform() === "linux") {
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
  }
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "ppid=", "-p", `${pid}`] })
    .output();
  return Number(new TextDecoder().decode(stdout));
}
