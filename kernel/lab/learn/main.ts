/**
 * `deno task learn`: the exercises in the terminal. It shows how far you are, waits for you to save an
 * answer, and checks it. It reads your answers and never changes them.
 *
 * @module
 */
import { join } from "node:path";
import { copyLessons, lessonNames } from "../copies.ts";
import { ROOT } from "../lab.ts";
import { gradeLesson, type LessonState, nextPlace } from "./course.ts";
import { showNext, showProgress } from "./screen.ts";

const HELP = `deno task learn [--once]

Shows the exercises you have solved and the next one to do, and checks it whenever you save
my/<lesson>/exercises.ts. Keys: h hint, l list of lessons, q quit.

  --once   show where you are, and end`;

const unknown = Deno.args.find((arg) => arg !== "--once");
if (unknown !== undefined) {
  if (unknown !== "--help") console.error(`Expected --once or nothing, found ${unknown}\n`);
  console.log(HELP);
  Deno.exit(unknown === "--help" ? 0 : 2);
}
await copyLessons(ROOT);
const lessons: LessonState[] = [];
const checking = new Map<string, AbortController>();
for (const name of await lessonNames(ROOT)) {
  if (Deno.stdout.isTerminal()) await write(`\rLooking at ${name} …\x1b[K`);
  lessons.push(await gradeLesson(ROOT, name));
}
if (Deno.stdout.isTerminal()) await write("\r\x1b[K");
console.log(`${showProgress(lessons)}\n\n${showNext(lessons)}`);
if (!Deno.args.includes("--once")) {
  // A terminal that is left as it is while keys are read shows nothing of what is typed next.
  Deno.addSignalListener("SIGINT", () => end(130));
  const keys = Deno.stdin.isTerminal() ? [readKeys()] : [];
  await Promise.race([watchAnswers(), ...keys]);
  end(0);
}

function end(code: number): never {
  if (Deno.stdin.isTerminal()) Deno.stdin.setRaw(false);
  Deno.exit(code);
}

/** Grades the lesson whose answers were saved; ends when all are right. */
async function watchAnswers(): Promise<void> {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  for await (const { kind, paths } of Deno.watchFs(join(ROOT, "my"))) {
    if (kind === "access" || nextPlace(lessons) === undefined) continue;
    for (const path of paths) {
      const [, name] = /[\\/]my[\\/]([^\\/]+)[\\/]exercises\.ts$/.exec(path) ?? [];
      if (name === undefined) continue;
      // Editors save in several writes: the last one counts.
      clearTimeout(waiting.get(name));
      waiting.set(name, setTimeout(() => checkAgain(name), 200));
    }
  }
}

async function checkAgain(name: string): Promise<void> {
  const at = lessons.findIndex((lesson) => lesson.name === name);
  if (at < 0) return;
  // What was saved before may still run, perhaps without an end.
  checking.get(name)?.abort();
  const check = new AbortController();
  checking.set(name, check);
  console.log(`\nChecking my/${name}/exercises.ts …`);
  const lesson = await gradeLesson(ROOT, name, { signal: check.signal });
  if (check.signal.aborted) return;
  lessons[at] = lesson;
  console.log(`\n${showProgress(lessons)}\n\n${showNext(lessons)}`);
}

async function readKeys(): Promise<void> {
  // On Windows Ctrl+C comes as a key.
  Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  const decoder = new TextDecoder();
  for await (const bytes of Deno.stdin.readable) {
    const key = decoder.decode(bytes);
    if (key === "q" || key === "\x03") return;
    if (key === "h") console.log(`\n${showNext(lessons, { hint: true })}`);
    if (key === "l") console.log(`\n${showProgress(lessons)}`);
  }
}

async function write(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
