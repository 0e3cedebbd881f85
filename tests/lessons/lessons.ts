/** A lesson: its name, such as `00-start-here`, and its folder. */
export interface LessonFolder {
  name: string;
  folder: URL;
}

/** The root of the repository. */
export const root = new URL("../../", import.meta.url);

/** Every lesson of the course, in order. */
export function lessonFolders(): LessonFolder[] {
  const lessons = new URL("lessons/", root);
  return [...Deno.readDirSync(lessons)]
    .filter(({ name, isDirectory }) => isDirectory && /^\d\d-/.test(name))
    .map(({ name }) => ({ name, folder: new URL(`${name}/`, lessons) }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}
