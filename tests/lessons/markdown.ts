import { fileURLToPath } from "node:url";
import { readNotebook } from "../../kernel/notebooks/read.ts";
import { lessonFolders, root } from "./lessons.ts";

/** Every page of the repository that git knows of, and every lesson. */
export async function proseFiles(): Promise<URL[]> {
  const { stdout } = await new Deno.Command("git", { args: ["ls-files", "*.md"], cwd: root })
    .output();
  const pages = new TextDecoder().decode(stdout).trim().split("\n");
  return [
    ...pages.map((name) => new URL(name, root)),
    ...lessonFolders().map(({ folder }) => new URL("lesson.ipynb", folder)),
  ];
}

/** The prose of a page or a notebook. */
export async function proseOf(file: URL): Promise<string> {
  if (!file.pathname.endsWith(".ipynb")) return await Deno.readTextFile(file);
  const { cells } = await readNotebook(fileURLToPath(file));
  return cells.filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => source).join("\n\n");
}

/** Prose without what isn't: code, formulas, tags, the targets of links, what is quoted. */
export function plainText(markdown: string): string {
  return markdown.replace(
    /```[\s\S]*?```|`[^`]*`|\$\$?[^$]+\$\$?|<!--[\s\S]*?-->|<[^>]+>|\]\([^)]*\)|^> .*$/gm,
    " ",
  );
}

/** Prose without the section of references, which names people and cites titles. */
export function withoutReferences(markdown: string): string {
  return markdown.replace(/^## References$[\s\S]*?(?=^## |$(?![\s\S]))/m, "");
}

/** The section of references. */
export function referencesOf(markdown: string): string[] {
  const [, section = ""] = /^## References$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown) ?? [];
  return section.split(/^- /m).slice(1).map((item) => item.replaceAll(/\s+/g, " ").trim());
}

/** Where the links of a text lead. */
export function linksOf(markdown: string): string[] {
  const text = markdown.replace(/```[\s\S]*?```|`[^`]*`/g, " ");
  return [...text.matchAll(/\]\(([^)\s]*)\)/g)].map(([, target]) => target!);
}

/** The names that a page's headings have in links, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  const text = markdown.replace(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")
  );
}
