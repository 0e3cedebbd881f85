/** One figure of each kind that training and evaluation call for, with every option in use somewhere. */
import {
  attentionChart,
  confusionChart,
  embeddingChart,
  type Figure,
  histogramChart,
  lossChart,
  methodChart,
  parallelChart,
  scheduleChart,
  scoreChart,
  splitChart,
  tokenChart,
} from "@tunebook/plots";

/** A run whose loss falls and whose validation loss turns up again. */
function run(seed: number) {
  const count = 60;
  const noise = (i: number) => Math.sin(i * 12.9 + seed) * 0.1;
  const steps = Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    loss: round(2.5 * Math.exp(-i / (20 + seed)) + 0.3 + noise(i)),
  }));
  const evaluations = Array.from({ length: 6 }, (_, i) => ({
    step: (i + 1) * count / 6,
    scores: {
      validationLoss: round(2.2 * Math.exp(-i / 2) + 0.5 + i * 0.005 * (17 - seed)),
      accuracy: round(0.9 - 0.4 * Math.exp(-i) - seed / 200),
    },
  }));
  return { steps, evaluations };
}

/** Sines differ in the last digit from machine to machine. */
function round(x: number): number {
  return Number(x.toFixed(6));
}

const bell = Array.from(
  { length: 400 },
  (_, i) => round(Math.sin(i * 7.1) + Math.sin(i * 3.3) + Math.sin(i * 1.7)),
);
const tokens = ["The", " cat", " sat", " on", " the", " mat", ".\n", "It", " pur", "red", "."];
const cloud = Array.from(
  { length: 60 },
  (_, i): [number, number] => [
    round(Math.cos(i * 2.4) * (1 + i / 40) + 3 * (i % 3)),
    round(Math.sin(i * 2.4) * (1 + i / 40) + (i % 3 === 1 ? 3 : 0)),
  ],
);
const authors = Array.from({ length: 24 }, (_, i) => `author ${Math.floor(i / 4) + 1}`);
const classes = Array.from({ length: 24 }, (_, i) => i % 3 === 0 ? "spam" : "ham");
const byAuthor = [0, 1, 2].map((fold) => {
  const test = authors.flatMap((_, i) => Math.floor(i / 4) % 3 === fold ? [i] : []);
  return { train: authors.flatMap((_, i) => test.includes(i) ? [] : [i]), test };
});
const head = (shift: number) =>
  tokens.map((_, q) =>
    tokens.map((_, k) => k > q ? 0 : round((k === Math.max(0, q - shift) ? 2 : 1) / (q + 2)))
  );

export const trainingFigures: Readonly<Record<string, Figure>> = {
  loss: lossChart(run(1), { title: "Fine-tuning on 500 mails" }),
  "losses of several runs": lossChart({ "full": run(1), "LoRA": run(15) }),
  score: scoreChart({ full: run(1), LoRA: run(9) }, "accuracy", { title: "Accuracy" }),
  schedules: scheduleChart({
    linear: (step) => round(1 - step / 100),
    cosine: (step) => round((1 + Math.cos(Math.PI * step / 100)) / 2),
  }, { totalSteps: 100, learningRate: 5e-5, title: "Schedules" }),
  folds: splitChart(byAuthor, { title: "By author", labels: classes, groups: authors }),
  "a split": splitChart({
    train: [0, 1, 2, 5, 6, 7, 8, 9],
    validation: [3],
    test: [4, 11],
  }),
  "several splits": splitChart({
    random: { train: [0, 3, 4, 5], test: [1, 2] },
    "by time": { train: [0, 1, 2, 3], test: [4, 5] },
  }, { labels: [true, false, true, false, true, false] }),
  confusion: confusionChart({
    labels: ["ham", "spam", "newsletter"],
    counts: [[940, 3, 57], [4, 88, 8], [20, 1, 79]],
  }, { title: "Mail" }),
  histograms: histogramChart({
    "embedding.weight": bell.map((x) => x / 2),
    "block.0.weight": Float32Array.from(bell),
    "head.bias": [0, 0, 0.5, NaN],
  }, { title: "Gradients", xTitle: "gradient", bins: 30 }),
  attention: attentionChart(head(1), tokens, { title: "Looking back" }),
  "attention heads": attentionChart([head(0), head(1), head(3)], tokens),
  embeddings: embeddingChart({ points: cloud, variance: [0.61, 0.22] }, {
    title: "Sentences",
    labels: cloud.map((_, i) => ["sport", "politics", "film"][i % 3]!),
    hover: cloud.map((_, i) => `sentence ${i}`),
  }),
  "embeddings without variance": embeddingChart({ points: cloud.slice(0, 10) }),
  methods: methodChart([
    { name: "full", parameters: 3_100_000, score: 0.912, interval: [0.9, 0.925], seconds: 61 },
    { name: "LoRA", parameters: 41_000, score: 0.905, interval: [0.885, 0.92], seconds: 38 },
    { name: "prompt", parameters: 2_560, score: 0.84, seconds: 35 },
    { name: "head", parameters: 514, score: 0.79, interval: [0.77, 0.81], seconds: 9 },
  ], { title: "Methods", score: "accuracy" }),
  "methods that train nothing": methodChart([
    { name: "majority", parameters: 0, score: 0.5, seconds: 0 },
    { name: "head", parameters: 514, score: 0.79, seconds: 9 },
  ]),
  tokens: tokenChart(tokens, tokens.map((_, i) => round(3 * Math.abs(Math.sin(i * 2)))), {
    title: "What surprises the model",
    valueTitle: "loss",
    width: 40,
  }),
  "tokens with signs": tokenChart(tokens, tokens.map((_, i) => round(Math.sin(i * 2)))),
  "parallel coordinates": parallelChart(
    Array.from({ length: 16 }, (_, i) => {
      const learningRate = Number((10 ** (-5 + i / 4)).toPrecision(3));
      const score = i === 15 ? NaN : round(0.9 - Math.abs(i - 9) * 0.03);
      return {
        trial: i,
        learningRate,
        rank: [2, 4, 8][i % 3]!,
        schedule: i % 2 === 0 ? "linear" : "cosine",
        dropout: round(0.5 * Math.abs(Math.sin(i * 5))),
        score,
        seconds: 3,
      };
    }),
    { title: "Search" },
  ),
  "parallel coordinates of some columns": parallelChart(
    [{ a: 1, b: 2, accuracy: 0.5 }, { a: 2, b: 1, accuracy: 0.6 }],
    { columns: ["b", "accuracy"], score: "accuracy", log: [] },
  ),
};
