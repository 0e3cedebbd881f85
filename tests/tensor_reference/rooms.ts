/**
 * The comparison of all ops, losses and attention as one function, so that it runs under `deno test`,
 * in processes with other settings, and in a notebook's kernel.
 *
 * @module
 */
import { scope } from "@tunebook/tensor";
import { ATTENTION } from "./attention.ts";
import { LOSSES } from "./losses.ts";
import { OPS } from "./ops.ts";
import { type Compute, failuresOf, Reference, runCase } from "./reference.ts";

/** The rooms of the reference that hold ops, and how to call these. */
export const ROOMS: Readonly<Record<string, Readonly<Record<string, Compute>>>> = {
  ops: OPS,
  losses: LOSSES,
  attention: ATTENTION,
};

/** Compares every case of a room; returns how many there were and what failed. */
export async function compareRoom(room: string): Promise<{ cases: number; failures: string[] }> {
  const reference = await Reference.read(room);
  const calls = ROOMS[room]!;
  const failures = failuresOf(reference.cases, (one) => {
    const compute = calls[one.op];
    if (compute === undefined) throw new Error(`nothing calls ${one.op}`);
    scope(() => runCase(reference, one, compute));
  });
  return { cases: reference.cases.length, failures };
}
