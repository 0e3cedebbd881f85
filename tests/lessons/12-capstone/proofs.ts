import { Dataset } from "@tunebook/data";
import type { Proofs } from "@tunebook/notebook";
import { bootstrapInterval } from "@tunebook/training";
import type { checks } from "../../../lessons/12-capstone/checks.ts";
import type { Labelled, Score, TestParts } from "../../../lessons/12-capstone/types.ts";
import { splitBySender, testOnce } from "../../../lessons/12-capstone/solutions.ts";

/** Answers that prove the checks of lesson 12. */
export const proofs: Proofs<typeof checks> = {
  splitBySender: {
    right: [
      (csv, testSenders) => {
        const train: Labelled[] = [], test: Labelled[] = [];
        for (const { text, label, sender } of Dataset.fromCsv(csv)) {
          const who = sender!.toLowerCase().trim();
          const part = testSenders.includes(who) ? test : train;
          part.push({ text: text!, label: label!, sender: who });
        }
        return { train, test };
      },
      (csv, testSenders) => {
        const records = recordsOf(csv);
        const { true: test = [], false: train = [] } = Object.groupBy(
          records,
          ({ sender }) => String(testSenders.some((one) => one === sender)) as "true" | "false",
        );
        return { train, test };
      },
    ],
    wrong: {
      by_place: (csv, testSenders) => {
        const records = recordsOf(csv), size = splitBySender(csv, testSenders).test.length;
        return {
          train: records.slice(0, records.length - size),
          test: records.slice(records.length - size),
        };
      },
      as_written: (csv, testSenders) => {
        const records = Dataset.fromCsv(csv).map(({ text, label, sender }): Labelled => ({
          text: text!,
          label: label!,
          sender: sender!,
        }));
        return {
          train: records.filter(({ sender }) => !testSenders.includes(sender)).toArray(),
          test: records.filter(({ sender }) => testSenders.includes(sender)).toArray(),
        };
      },
      at_commas: (csv, testSenders) => {
        const records = csv.trim().split(/\r?\n/).slice(1).map((line): Labelled => {
          const [label, text, sender] = line.split(",") as [string, string, string];
          return { text, label, sender: sender.trim().toLowerCase() };
        });
        return {
          train: records.filter(({ sender }) => !testSenders.includes(sender)),
          test: records.filter(({ sender }) => testSenders.includes(sender)),
        };
      },
      untrimmed: (csv, testSenders) => {
        const records = Dataset.fromCsv(csv).toArray().map(({ text, label, sender }) => {
          return { text: text!, label: label!, sender: sender!.toLowerCase() };
        });
        return {
          train: records.filter(({ sender }) => !testSenders.includes(sender)),
          test: records.filter(({ sender }) => testSenders.includes(sender)),
        };
      },
      kept_as_written: (csv, testSenders) => {
        const records = Dataset.fromCsv(csv).toArray() as unknown as Labelled[];
        const tested = ({ sender }: Labelled) => testSenders.includes(sender.trim().toLowerCase());
        return {
          train: records.filter((one) => !tested(one)),
          test: records.filter((one) => tested(one)),
        };
      },
      swapped: (csv, testSenders) => {
        const { train, test } = splitBySender(csv, testSenders);
        return { train: test, test: train };
      },
    },
  },
  chooseRate: {
    right: [
      (trials) => {
        let best = trials.find(({ validationScore }) => validationScore !== null)!;
        for (const trial of trials) {
          if (trial.validationScore === null) continue;
          const [score, loss] = [trial.validationScore, trial.validationLoss!];
          const known = best.validationScore!;
          if (score > known || (score === known && loss < best.validationLoss!)) best = trial;
        }
        return best.rate;
      },
      (trials) => {
        const most = Math.max(...trials.map(({ validationScore }) => validationScore ?? -1));
        const equal = trials.filter(({ validationScore }) => validationScore === most);
        const least = Math.min(...equal.map(({ validationLoss }) => validationLoss!));
        return equal.find(({ validationLoss }) => validationLoss === least)!.rate;
      },
    ],
    wrong: {
      by_test: (trials) => trials.toSorted((a, b) => b.testScore - a.testScore)[0]!.rate,
      by_loss: (trials) =>
        trials.filter(({ validationLoss }) => validationLoss !== null)
          .toSorted((a, b) => a.validationLoss! - b.validationLoss!)[0]!.rate,
      first_of_equals: (trials) =>
        trials.toSorted((a, b) => (b.validationScore ?? 0) - (a.validationScore ?? 0))[0]!.rate,
      largest: (trials) =>
        Math.max(
          ...trials.filter(({ validationScore }) => validationScore !== null)
            .map(({ rate }) => rate),
        ),
    },
  },
  testOnce: {
    right: [
      ({ texts, labels, senders, predict }) => {
        const said = predict(texts);
        return bootstrapInterval(
          labels.map((label, i) => ({ label, said: said[i] })),
          { groups: senders, seed: 7 },
          (sample) => sample.filter(({ label, said }) => label === said).length / sample.length,
        );
      },
      byHand,
    ],
    wrong: {
      several_looks: (parts) => {
        parts.predict(parts.texts.slice(0, 10));
        return testOnce(parts);
      },
      by_text: ({ texts, labels, predict }) => {
        const said = predict(texts);
        return bootstrapInterval<number>(labels.map((label, i) => label === said[i] ? 1 : 0));
      },
      errors: ({ texts, labels, senders, predict }) => {
        const said = predict(texts);
        return bootstrapInterval<number>(
          labels.map((label, i) => label === said[i] ? 0 : 1),
          { groups: senders },
        );
      },
      no_interval: (parts) => testOnce(parts).value as unknown as Score,
    },
  },
};

function recordsOf(csv: string): Labelled[] {
  return Dataset.fromCsv(csv).toArray().map(({ text, label, sender }) => ({
    text: text!,
    label: label!,
    sender: sender!.trim().toLowerCase(),
  }));
}

/** The bootstrap without the library's. */
function byHand({ texts, labels, senders, predict }: TestParts) {
  const said = predict(texts);
  const counts = [...Map.groupBy(senders.keys(), (i) => senders[i]!).values()].map((own) => ({
    right: own.filter((i) => said[i] === labels[i]).length,
    all: own.length,
  }));
  const accuracy = (sample: typeof counts) =>
    sample.reduce((sum, { right }) => sum + right, 0) /
    sample.reduce((sum, { all }) => sum + all, 0);
  const scores = Array.from(
    { length: 4000 },
    () => accuracy(counts.map(() => counts[Math.floor(Math.random() * counts.length)]!)),
  )
    .sort((a, b) => a - b);
  return { value: accuracy(counts), low: scores[100]!, high: scores[3899]! };
}
