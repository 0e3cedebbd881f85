/**
 * The claims that the capstone puts to the test. What is measured, and the smallest effect that counts,
 * was written before the experiment was run.
 *
 * @module
 */
import { type Claim, differenceOver, meanOver, type RunRow } from "@tunebook/experiments";
import type { Key, Value } from "./experiment.ts";

type Row = RunRow<Key, Value>;

/** The claims, in the order of the lesson. */
export const claims: Claim<Row>[] = [
  {
    id: "12.1",
    claim:
      "With 200 labels, LoRA on a pretrained model beats TF-IDF and a head on frozen features.",
    measure:
      "test accuracy of LoRA less that of TF-IDF, on mails divided by time and sender, each " +
      "at its own settings, over seeds",
    smallestEffect: 0.03,
    effect: (rows) => differenceOver(of(rows, "lora"), of(rows, "tfidf"), accuracy),
    conditions: (rows) => [{
      condition: "it is better than the head on frozen features",
      holds: differenceOver(of(rows, "lora"), of(rows, "head"), accuracy).low > 0,
    }],
    finding: {
      outcome: "held",
      text:
        "LoRA was far ahead of TF-IDF, by six times the effect that counts, and some points ahead of " +
        "a head on MiniLM's frozen features. With half as many steps, in a first version, it was " +
        "level with that head: LoRA needs its time. Full fine-tuning can't be told from it here.",
    },
  },
  {
    id: "12.2",
    claim: "An adapter that was saved and loaded does what it did.",
    measure: "the share of outputs that are the same bit for bit, over seeds",
    smallestEffect: 1,
    effect: (rows) => meanOver(of(rows, "lora"), ({ reload }) => reload!.equal),
    conditions: (rows) => [{
      condition: "its file is at most a fiftieth of the model's 4 bytes a parameter",
      holds: of(rows, "lora").every(({ reload, parameters }) =>
        reload!.bytes <= 4 * parameters!.all / 50
      ),
    }],
    finding: {
      outcome: "held",
      text: "Every output was the same bit for bit, from a file of a three-hundredth of the " +
        "model's size.",
    },
  },
];

/** A method's values with their seeds. */
function of(rows: readonly Row[], method: string) {
  return rows.filter(({ key }) => key.method === method)
    .map(({ key, value }) => ({ seed: key.seed, ...value }));
}

function accuracy({ test }: ReturnType<typeof of>[number]): number {
  return test.score;
}
