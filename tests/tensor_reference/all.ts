/**
 * Every comparison with PyTorch in one call, for processes with other settings and for a notebook's
 * kernel. Run as a program it prints the outcome as JSON.
 *
 * @module
 */
import { type EngineInfo, engineInfo } from "@tunebook/tensor";
import { compareLayers } from "../nn/layer_cases.ts";
import { compareOptimizers } from "../training/optimizer_cases.ts";
import { compareLarge } from "./large.ts";
import { compareRoom, ROOMS } from "./rooms.ts";

/** How many cases there were, what failed, and what they ran on. */
export interface Outcome {
  readonly cases: number;
  readonly failures: string[];
  readonly engine: EngineInfo;
}

/** Compares everything, once all threads take part. */
export async function compareAll(): Promise<Outcome> {
  await allThreads();
  const outcomes = [await compareLayers(), await compareOptimizers(), await compareLarge()];
  for (const room of Object.keys(ROOMS)) outcomes.push(await compareRoom(room));
  return {
    cases: outcomes.reduce((sum, { cases }) => sum + cases, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    engine: engineInfo(),
  };
}

/** Waits until the workers are up; a notebook's kernel takes a second. */
async function allThreads(): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (engineInfo().threads < engineInfo().threadsWanted) {
    if (performance.now() > deadline) throw new Error("the engine's workers didn't start");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

if (import.meta.main) console.log(JSON.stringify(await compareAll()));
