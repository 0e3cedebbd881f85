import type { JsonObject, Message } from "../wire/mod.ts";
import { type ChannelHandlers, Channels } from "./channels.ts";
import { cleanUpOnSignal } from "./cleanup.ts";
import { type ConnectionFile, makeConnectionFile } from "./connection_file.ts";
import { commandLine, type Kernelspec } from "./kernelspec.ts";
import { KernelProcess, type SpawnOptions } from "./process.ts";
import { within } from "./within.ts";

/** The kernel ended, or never came to life. */
export class KernelDiedError extends Error {
  /** The name in messages. */
  override name = "KernelDiedError";
}

/** A kernel that has answered. */
export interface LaunchedKernel {
  /** The process. */
  readonly process: KernelProcess;
  /** The connection to it. */
  readonly channels: Channels;
  /** What it said of itself (`kernel_info_reply`). */
  readonly info: JsonObject;
  /** Resolves to the reason when the kernel is gone, for whatever reason. */
  readonly lost: Promise<KernelDiedError>;
  /** Waits for the process to end, or ends it; then nothing of it is left. */
  stop(waitMs: number): Promise<void>;
}

const ATTEMPTS = 3;
const NUDGE_MS = 250;
const LAST_OUTPUT_MS = 1000;

/**
 * Starts a kernel and waits until it answers and its outputs arrive.
 *
 * @param startMs How long that may take.
 * @throws {KernelDiedError} When it doesn't, with what the kernel wrote to stderr.
 */
export async function launch(
  kernelspec: Kernelspec,
  spawn: SpawnOptions,
  handlers: ChannelHandlers,
  startMs: number,
): Promise<LaunchedKernel> {
  for (let attempt = 1;; attempt++) {
    try {
      return await start(kernelspec, spawn, handlers, startMs);
    } catch (error) {
      // Another program can take a port between our finding it free and the kernel's using it.
      const portTaken = error instanceof KernelDiedError && /AddrInUse|in use/.test(error.message);
      if (!portTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function start(
  kernelspec: Kernelspec,
  spawn: SpawnOptions,
  handlers: ChannelHandlers,
  startMs: number,
): Promise<LaunchedKernel> {
  const file = makeConnectionFile(kernelspec.name);
  const owned: Owned = { file, process: undefined };
  const release = own(owned);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), startMs);
  try {
    const process = spawnKernel(kernelspec, file.path, spawn);
    owned.process = process;
    process.exited.then(() => giveUp.abort());
    const seen = Promise.withResolvers<void>();
    const onOutput = (message: Message) => {
      seen.resolve();
      handlers.onOutput(message);
    };
    const channels = await Channels.open(file.info, { ...handlers, onOutput }, giveUp.signal);
    const lost = watch(process, channels);
    const info = await firstAnswer(channels, seen.promise, giveUp.signal);
    file.remove();
    return {
      process,
      channels,
      info,
      lost,
      async stop(waitMs) {
        await process.stop(waitMs);
        await lost;
        release();
      },
    };
  } catch (error) {
    const ended = owned.process?.running === false;
    await owned.process?.stop(0);
    file.remove();
    release();
    if (!owned.process) throw error;
    const what = ended
      ? `ended before it answered (${await ending(owned.process!)})`
      : giveUp.signal.aborted
      ? `didn't answer within ${startMs / 1000} s`
      : `can't be talked to: ${error instanceof Error ? error.message : error}`;
    throw new KernelDiedError(
      withLastWords(`The kernel ${kernelspec.name} ${what}`, owned.process),
      {
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

interface Owned {
  readonly file: ConnectionFile;
  process: KernelProcess | undefined;
}

/** Sees to it that nothing is left behind, however this process ends, until `release` is called. */
function own(owned: Owned): () => void {
  const withdraw = cleanUpOnSignal(async () => {
    owned.file.remove();
    await owned.process?.stop(0, 500);
  });
  const onUnload = () => owned.process?.signal("SIGTERM");
  addEventListener("unload", onUnload);
  return () => {
    withdraw();
    removeEventListener("unload", onUnload);
  };
}

function spawnKernel(kernelspec: Kernelspec, file: string, spawn: SpawnOptions): KernelProcess {
  const argv = commandLine(kernelspec, file);
  try {
    return new KernelProcess(argv, { cwd: spawn.cwd, env: { ...kernelspec.env, ...spawn.env } });
  } catch (error) {
    throw new KernelDiedError(
      `The kernel ${kernelspec.name} can't be started: ${argv[0]}: ${
        error instanceof Error ? error.message : error
      }`,
      { cause: error },
    );
  }
}

/**
 * Asks for `kernel_info` until there is an answer *and* a sign of life on IOPub: a subscription
 * takes effect some time after the connection, and what was published before is lost.
 */
async function firstAnswer(
  channels: Channels,
  seen: Promise<void>,
  giveUp: AbortSignal,
): Promise<JsonObject> {
  while (true) {
    giveUp.throwIfAborted();
    const { reply } = channels.request("shell", "kernel_info_request", {});
    const answer = Promise.all([reply, seen]).then(([message]) => message.content);
    const content = await within(answer, NUDGE_MS);
    if (content) return content;
  }
}

/** Waits for the process or the connection to end, and closes the other. */
async function watch(process: KernelProcess, channels: Channels): Promise<KernelDiedError> {
  const first = await Promise.race([
    process.exited.then(() => "process" as const),
    channels.ended.then(() => "connection" as const),
  ]);
  // A dying process closes its sockets a moment before or after it is seen to have ended.
  const other: Promise<unknown> = first === "process" ? channels.ended : process.exited;
  await within(other, LAST_OUTPUT_MS);
  const what = process.running ? "closed its connection" : `ended (${await ending(process)})`;
  const error = new KernelDiedError(withLastWords(`The kernel ${what}`, process));
  channels.close(error);
  if (process.running) await process.stop(0);
  return error;
}

async function ending(process: KernelProcess): Promise<string> {
  const { code, signal } = await process.exited;
  return signal ? `by ${signal}` : `with code ${code}`;
}

function withLastWords(sentence: string, process: KernelProcess | undefined): string {
  const words = process?.lastWords;
  return words ? `${sentence}. Its last words:\n${words}` : `${sentence}.`;
}
