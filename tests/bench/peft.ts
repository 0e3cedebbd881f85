import { startContestants, takeTurns } from "./contestants.ts";
import { type Mode, MODES, SIZES } from "./gpt.ts";
import { median, printTable } from "./table.ts";

/** What a way of training costs one contestant beside training everything. */
export interface PeftFigure {
  readonly size: string;
  readonly mode: Mode;
  readonly name: string;
  /** Milliseconds a step, the median. */
  readonly median: number;
  /** That by the median of full training. */
  readonly ofFull: number;
  /** That by PyTorch's ratio. */
  readonly ofTorch: number | undefined;
  /** By how many bytes the peak of tensors is below that of full training; ours only. */
  readonly saved: number | undefined;
  /** What gradients and AdamW's two numbers take of what doesn't train, in bytes. */
  readonly due: number;
}

/** Trains everything, LoRA's matrices and the last block, all contestants and ways taking turns. */
export async function benchPeft(
  python: string | undefined,
  seconds: number,
  { threads, sizes = ["small", "medium"] }: { threads: number; sizes?: string[] | undefined },
): Promise<PeftFigure[]> {
  console.log(`\nStep times by those of full training, ${threads} threads; memory saved beside it`);
  const figures: PeftFigure[] = [];
  for (const size of sizes) {
    if (!(size in SIZES)) throw new Error(`Expected a size of ${Object.keys(SIZES)}, not ${size}`);
    figures.push(...await benchSize(python, seconds, { size, threads }));
    console.error(`  ${size} done`);
  }
  const mega = (bytes: number | undefined) =>
    bytes === undefined ? "" : `${(bytes / 2 ** 20).toFixed(1)} MB`;
  printTable(
    ["", "", "median", "of full", "by PyTorch's", "saved", "due"],
    figures.map((figure) => [
      `${figure.size} ${figure.mode}`,
      figure.name,
      figure.median.toFixed(2),
      figure.ofFull.toFixed(2),
      figure.ofTorch?.toFixed(2) ?? "",
      mega(figure.saved),
      mega(figure.due),
    ]),
  );
  return figures;
}

async function benchSize(
  python: string | undefined,
  seconds: number,
  { size, threads }: { size: string; threads: number },
): Promise<PeftFigure[]> {
  const started: Awaited<ReturnType<typeof startContestants>>[] = [];
  try {
    for (const mode of MODES) {
      started.push(await startContestants(python, { size, mode, threads }));
    }
    const count = started[0]!.peers.length;
    const times = (await takeTurns(started.flatMap(({ peers }) => peers), seconds)).map(median);
    const full = started[0]!.ready;
    return MODES.flatMap((mode, m) =>
      started[m]!.ready.map((ready, i): PeftFigure => {
        const ratio = (contestant: number) => times[m * count + contestant]! / times[contestant]!;
        return {
          size,
          mode,
          name: started[m]!.peers[i]!.name,
          median: times[m * count + i]!,
          ofFull: ratio(i),
          ofTorch: python === undefined || i === 0 ? undefined : ratio(i) / ratio(0),
          saved: ready.tensors === undefined ? undefined : full[i]!.tensors! - ready.tensors,
          due: 12 * (full[i]!.trained - ready.trained),
        };
      })
    );
  } finally {
    for (const peer of started.flatMap(({ peers }) => peers)) await peer.close();
  }
}
