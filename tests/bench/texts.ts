import { mobyDick } from "@tunebook/data";
import { Random } from "@tunebook/tensor";
import { fileURLToPath } from "node:url";
import { SIZES } from "./gpt.ts";
import { Peer } from "./peer.ts";
import { median, printTable } from "./table.ts";

/** The parts, and what is measured in each. */
export const TEXT_PARTS = {
  tokenizer: ["train", "encode"],
  loading: ["load"],
  classification: ["epoch"],
} as const;

/** How long one contestant takes for a piece of work. */
export interface TextFigure {
  /** `train` and `encode` a byte-level BPE, `load` or classify an `epoch` of examples. */
  readonly work: string;
  readonly name: string;
  /** Seconds, the median. */
  readonly median: number;
  readonly min: number;
  /** Our median by that of Python's library. */
  readonly ratio: number | undefined;
  /** What came out: how many tokens, how many numbers in batches, the epoch's mean loss. */
  readonly result: number;
}

/** What `texts_peer.ts` and `torch_texts.py` find in the folder. */
interface Material {
  /** For the tokenizer; none in the other parts. */
  lines: string[];
  /** Tokens of texts of uneven length, to be loaded. */
  examples: number[][];
  /** Tokens of texts of one length, `size`'s, and their classes, 0 or 1. */
  classified: { ids: number[]; label: number }[];
  size: string;
}

const CONFIGURED = { vocabSize: 4096, batchSize: 32 };

/** Measures one part against Hugging Face's `tokenizers`, torch's `DataLoader`, a loop in PyTorch. */
export async function benchTexts(
  python: string | undefined,
  seconds: number,
  { part, threads, size = "small" }: {
    part: keyof typeof TEXT_PARTS;
    threads: number;
    size?: string | undefined;
  },
): Promise<TextFigure[]> {
  const folder = await Deno.makeTempDir(), peers: Peer[] = [];
  try {
    const path = `${folder}/material.json`;
    await Deno.writeTextFile(path, JSON.stringify({ ...CONFIGURED, ...await gather(part, size) }));
    if (python !== undefined) {
      const script = fileURLToPath(new URL("torch_texts.py", import.meta.url));
      const theirs = new Peer("Python", python, [script, path, `${threads}`]);
      const { lacks } = await theirs.answer<{ lacks: string[] }>();
      const needed = part === "tokenizer" ? "tokenizers" : "torch";
      if (!lacks.includes(needed)) peers.push(theirs);
      else {
        console.log(`This Python lacks ${needed}: measuring ours alone.`);
        await theirs.close();
      }
    }
    const script = new URL("texts_peer.ts", import.meta.url).href;
    const env = { TUNEBOOK_THREADS: `${threads}` };
    const ours = new Peer("ours", Deno.execPath(), ["run", "-A", script, path], env);
    await ours.answer();
    peers.push(ours);
    const figures: TextFigure[] = [];
    for (const work of TEXT_PARTS[part]) figures.push(...await measure(peers, work, seconds));
    print(part, figures);
    return figures;
  } finally {
    for (const peer of peers) await peer.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(peers: Peer[], work: string, seconds: number): Promise<TextFigure[]> {
  const times = peers.map((): number[] => []), results: number[] = [];
  for (let spent = 0; spent < seconds;) {
    for (const [i, peer] of peers.entries()) {
      const turn = await peer.ask<{ seconds: number; result: number }>(work);
      times[i]!.push(turn.seconds);
      results[i] = turn.result;
      if (i === peers.length - 1) spent += turn.seconds;
    }
  }
  return peers.map(({ name }, i) => ({
    work,
    name,
    median: median(times[i]!),
    min: Math.min(...times[i]!),
    ratio: i === 0 ? undefined : median(times[i]!) / median(times[0]!),
    result: results[i]!,
  }));
}

/** The same draws for everyone; Moby Dick for the tokenizer. */
async function gather(part: string, size: string): Promise<Material> {
  const { V, T, B } = SIZES[size]!, random = new Random(0);
  const drawn = (length: number) => [...random.randint(1, V, [length]).data];
  const material: Material = { lines: [], examples: [], classified: [], size };
  if (part === "tokenizer") {
    material.lines = [...await mobyDick()].flatMap(({ text }) => text.split(/(?<=\n)/));
  } else if (part === "loading") {
    material.examples = Array.from({ length: 4000 }, () => drawn(random.integer(8, 128)));
  } else {
    material.classified = Array.from({ length: 20 * B }, () => {
      const ids = drawn(T);
      return { ids, label: ids.at(-1)! < V / 2 ? 0 : 1 };
    });
  }
  return material;
}

function print(part: string, figures: readonly TextFigure[]): void {
  console.log(`\n${part}: seconds`);
  printTable(
    ["", "", "median", "min", "ratio", "result"],
    figures.map(({ work, name, median, min, ratio, result }) => [
      work,
      name,
      median.toFixed(4),
      min.toFixed(4),
      ratio?.toFixed(2) ?? "",
      String(Number(result.toPrecision(7))),
    ]),
  );
}
