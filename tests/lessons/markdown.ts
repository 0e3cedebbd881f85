/** Prose without what isn't: code, formulas, tags, the targets of links. */
export function plainText(markdown: string): string {
  return markdown.replace(
    /```[\s\S]*?```|`[^`]*`|\$\$?[^$]+\$\$?|<!--[\s\S]*?-->|<[^>]+>|\]\([^)]*\)/g,
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
