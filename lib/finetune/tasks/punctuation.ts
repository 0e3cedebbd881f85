import { type Address, Dataset } from "@tunebook/data";
import { PART_SIZES } from "./text_tasks.ts";
import { sentencesOf } from "./sentences.ts";
import { addressName, taskAddresses } from "./split_addresses.ts";
import type { TokenExample, TokenTask } from "./task.ts";

const LABELS = ["none", "comma", "semicolon or colon", "end"] as const;

/**
 * Which mark stands behind each word? Pairs of neighbouring sentences in lower case, their
 * punctuation taken out.
 *
 * @returns The task; its labels are taken from the text, so any amount could be made.
 */
export async function punctuationTask(): Promise<TokenTask> {
  const addresses = await taskAddresses();
  const part = (name: keyof typeof PART_SIZES, seed: number): Dataset<TokenExample> =>
    Dataset.from(addresses[name].toArray().flatMap(examplesOf))
      .shuffle(seed)
      .take(PART_SIZES[name] / 2);
  return {
    kind: "tokens",
    name: "punctuation",
    description: "Which mark stood behind each word, if any?",
    labelledBy: "constructed",
    labels: LABELS,
    train: part("train", 1),
    validation: part("validation", 2),
    test: part("test", 3),
  };
}

function examplesOf(address: Readonly<Address>): TokenExample[] {
  const sentences = sentencesOf(address.text);
  return sentences.flatMap((sentence, i) => {
    const both = `${sentence} ${sentences[i + 1] ?? ""}`;
    if (i % 2 === 1 || both.length < 80 || both.length > 400) return [];
    const words: string[] = [], wordLabels: number[] = [];
    for (const piece of both.split(/\s+/)) {
      const word = piece.toLowerCase().replaceAll(/[^\p{L}\p{N}$%'’-]/gu, "");
      if (word === "") continue;
      words.push(words.length === 0 ? word : ` ${word}`);
      const mark = /[.,;:?!]["')\]]*$/.exec(piece)?.[0][0];
      wordLabels.push(mark === undefined ? 0 : mark === "," ? 1 : ";:".includes(mark) ? 2 : 3);
    }
    return [{ words, wordLabels, group: addressName(address) }];
  });
}
