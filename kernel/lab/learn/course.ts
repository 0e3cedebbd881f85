/**
 * Where a learner is in the course: every exercise of every lesson, graded.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graded } from "./grade.ts";

/** A lesson's exercises, or why they could not be graded. */
export interface LessonState {
  /** The lesson's name, such as `03-freezing`. */
  readonly name: string;
  /** Its exercises, graded; empty if `problem` says why not. */
  readonly exercises: readonly Graded[];
  /** What is wrong with `exercises.ts` as a whole, such as a syntax error. */
  readonly problem?: string;
}

/** How long an answer may take before it is ended, in milliseconds. */
const LIMIT_MS = 60_000;

/**
 * Grades a learner's copy of a lesson, in a process of its own.
 *
 * @param root Folder of the checkout.
 * @param name The lesson.
 * @param options How long it may take in milliseconds, and a signal that ends it before.
 */
export async function gradeLesson(
  root: string,
  name: string,
  { limitMs = LIMIT_MS, signal: stop }: { limitMs?: number; signal?: AbortSignal } = {},
): Promise<LessonState> {
  const folder = join(root, "my", name);
  const program = fileURLToPath(new URL("grade.ts", import.meta.url));
  const limit = AbortSignal.timeout(limitMs);
  const signal = stop ? AbortSignal.any([limit, stop]) : limit;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", program, folder],
    cwd: root,
    signal,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return { name, exercises: JSON.parse(text.trimEnd().split("\n").at(-1)!) };
  const problem = signal.aborted
    ? `It ran for ${limitMs / 1000} s without an end; is there a loop that never stops?`
    : learnersPart(new TextDecoder().decode(stderr));
  return { name, exercises: [], problem };
}

/** An error as far as it is about the learner's file: not who loaded it, nor that it was loaded. */
function learnersPart(error: string): string {
  const lines = error.trim().split("\n");
  const place = lines.findIndex((line) => /^\s+at .*exercises\.ts:\d+:\d+/.test(line));
  return lines.slice(0, place < 0 ? undefined : place + 1).join("\n")
    .replace(/^error: Uncaught (\(in promise\) )?(\w+: (?=\w+Error: ))?/, "");
}

/** Where the learner is. */
export interface Place {
  /** The lesson's name. */
  readonly lesson: string;
  /** The exercise to do next; none if the lesson's file has a problem. */
  readonly exercise?: Graded;
  /** What is wrong with the lesson's file. */
  readonly problem?: string;
}

/** The first exercise that isn't right yet; none if all are. */
export function nextPlace(lessons: readonly LessonState[]): Place | undefined {
  for (const { name, exercises, problem } of lessons) {
    if (problem !== undefined) return { lesson: name, problem };
    const exercise = exercises.find(({ verdict }) => verdict.state !== "right");
    if (exercise) return { lesson: name, exercise };
  }
}
