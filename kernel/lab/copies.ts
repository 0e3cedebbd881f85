/**
 * The learner's copies of the lessons.
 *
 * `lessons/03-freezing` is copied to `my/03-freezing`: the same depth, so that relative imports
 * hold, and ignored by git. What a learner has is never overwritten.
 *
 * @module
 */

import { join } from "node:path";
import { noSuchLesson } from "./errors.ts";
import { writeWhole } from "./files.ts";

/** The file in a copy that holds the hash of each file as it was published. */
const RECORD = ".published.json";

/** What a notebook or an editor leaves in a lesson's folder, which is no part of the lesson. */
const LEFTOVERS = /^(\.ipynb_checkpoints|__pycache__|node_modules|\..*)$/;

/** What became of one lesson. */
export interface CopiedLesson {
  /** The lesson's name, such as `03-freezing`. */
  readonly name: string;
  /** Folder of the learner's copy. */
  readonly folder: string;
  /** Files that were copied now: all of them on first use, else those the learner deleted. */
  readonly copied: readonly string[];
  /** Files of the published lesson that have changed since they were copied. */
  readonly changed: readonly string[];
}

/** The names of the published lessons, in order. */
export async function lessonNames(root: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(root, "lessons"))) {
      if (entry.isDirectory && /^\d+-/.test(entry.name)) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/**
 * The lesson that `wanted` names: by its name, its number or the start of either. The first lesson
 * if nothing is wanted, undefined if there are no lessons.
 *
 * @throws {LabError} if no lesson fits.
 */
export function findLesson(names: readonly string[], wanted?: string): string | undefined {
  if (wanted === undefined) return names[0];
  const name = wanted.replace(/^(lessons|my)[/\\]/, "").replace(/[/\\].*$/, "");
  const found = names.find((lesson) => lesson === name) ??
    names.find((lesson) => name !== "" && lesson.startsWith(name));
  if (found === undefined) throw noSuchLesson(wanted, names);
  return found;
}

/**
 * Copies a lesson to `my/` on first use. Later it only puts back files the learner has deleted, and
 * compares what is published now with what was copied.
 *
 * @param root Folder of the checkout.
 * @param name Name of the lesson.
 */
export async function copyLesson(root: string, name: string): Promise<CopiedLesson> {
  const from = join(root, "lessons", name);
  const folder = join(root, "my", name);
  const record = await readRecord(folder);
  const copied: string[] = [];
  const changed: string[] = [];
  for (const file of await filesOf(from)) {
    const bytes = await Deno.readFile(join(from, file));
    const hash = await sha256(bytes);
    if (await writeNew(join(folder, file), bytes)) {
      copied.push(file);
      record[file] = hash;
    } else if (record[file] !== undefined && record[file] !== hash) {
      changed.push(file);
    }
  }
  if (copied.length > 0) {
    await Deno.writeTextFile(join(folder, RECORD), JSON.stringify(record, null, 2) + "\n");
  }
  return { name, folder, copied, changed };
}

/** Copies every lesson, as {@linkcode copyLesson} does one. */
export async function copyLessons(root: string): Promise<CopiedLesson[]> {
  const lessons: CopiedLesson[] = [];
  for (const name of await lessonNames(root)) lessons.push(await copyLesson(root, name));
  return lessons;
}

/** What to tell the learner about copies whose published lesson has changed; undefined if none. */
export function describeChanges(lessons: readonly CopiedLesson[]): string | undefined {
  const changed = lessons.filter((lesson) => lesson.changed.length > 0);
  if (changed.length === 0) return undefined;
  const list = changed.map(({ name, changed }) => `  lessons/${name}: ${changed.join(", ")}`);
  return "Published since you began, and left alone in your copy under my/:\n" +
    `${list.join("\n")}\nTo get the new version of a file, rename or delete yours in my/ and run ` +
    "this again.";
}

/** Paths of the files below `folder`, with forward slashes, in order. */
async function filesOf(folder: string, prefix = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(join(folder, prefix))) {
    if (LEFTOVERS.test(entry.name)) continue;
    const path = prefix + entry.name;
    if (entry.isDirectory) files.push(...await filesOf(folder, `${path}/`));
    else if (entry.isFile) files.push(path);
  }
  return files.sort();
}

/** Writes a file that is not there yet; false if it is there. */
async function writeNew(path: string, bytes: Uint8Array): Promise<boolean> {
  if (await Deno.lstat(path).catch(() => undefined)) return false;
  await writeWhole(path, bytes);
  return true;
}

async function readRecord(folder: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, RECORD)));
  } catch {
    return {};
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
