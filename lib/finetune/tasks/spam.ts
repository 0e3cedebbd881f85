import {
  type Dataset,
  nearDuplicates,
  spamAssassin,
  type SpamAssassinMail,
  splitThreeWays,
} from "@tunebook/data";
import { drawBalanced } from "./draw.ts";
import type { ClassificationTask, TextExample } from "./task.ts";

/** A mail of the spam task. */
export interface MailExample extends TextExample {
  /** When it says it was sent, in milliseconds since 1970; NaN if it doesn't say. */
  time: number;
  /** The mail's name in the corpus. */
  id: string;
}

/** How {@linkcode spamTask} reads mails. */
export interface SpamOptions {
  /** The most characters of a mail's text. Default: 240, about 60 tokens. */
  maxCharacters?: number;
  /** The most mails of one thread or sender. Default: 4. */
  perGroup?: number;
}

/**
 * Wanted mail or spam? The text of real mails without what gives the answer away (quoted lines, list
 * tags and footers, addresses, links), as many of each, few of one sender or thread, and no sender,
 * thread or repeated text in two parts.
 *
 * @returns The task.
 */
export async function spamTask(options: SpamOptions = {}): Promise<ClassificationTask> {
  const mails = await spamExamples(options);
  const parts = splitThreeWays(mails.length, {
    validation: 0.15,
    test: 0.3,
    groups: mails.column("group"),
    stratify: mails.column("label"),
    seed: 1,
  });
  return {
    kind: "classification",
    name: "spam",
    description: "Is this mail wanted, or spam?",
    labelledBy: "people",
    labels: ["ham", "spam"],
    train: mails.select(parts.train),
    validation: mails.select(parts.validation),
    test: mails.select(parts.test),
  };
}

/** The mails of {@linkcode spamTask} before they are divided, for other ways to divide them. */
export async function spamExamples(options: SpamOptions = {}): Promise<Dataset<MailExample>> {
  const { maxCharacters = 240, perGroup = 4 } = options;
  const { rows } = await spamAssassin();
  const texts = rows.map((mail) => withoutGiveaways(mail).slice(0, maxCharacters).trim());
  const groups = linkedGroups(rows, texts);
  const examples = rows.map((mail, i): MailExample => ({
    text: texts[i]!,
    label: mail.label === "spam" ? 1 : 0,
    group: `group ${groups[i]}`,
    time: Date.parse(mail.date),
    id: mail.id,
  })).filter(({ text }) => text.length >= 40);
  return drawBalanced(examples, { count: examples.length, perGroup, seed: 1 });
}

/** Subject and body less what tells ham from spam without reading. */
export function withoutGiveaways({ subject, text }: { subject: string; text: string }): string {
  const title = subject
    .replaceAll(/^((re|fwd?|aw)(\[\d+\])?:\s*)+/gi, "")
    .replaceAll(/\[[^\]]{1,40}\]/g, "")
    .replace(/\s{3,}\S+$/, ""); // spam ends subjects in a number far to the right
  const body = text
    .split("\n")
    .filter((line) =>
      !/^\s*[>|:]/.test(line) && !/wrote:\s*$|^\s*On .{10,60}(wrote|said)/i.test(line)
    )
    .join("\n")
    // Footers of mailing lists and signatures.
    .replace(/\n(-- ?|_{5,}|={5,}|-{5,})\n[\s\S]*$/, "")
    .replaceAll(/(https?:\/\/|www\.)\S+/gi, "LINK")
    .replaceAll(/\S+@\S+/g, "ADDRESS")
    .replaceAll(/\b(URL|Date): \S+/g, "");
  return `${title.trim()}. ${body}`.replaceAll(/\s+/g, " ").trim();
}

/** Numbers the mails so that those linked by sender, thread or text have the same number. */
function linkedGroups(mails: readonly SpamAssassinMail[], texts: readonly string[]): number[] {
  const parent = mails.map((_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const firstOf = new Map<string, number>();
  const link = (key: string, i: number) => {
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, i);
    else parent[find(i)] = find(first);
  };
  mails.forEach((mail, i) => {
    if (mail.sender) link(`from ${mail.sender}`, i);
    if (mail.messageId) link(`mail ${mail.messageId}`, i);
    if (mail.inReplyTo) link(`mail ${mail.inReplyTo}`, i);
  });
  for (const { first, second } of nearDuplicates(texts)) parent[find(second)] = find(first);
  return mails.map((_, i) => find(i));
}
