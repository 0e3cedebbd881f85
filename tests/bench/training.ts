import { fileURLToPath } from "node:url";
import { MODES, SIZES } from "./gpt.ts";
import { Peer } from "./peer.ts";
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

/** The first answer of a contestant. */
interface Ready {
  readonly losses: number[];
  readonly memory: number;
  readonly parameters: number;
  readonly trained: number;
  readonly engine?: { threads: number; blas?: string };
}

/** A configuration's figures. */
export interface TrainingResult {
  readonly size: string;
  readonly mode: string;
  readonly parameters: number;
  readonly trained: number;
  readonly figures: Figures[];
}

const THREADS = 2;
/** How long one contestant runs before it is the next one's turn. */
const TURN_SECONDS = 0.4;

/** Trains the GPT of `torch_gpt.py` in all configurations, contestants taking turns. */
export async function benchTraining(
  python: string | undefined,
  seconds: number,
  { sizes = Object.keys(SIZES), modes = [...MODES] }: {
    sizes?: string[] | undefined;
    modes?: string[] | undefined;
  },
): Promise<TrainingResult[]> {
  console.log(`\nTraining, ms a step, ${THREADS} threads; memory above that after import`);
  const results: TrainingResult[] = [];
  for (const size of sizes) {
    for (const mode of modes) {
      const result = await benchOne(python, seconds, size, mode);
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
  size: string,
  mode: string,
): Promise<TrainingResult> {
  const peers: Peer[] = [], ready: Ready[] = [];
  const folder = await Deno.makeTempDir();
  try {
    const weights: string[] = [];
    if (python !== undefined) {
      const script = [
        fileURLToPath(new URL("torch_gpt.py", import.meta.url)),
        "train",
        size,
        mode,
        `${THREADS}`,
      ];
      const torch = new Peer("PyTorch", python, script);
      peers.push(torch);
      ready.push(await torch.answer());
      weights.push(`${folder}/weights.safetensors`);
      await torch.ask(`export ${weights[0]}`);
    }
    for (const blas of ["on", "off"]) {
      const env: Record<string, string> = { TUNEBOOK_THREADS: `${THREADS}` };
      if (blas === "off") env.TUNEBOOK_BLAS = "off";
      const ours = new Peer(
        blas === "on" ? "ours, BLAS" : "ours, WASM",
        Deno.execPath(),
        ["run", "-A", new URL("train.ts", import.meta.url).href, size, mode, ...weights],
        env,
      );
      peers.push(ours);
      ready.push(await ours.answer());
      if (blas === "on" && ready.at(-1)!.engine?.blas === undefined) {
        // No BLAS on this machine: both would be the same.
        await peers.pop()!.close();
        ready.pop();
      }
    }
    const times = peers.map((): number[] => []);
    for (const peer of peers) await peer.ask("run 0.5"); // warm up
    for (let spent = 0; spent < seconds; spent += TURN_SECONDS) {
      for (const [i, peer] of peers.entries()) {
        const { times: turn } = await peer.ask<{ times: number[] }>(`run ${TURN_SECONDS}`);
        // The first step of a turn finds the caches full of the others' data.
        times[i]!.push(...(turn.length > 1 ? turn.slice(1) : turn));
      }
    }
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
    await Deno.remove(folder, { recursive: true });
  }
}
