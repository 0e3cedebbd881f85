/**
 * Checkpoints on disk: a folder a step, `step-00000120/`, with weights as safetensors and the rest
 * as JSON.
 *
 * A checkpoint is written under another name and then renamed, which happens whole or not at all: a
 * process killed at any moment leaves no half of one. Older ones go only when the new one is there.
 *
 * @module
 */
import type { StateValue } from "@tunebook/nn";
import { encodeSafetensors, SafetensorsFile, type TensorToStore } from "@tunebook/tensor";

/** Names and tensors to store, or as they come back. */
export type StoredTensors = Iterable<readonly [string, TensorToStore]>;

/** What a checkpoint holds. */
export interface CheckpointContents {
  /** Anything that survives JSON; NaN and the infinities do as well. */
  state: unknown;
  /** Each becomes a file `<name>.safetensors`. */
  tensors: Readonly<Record<string, StoredTensors>>;
}

/** A checkpoint that has been read. */
export interface Checkpoint {
  /** The folder it was read from. */
  path: string;
  /** What was given as `state`. */
  state: unknown;
  /** The tensors by file and name. */
  tensors: Record<string, Map<string, StateValue>>;
}

const COMPLETE = /^step-(\d+)$/;
const PARTIAL = /^partial-/;

/**
 * Writes a checkpoint, then removes those that are too old.
 *
 * @param folder Where the checkpoints of the run are; made if absent.
 * @param step The number of steps taken.
 * @param contents What to keep.
 * @param keep How many checkpoints stay.
 * @returns The path of the new one.
 *
 * @example
 * ```ts
 * import { readCheckpoint, writeCheckpoint } from "@tunebook/training";
 * import { tensor } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const model = new Map([["w", tensor([1, 2])]]);
 * await writeCheckpoint(folder, 7, { state: { step: 7 }, tensors: { model } });
 * const read = await readCheckpoint(folder);
 * assertEquals(read?.state, { step: 7 });
 * assertEquals([...read!.tensors.model!.get("w")!.data], [1, 2]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeCheckpoint(
  folder: string,
  step: number,
  { state, tensors }: CheckpointContents,
  keep = 2,
): Promise<string> {
  const path = `${folder}/step-${String(step).padStart(8, "0")}`;
  const partial = `${folder}/partial-${crypto.randomUUID()}`;
  await Deno.mkdir(partial, { recursive: true });
  for (const [name, stored] of Object.entries(tensors)) {
    await writeThrough(`${partial}/${name}.safetensors`, encodeSafetensors(stored));
  }
  const json = new TextEncoder().encode(JSON.stringify(state, packNumber));
  await writeThrough(`${partial}/state.json`, json);
  await Deno.rename(partial, path);
  await removeOld(folder, keep);
  return path;
}

/**
 * Reads the newest checkpoint. Should a failing disk have damaged it, the one before is read.
 *
 * @param folder Where the checkpoints of the run are.
 * @returns The checkpoint, or undefined if there is none.
 * @throws {Error} If there are checkpoints and none can be read.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const problems: unknown[] = [];
  for (const name of (await listCheckpoints(folder)).toReversed()) {
    try {
      return await readOne(`${folder}/${name}`);
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length === 0) return undefined;
  throw new AggregateError(problems, `None of the checkpoints in ${folder} can be read`);
}

/**
 * The names of the complete checkpoints, the oldest first.
 *
 * @param folder Where the checkpoints of the run are; it need not exist.
 */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = (await entriesOf(folder)).filter((name) => COMPLETE.test(name));
  return names.sort((a, b) => stepOf(a) - stepOf(b));
}

async function readOne(path: string): Promise<Checkpoint> {
  const state: unknown = JSON.parse(
    await Deno.readTextFile(`${path}/state.json`),
    unpackNumber,
  );
  const tensors: Checkpoint["tensors"] = {};
  for (const name of await entriesOf(path)) {
    const [, base] = /^(.*)\.safetensors$/.exec(name) ?? [];
    if (base === undefined) continue;
    const file = await SafetensorsFile.open(`${path}/${name}`);
    const own = tensors[base] = new Map<string, StateValue>();
    for (const tensor of file.names) {
      own.set(tensor, await file.read(tensor) as StateValue); // tensors are float32 or int32
    }
  }
  return { path, state, tensors };
}

/** What a killed run left unfinished goes as well. */
async function removeOld(folder: string, keep: number): Promise<void> {
  const old = (await listCheckpoints(folder)).slice(0, -keep);
  const unfinished = (await entriesOf(folder)).filter((name) => PARTIAL.test(name));
  for (const name of [...unfinished, ...old]) {
    if (PARTIAL.test(name)) await Deno.remove(`${folder}/${name}`, { recursive: true });
    else {
      // No longer a checkpoint before the first of its files goes.
      const leaving = `${folder}/partial-${crypto.randomUUID()}`;
      await Deno.rename(`${folder}/${name}`, leaving);
      await Deno.remove(leaving, { recursive: true });
    }
  }
}

/** Writes a file and waits until the disk has it: a rename must not overtake it. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(path, bytes);
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function stepOf(name: string): number {
  return Number(COMPLETE.exec(name)?.[1]);
}

/** JSON has no NaN and no infinities. */
function packNumber(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? { $number: String(value) } : value;
}

function unpackNumber(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "$number" in value
    ? Number(value.$number)
    : value;
}
