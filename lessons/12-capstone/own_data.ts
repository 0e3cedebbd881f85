/**
 * A learner's own CSV, made ready for fine-tuning; what is missing is said in words.
 *
 * @module
 */
import { Dataset, splitThreeWays } from "@tunebook/data";
import type { ClassificationTask, TextExample } from "@tunebook/finetune";

/** The fewest texts of each label with which trying makes sense. */
const FEWEST = 8;

/**
 * Reads a file with the columns `text` and `label`, and perhaps `sender`, and divides it. No sender is
 * in two parts; without that column each text counts as a sender of its own.
 *
 * @param csv The text of the file.
 * @returns The task: a half to train on, a quarter to choose by, a quarter to test.
 * @throws {TypeError} If a column is missing, or a text or a label is empty; it says where.
 * @throws {RangeError} If there are too few labels, or too few texts of a label.
 */
export function ownTask(csv: string): ClassificationTask {
  const records = Dataset.fromCsv(csv).toArray();
  const columns = Object.keys(records[0] ?? {});
  const missing = ["text", "label"].filter((needed) => !columns.includes(needed));
  if (missing.length > 0) {
    throw new TypeError(
      `Expected the columns text and label but found ${columns.join(", ") || "no rows"}: ` +
        `write a first line "text,label" and a row below it for each text`,
    );
  }
  for (const [i, { text, label }] of records.entries()) {
    if (text!.trim() !== "" && label!.trim() !== "") continue;
    throw new TypeError(
      `Expected a text and a label in every row but found an empty ` +
        `${text!.trim() === "" ? "text" : "label"} in row ${i + 1} below the header: fill it in, ` +
        `or delete the row`,
    );
  }
  const counts = Map.groupBy(records, ({ label }) => label!.trim());
  const labels = [...counts.keys()].sort();
  if (labels.length < 2) {
    throw new RangeError(
      `Expected at least two labels but found ${labels.join(", ") || "none"}: add texts of another`,
    );
  }
  const scarce = labels.filter((label) => counts.get(label)!.length < FEWEST);
  if (scarce.length > 0) {
    throw new RangeError(
      `Expected at least ${FEWEST} texts of each label but found ` +
        `${scarce.map((label) => `${counts.get(label)!.length} of ${label}`).join(", ")}: ` +
        `add some, or join labels`,
    );
  }
  const examples = Dataset.from(records.map(({ text, label, sender }, i): TextExample => ({
    text: text!.trim(),
    label: labels.indexOf(label!.trim()),
    group: sender?.trim().toLowerCase() || `row ${i + 1}`,
  })));
  const parts = splitThreeWays(examples.length, {
    validation: 0.25,
    test: 0.25,
    groups: examples.column("group"),
    stratify: examples.column("label"),
    seed: 0,
  });
  return {
    kind: "classification",
    name: "own",
    description: "Which label has this text?",
    labelledBy: "people",
    labels,
    train: examples.select(parts.train),
    validation: examples.select(parts.validation),
    test: examples.select(parts.test),
  };
}
