import { assert, assertEquals } from "@std/assert";
import { lessonFolders, root } from "./lessons.ts";
import { anchorsOf, linksOf, proseFiles, proseOf, referencesOf } from "./markdown.ts";

/** What is wrong with a link; nothing if it leads somewhere. Pages on the web aren't fetched. */
async function problemOf(link: string, from: URL): Promise<string | undefined> {
  if (/^[a-z]+:/i.test(link)) {
    return link.startsWith("https://") && URL.canParse(link) ? undefined : "expected https://";
  }
  const target = new URL(link, from);
  const anchor = decodeURIComponent(target.hash.slice(1));
  target.hash = "";
  const found = await Deno.stat(target).catch(() => undefined);
  if (!found) return "leads nowhere";
  if (anchor === "") return undefined;
  if (!found.isFile || !/\.(md|ipynb)$/.test(target.pathname)) return "expected a page";
  return anchorsOf(await proseOf(target)).includes(anchor) ? undefined : "no such heading";
}

for (const file of await proseFiles()) {
  const name = file.pathname.slice(root.pathname.length);
  Deno.test(`${name}: its links lead to pages over https, and to files and headings that exist`, async () => {
    const links = linksOf(await proseOf(file));
    const problems = await Promise.all(links.map((link) => problemOf(link, file)));
    assertEquals(links.flatMap((link, i) => problems[i] ? [`${link}: ${problems[i]}`] : []), []);
  });
}

for (const { name, folder } of lessonFolders()) {
  Deno.test(`${name}: every reference has a year or a link, and no paper is older than its preprint`, async () => {
    const references = referencesOf(await proseOf(new URL("lesson.ipynb", folder)));
    assert(references.length >= 3, "at least three references");
    const problems = references.flatMap((reference) => {
      const text = reference.replaceAll(/\]\([^)]*\)/g, "]");
      const years = [...text.matchAll(/\b(1[89]\d\d|20\d\d)\b/g)].map(([year]) => Number(year));
      const [, preprint] = /arxiv\.org\/abs\/(\d\d)\d\d\.\d{4,5}\b/.exec(reference) ?? [];
      if (/arxiv/i.test(reference) && preprint === undefined) {
        return [`${text}: expected arxiv.org/abs/…`];
      }
      if (years.length === 0) return text === reference ? [`${text}: no year and no link`] : [];
      const first = 2000 + Number(preprint ?? 0);
      const older = preprint !== undefined && Math.max(...years) < first;
      return older ? [`${text}: the preprint is of ${first}`] : [];
    });
    assertEquals(problems, []);
  });
}
