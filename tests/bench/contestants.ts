/**
 * Those who train the bench's GPT: PyTorch, ours with BLAS, ours without. All begin with the same
 * weights and data.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.ts";

/** The first answer of a contestant. */
export interface Ready {
  /** Of ten steps. */
  readonly losses: number[];
  /** Peak bytes above those after the import, over building and ten steps. */
  readonly memory: number;
  /** Peak bytes of tensors; ours only. */
  readonly tensors?: number;
  readonly parameters: number;
  readonly trained: number;
  readonly engine?: { threads: number; blas?: string };
}

/** How long one contestant runs before it is the next one's turn. */
const TURN_SECONDS = 0.4;

/** Starts them, PyTorch first if there is one; whoever calls closes them. */
export async function startContestants(
  python: string | undefined,
  { size, mode, threads }: { size: string; mode: string; threads: number },
): Promise<{ peers: Peer[]; ready: Ready[] }> {
  const peers: Peer[] = [], ready: Ready[] = [], weights: string[] = [];
  const folder = await Deno.makeTempDir();
  try {
    if (python !== undefined) {
      const script = fileURLToPath(new URL("torch_gpt.py", import.meta.url));
      peers.push(new Peer("PyTorch", python, [script, "train", size, mode, `${threads}`]));
      ready.push(await peers[0]!.answer());
      weights.push(`${folder}/weights.safetensors`);
      await peers[0]!.ask(`export ${weights[0]}`);
    }
    for (const blas of ["on", "off"]) {
      const env: Record<string, string> = { TUNEBOOK_THREADS: `${threads}` };
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
    return { peers, ready };
  } catch (error) {
    for (const peer of peers) await peer.close();
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lets all train by turns, for `seconds` each, and gives the milliseconds of their steps. */
export async function takeTurns(peers: readonly Peer[], seconds: number): Promise<number[][]> {
  const times = peers.map((): number[] => []);
  for (const peer of peers) await peer.ask("run 0.5"); // warm up
  for (let spent = 0; spent < seconds; spent += TURN_SECONDS) {
    for (const [i, peer] of peers.entries()) {
      const { times: turn } = await peer.ask<{ times: number[] }>(`run ${TURN_SECONDS}`);
      // The first step of a turn finds the caches full of the others' data.
      times[i]!.push(...(turn.length > 1 ? turn.slice(1) : turn));
    }
  }
  return times;
}
