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

/** Compares everything. */
export async function compareAll(): Promise<Outcome> {
  const outcomes = [await compareLayers(), await compareOptimizers(), await compareLarge()];
  for (const room of Object.keys(ROOMS)) outcomes.push(await compareRoom(room));
  return {
    cases: outcomes.reduce((sum, { cases }) => sum + cases, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    engine: engineInfo(),
  };
}

if (import.meta.main) console.log(JSON.stringify(await compareAll()));
