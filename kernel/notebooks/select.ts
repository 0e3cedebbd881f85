import { basename, dirname, join, relative, resolve } from "node:path";

/** A notebook to work on. */
export interface LessonFile {
  /** What a person calls it: the lesson's folder, or the path as given. */
  readonly name: string;
  /** The file. */
  readonly path: string;
}

/** A name that no lesson has. */
export class NoSuchLessonError extends Error {
  /** The name in messages. */
  override name = "NoSuchLessonError";
}

/**
 * Finds notebooks: all lessons, or those named.
 *
 * @param names Beginnings of lesson names (`00`, `03-freezing`) or paths of `.ipynb` files; none
 *   for all lessons.
 * @param lessons The folder of lessons, each a folder with a `lesson.ipynb`.
 * @returns The notebooks, lessons in the order of their names.
 * @throws {NoSuchLessonError} When a name fits no lesson.
 */
export async function selectLessons(
  names: readonly string[],
  lessons: string,
): Promise<LessonFile[]> {
  const all = await listLessons(lessons);
  if (names.length === 0) return all;
  return names.flatMap((name) => {
    if (name.endsWith(".ipynb")) return [fileOf(name, lessons)];
    const found = all.filter((lesson) => lesson.name.startsWith(name));
    if (found.length > 0) return found;
    throw new NoSuchLessonError(
      `Expected the beginning of a lesson's name or a path to an .ipynb file, found ${
        JSON.stringify(name)
      }. Lessons: ${all.map((lesson) => lesson.name).join(", ") || "none"}`,
    );
  });
}

/** A path as a person at this folder would write it. */
export function shortPath(path: string): string {
  const below = relative(Deno.cwd(), path);
  return below.startsWith("..") ? path : below;
}

async function listLessons(lessons: string): Promise<LessonFile[]> {
  const found: LessonFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(lessons)) {
    const path = join(lessons, name, "lesson.ipynb");
    if (isDirectory && await isFile(path)) found.push({ name, path });
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

function fileOf(given: string, lessons: string): LessonFile {
  const path = resolve(given);
  const isLesson = basename(path) === "lesson.ipynb" && dirname(dirname(path)) === resolve(lessons);
  return { name: isLesson ? basename(dirname(path)) : shortPath(path), path };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
