/**
 * The capstone's data: real mails, divided by time and by who wrote them.
 *
 * @module
 */
import { Dataset } from "@tunebook/data";
import { type ClassificationTask, type MailExample, spamExamples } from "@tunebook/finetune";

/** Positions of the mails in each part, of which some mails are in none. */
export interface MailParts {
  /** The oldest. */
  train: number[];
  /** In between. */
  validation: number[];
  /** The newest. */
  test: number[];
}

/** Which share of the mails, the oldest first, is before each cut. */
const CUTS = [0.6, 0.75];

/** The mails with a date that can be true, the oldest first. */
export async function datedMails(): Promise<Dataset<MailExample>> {
  const mails = await spamExamples();
  // The corpus was collected in 2002 and 2003. Some spam claims another year.
  const [from, to] = [Date.UTC(2001, 0), Date.UTC(2004, 0)];
  const dated = mails.toArray().filter(({ time }) => time >= from && time < to);
  return Dataset.from(dated.sort((a, b) => a.time - b.time));
}

/** Cuts the order of time twice, and looks at nothing else. */
export function splitByTime(count: number): MailParts {
  const [first, second] = CUTS.map((share) => Math.round(share * count)) as [number, number];
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  return {
    train: range(0, first),
    validation: range(first, second),
    test: range(second, count),
  };
}

/**
 * Cuts by time, then drops from each part the mails whose sender or thread goes on in a later part:
 * what remains in the test has nobody whom training knew.
 */
export function splitByTimeAndGroup(groups: readonly string[]): MailParts {
  const { train, validation, test } = splitByTime(groups.length);
  const inTest = new Set(test.map((i) => groups[i]!));
  const later = new Set([...inTest, ...validation.map((i) => groups[i]!)]);
  return {
    train: train.filter((i) => !later.has(groups[i]!)),
    validation: validation.filter((i) => !inTest.has(groups[i]!)),
    test,
  };
}

/** The capstone's task. */
export async function capstoneTask(): Promise<ClassificationTask> {
  const mails = await datedMails();
  const parts = splitByTimeAndGroup(mails.column("group"));
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
