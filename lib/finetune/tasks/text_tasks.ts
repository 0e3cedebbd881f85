import type { Address, Dataset } from "@tunebook/data";
import { drawBalanced } from "./draw.ts";
import { sentencesOf } from "./sentences.ts";
import { addressName, taskAddresses } from "./split_addresses.ts";
import type { ClassificationTask, Parts, TextExample } from "./task.ts";

/** How many examples each part of a task has at most. */
export const PART_SIZES = { train: 4000, validation: 800, test: 1600 } as const;

/** Makes the three parts of a task from sentences of the addresses kept for tasks. */
export async function partsFromSentences(
  examplesOf: (sentence: string, address: Readonly<Address>) => Omit<TextExample, "group">[],
): Promise<Parts<TextExample>> {
  const addresses = await taskAddresses();
  const part = (name: keyof typeof PART_SIZES, seed: number): Dataset<TextExample> => {
    const examples = addresses[name].toArray().flatMap((address) =>
      sentencesOf(address.text).flatMap((sentence) =>
        examplesOf(sentence, address).map((example) => ({
          ...example,
          group: addressName(address),
        }))
      )
    );
    const count = PART_SIZES[name];
    return drawBalanced(examples, { count, perGroup: Math.ceil(count / 24), seed });
  };
  return { train: part("train", 1), validation: part("validation", 2), test: part("test", 3) };
}

/** Where each period begins; the last ends with 2021. */
const PERIODS = [1790, 1848, 1906, 1964];

/**
 * When was this said? A sentence of an address, in which no year stands, to one of four periods of 58
 * years.
 *
 * @example
 * ```ts
 * import { periodTask } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const { labels, train } = await periodTask();
 * assertEquals(labels, ["1790-1847", "1848-1905", "1906-1963", "1964-2021"]);
 * assertEquals(train.length, 2620);
 * ```
 *
 * @returns The task; its labels are known from the address's date.
 */
export async function periodTask(): Promise<ClassificationTask> {
  return {
    kind: "classification",
    name: "period",
    description: "In which of four periods was this sentence of an address said?",
    labelledBy: "record",
    labels: PERIODS.map((start, i) => `${start}-${(PERIODS[i + 1] ?? 2022) - 1}`),
    ...await partsFromSentences((sentence, { year }) =>
      sentence.length < 60 || sentence.length > 240 || /\d{4}/.test(sentence)
        ? []
        : [{ text: sentence, label: PERIODS.findLastIndex((start) => year >= start) }]
    ),
  };
}

/** The singular and the plural of each verb that is asked for. */
const VERBS: Readonly<Record<string, number>> = {
  is: 0,
  was: 0,
  has: 0,
  are: 1,
  were: 1,
  have: 1,
};

/**
 * Singular or plural? The beginning of a sentence, up to a form of "to be" or "to have", which must
 * agree with the subject.
 *
 * @returns The task; its labels are taken from the text, so any amount could be made.
 */
export async function agreementTask(): Promise<ClassificationTask> {
  return {
    kind: "classification",
    name: "agreement",
    description: "Does the sentence go on with a verb in the singular (is, was, has) or plural?",
    labelledBy: "constructed",
    labels: ["singular", "plural"],
    ...await partsFromSentences((sentence) => leftContexts(sentence, VERBS, { afterI: false })),
  };
}

const PREPOSITIONS: Readonly<Record<string, number>> = {
  of: 0,
  in: 1,
  to: 2,
  for: 3,
  by: 4,
  with: 5,
  on: 6,
  from: 7,
};

/**
 * Which of eight prepositions comes next? The beginning of a sentence up to it.
 *
 * @returns The task; its labels are taken from the text, so any amount could be made.
 */
export async function prepositionTask(): Promise<ClassificationTask> {
  return {
    kind: "classification",
    name: "preposition",
    description: "With which of eight prepositions does the sentence go on?",
    labelledBy: "constructed",
    labels: Object.keys(PREPOSITIONS),
    ...await partsFromSentences((sentence) => leftContexts(sentence, PREPOSITIONS)),
  };
}

/** The beginnings of a sentence that end before one of the words; at least five words long. */
function leftContexts(
  sentence: string,
  labels: Readonly<Record<string, number>>,
  { afterI = true } = {},
): { text: string; label: number }[] {
  const words = sentence.split(" ");
  return words.flatMap((word, place) => {
    if (place < 5 || !Object.hasOwn(labels, word)) return [];
    const text = words.slice(0, place).join(" ");
    const unfit = text.length > 240 || (!afterI && /\b(I|you|You)( \w+ly)?$/.test(text));
    return unfit ? [] : [{ text, label: labels[word]! }];
  });
}
