/**
 * `deno task reset 03`: puts back the exercises of a lesson as they were published, after keeping a
 * copy of yours; with `--notebook` its notebook.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { copyLesson, findLesson, lessonNames } from "./copies.ts";
import { LabError } from "./errors.ts";
import { ROOT } from "./lab.ts";

/** What {@linkcode resetFile} did. */
export interface Reset {
  /** Where yours is kept; none if you had none. */
  readonly kept: string | undefined;
  /** The file that is as published again. */
  readonly file: string;
}

/**
 * Puts a file of a learner's copy back as it was published, and keeps theirs beside it.
 *
 * @param root Folder of the checkout.
 * @param lesson Name of the lesson.
 * @param name Name of the file.
 * @param now When, for the name of the copy.
 */
export async function resetFile(
  root: string,
  lesson: string,
  name: string,
  now: Date = new Date(),
): Promise<Reset> {
  const file = join(root, "my", lesson, name);
  const stamp = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const [, stem, ending] = /^(.+)(\.\w+)$/.exec(name)!;
  let kept: string | undefined = join(root, "my", lesson, `${stem}.${stamp}${ending}`);
  try {
    await Deno.rename(file, kept);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    kept = undefined;
  }
  await copyLesson(root, lesson);
  return { kept, file };
}

const HELP = `deno task reset <lesson> [--notebook]

Puts back my/<lesson>/exercises.ts as it was published, and keeps yours beside it under another name.

  --notebook   put back lesson.ipynb instead`;

if (import.meta.main) {
  try {
    const { values, positionals: [wanted] } = parseArgs({
      args: Deno.args,
      options: {
        notebook: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(HELP);
      Deno.exit(0);
    }
    if (wanted === undefined) throw new LabError(`Expected a lesson, found none\n\n${HELP}`);
    const lesson = findLesson(await lessonNames(ROOT), wanted)!;
    const name = values.notebook ? "lesson.ipynb" : "exercises.ts";
    const { kept, file } = await resetFile(ROOT, lesson, name);
    if (kept !== undefined) console.log(`Yours is kept as ${kept}`);
    console.log(`${file} is as published`);
  } catch (error) {
    // What parseArgs throws for an option it doesn't know is a TypeError with a code.
    const known = error instanceof LabError || error instanceof TypeError && "code" in error;
    if (!known) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
