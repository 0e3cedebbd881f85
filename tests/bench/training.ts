import { startContestants, takeTurns } from "./contestants.ts";
import { SIZES } from "./gpt.ts";
import { median, printTable } from "./table.ts";

/** What one contestant reached in one configuration. */
interface Figures {
  readonly name: string;
  /** Milliseconds a step. */
  readonly median: number;
  readonly min: number;
  /** Our median by PyTorch's. */
  readonly ratio: number | undefined;
  /** Peak bytes above those after the import, over building and ten steps. */
  readonly memory: number;
  /** The furthest any of ten losses is from PyTorch's. */
  readonly lossDifference: number | undefined;
}

/** A configuration's figures. */
export interface TrainingResult {
  readonly size: string;
  readonly mode: string;
  readonly parameters: number;
  readonly trained: number;
  readonly figures: Figures[];
}

/** Trains the GPT of `torch_gpt.py` in all configurations, contestants taking turns. */
export async function benchTraining(
  python: string | undefined,
  seconds: number,
  { threads, sizes = Object.keys(SIZES), modes = ["full", "lora", "freeze"] }: {
    threads: number;
    sizes?: string[] | undefined;
    modes?: string[] | undefined;
  },
): Promise<TrainingResult[]> {
  console.log(`\nTraining, ms a step, ${threads} threads; memory above that after import`);
  const results: TrainingResult[] = [];
  for (const size of sizes) {
    for (const mode of modes) {
      const result = await benchOne(python, seconds, { size, mode, threads });
      results.push(result);
      console.error(`  ${size} ${mode} done`);
    }
  }
  printTable(
    ["", "", "parameters", "trained", "median", "min", "ratio", "memory", "loss off by"],
    results.flatMap(({ size, mode, parameters, trained, figures }) =>
      figures.map((f, i) => [
        i === 0 ? `${size} ${mode}` : "",
        f.name,
        i === 0 ? parameters.toLocaleString("en") : "",
        i === 0 ? trained.toLocaleString("en") : "",
        f.median.toFixed(2),
        f.min.toFixed(2),
        f.ratio?.toFixed(2) ?? "",
        `${(f.memory / 2 ** 20).toFixed(0)} MB`,
        f.lossDifference?.toExponential(0) ?? "",
      ])
    ),
  );
  return results;
}

async function benchOne(
  python: string | undefined,
  seconds: number,
  { size, mode, threads }: { size: string; mode: string; threads: number },
): Promise<TrainingResult> {
  const { peers, ready } = await startContestants(python, { size, mode, threads });
  try {
    const times = await takeTurns(peers, seconds);
    const torch = python === undefined ? undefined : 0;
    return {
      size,
      mode,
      parameters: ready[0]!.parameters,
      trained: ready[0]!.trained,
      figures: peers.map(({ name }, i) => ({
        name,
        median: median(times[i]!),
        min: Math.min(...times[i]!),
        ratio: torch === undefined ? undefined : median(times[i]!) / median(times[torch]!),
        memory: ready[i]!.memory,
        lossDifference: torch === undefined ? undefined : Math.max(
          ...ready[i]!.losses.map((loss, step) => Math.abs(loss - ready[torch]!.losses[step]!)),
        ),
      })),
    };
  } finally {
    for (const peer of peers) await peer.close();
  }
}
