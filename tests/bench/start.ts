import { median, printTable } from "./table.ts";

/** Milliseconds from import to first result, and of the whole process. */
export interface StartFigures {
  readonly name: string;
  readonly firstResult: number;
  readonly process: number;
}

const RUNS = 7;

/** How long a fresh process takes to its first result; PyTorch's beside ours. */
export async function benchStartup(python: string | undefined): Promise<StartFigures[]> {
  const script = new URL("startup.ts", import.meta.url).href;
  const theirs = "import time; s = time.perf_counter(); import torch; " +
    "(torch.ones(8, 8) @ torch.ones(8, 8)).sum().item(); print((time.perf_counter() - s) * 1e3)";
  const contestants: [string, string, string[]][] = [["ours", Deno.execPath(), [
    "run",
    "-A",
    script,
  ]]];
  if (python !== undefined) contestants.push(["PyTorch", python, ["-c", theirs]]);
  const figures: StartFigures[] = [];
  for (const [name, command, args] of contestants) {
    const results: number[] = [], processes: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      const { stdout } = await new Deno.Command(command, { args, stderr: "inherit" }).output();
      processes.push(performance.now() - start);
      results.push(Number(new TextDecoder().decode(stdout)));
    }
    figures.push({ name, firstResult: median(results), process: median(processes) });
  }
  console.log(`\nStart-up, median of ${RUNS} processes, ms`);
  printTable(
    ["", "import to first result", "whole process"],
    figures.map((f) => [f.name, f.firstResult.toFixed(0), f.process.toFixed(0)]),
  );
  return figures;
}
