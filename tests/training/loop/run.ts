/** A small run with everything in it that has to survive: what the tests of the loop train. */
import { DataLoader, Dataset } from "@tunebook/data";
import { crossEntropy, Dropout, Linear, manualSeed, Module } from "@tunebook/nn";
import { Random, type Tensor, tensor } from "@tunebook/tensor";
import {
  AdamW,
  Muon,
  ReduceOnPlateau,
  SGD,
  Trainer,
  type TrainerOptions,
} from "@tunebook/training";

/** A point and its class. */
export interface Point {
  x: number[];
  y: number;
}

/** Two layers with dropout between. */
export class Net extends Module {
  first = new Linear(2, 16);
  dropout: Dropout;
  second = new Linear(16, 2);

  constructor(dropout: number) {
    super();
    this.dropout = new Dropout(dropout);
  }

  forward(x: Tensor): Tensor {
    return this.second.forward(this.dropout.forward(this.first.forward(x).relu()));
  }
}

/** Points of two classes that overlap. */
export function points(count: number, seed: number): Dataset<Point> {
  const random = new Random(seed);
  const draw = (centre: number) => centre + (random.next() + random.next() - 1) * 2;
  return Dataset.from(Array.from({ length: count }, (_, i) => {
    const y = i % 2;
    return { x: [draw(2 * y - 1), draw(y - 0.5)], y };
  }));
}

/** The mean loss of a batch of points. */
export function lossOf(model: Net, batch: readonly Point[]): Tensor {
  return crossEntropy(
    model.forward(tensor(batch.map(({ x }) => x))),
    tensor(batch.map(({ y }) => y), { dtype: "int32" }),
  );
}

/** The share of points whose class the model knows. */
export function accuracyOf(model: Net, data: Dataset<Point>): number {
  const scores = model.forward(tensor(data.column("x"))).toArray() as [number, number][];
  const right = scores.filter(([a, b], i) => Number(b > a) === data.at(i).y);
  return right.length / data.length;
}

/** The batches of all runs: 11 of 4 points, in another order each epoch. */
export const data: DataLoader<Point> = new DataLoader(points(44, 2), {
  batchSize: 4,
  shuffle: true,
  seed: 3,
});

/** The points that the runs are judged on. */
export const unseen: Dataset<Point> = points(12, 4);

/** A model and how to train it: with SGD on the points, without dropout, for the steps asked for. */
export function plainRun(dropout = 0): { model: Net; options: TrainerOptions<Point[]> } {
  manualSeed(1);
  const model = new Net(dropout);
  return {
    model,
    options: {
      model,
      optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
      data,
      loss: (batch) => lossOf(model, batch),
    },
  };
}

/** A run with everything in it that a checkpoint has to bring back. */
export function fullRun(
  changes: Partial<TrainerOptions<Point[]>> = {},
): { trainer: Trainer<Point[]>; model: Net } {
  const { model, options } = plainRun(0.2);
  const noise = new Random(5);
  const trainer = new Trainer<Point[]>({
    ...options,
    optimizer: [
      new Muon([model.first.weight], { learningRate: 0.02 }),
      new AdamW([model.first.bias!, ...model.second.parameters()], { learningRate: 0.02 }),
    ],
    // Draws of the loss's own: while training, some points get the wrong class.
    loss: (batch) =>
      lossOf(
        model,
        batch.map(({ x, y }) => ({ x, y: model.training && noise.next() < 0.1 ? 1 - y : y })),
      ),
    randoms: { noise },
    epochs: 5,
    accumulate: 2,
    weight: (batch) => batch.length,
    clipNorm: 1,
    validation: new DataLoader(unseen, { batchSize: 6 }),
    schedule: new ReduceOnPlateau({ patience: 0, factor: 0.5 }),
    earlyStopping: { patience: Infinity },
    ...changes,
  });
  return { trainer, model };
}

/** All numbers of a model. */
export function numbersOf(model: Module): number[] {
  return [...model.stateDict().values()].flatMap(({ data }) => [...data]);
}

/** What must come out the same: weights, and the history but for the clock. */
export function traceOf({ history }: Trainer<Point[]>, model: Module): unknown {
  const { steps, evaluations } = history;
  const noClock = (records: { seconds: number }[]) =>
    records.map((record) => ({ ...record, seconds: 0 }));
  return { numbers: numbersOf(model), steps: noClock(steps), evaluations: noClock(evaluations) };
}
