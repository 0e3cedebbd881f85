/**
 * Who owns which bytes of the WebAssembly memory.
 *
 * A {@linkcode Block} is a piece of memory; a {@linkcode Storage} is one tensor's hold on a block (a
 * reshaped tensor holds the same block as the original). A block nobody holds goes to a free list of
 * its size and the next tensor of that size gets it: a training loop allocates in its first step and
 * reuses ever after.
 *
 * @module
 */
import { growTo, kernel, memoryBytes } from "./wasm/runtime.ts";

/** A piece of memory and the number of tensors that hold it. */
export interface Block {
  readonly address: number;
  /** Its size, that of its class. */
  readonly bytes: number;
  holders: number;
}

/** Why a tensor's memory is gone. */
export type ReleaseReason = "backward" | "dispose" | "layer" | "scope";

/** One tensor's hold on a block. */
export interface Storage {
  readonly block: Block;
  released: ReleaseReason | undefined;
  /** Neither `backward()` nor `scope()` may release it. */
  kept: boolean;
  /** How many recorded operations will read it in their backward pass. */
  readers: number;
}

/** The first address for tensors; below are the kernels' own words. */
const FIRST = 131072;
let top = FIRST;
let liveBytes = 0, peakBytes = 0, liveBlocks = 0, freeBytes = 0;
const free = new Map<number, number[]>();

/** Bytes behind every tensor, because kernels read whole vectors. */
const SPARE = 64;

/**
 * The size class for a request: four classes for each power of two, so that at most a fifth is
 * wasted, and nothing of the commonest sizes, which are powers of two themselves.
 */
function classOf(bytes: number): number {
  const step = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 2));
  return Math.ceil(bytes / step) * step + SPARE;
}

/**
 * Takes `bytes` from the pool; what is in them is left over from their last use.
 *
 * @throws {RangeError} If there is no more memory.
 */
export function allocate(bytes: number): Block {
  const size = classOf(bytes);
  let address = free.get(size)?.pop();
  if (address !== undefined) freeBytes -= size;
  else address = extend(size) ?? carve(size) ?? exhausted(bytes);
  liveBytes += size;
  liveBlocks++;
  if (liveBytes > peakBytes) peakBytes = liveBytes;
  return { address, bytes: size, holders: 1 };
}

/** New memory at the end. */
function extend(size: number): number | undefined {
  // Before the memory grows, free blocks are merged: sizes change between forward, backward and
  // the first optimizer step. Not for crumbs, or a program that only grows would merge all day.
  if (top + size > memoryBytes() && freeBytes > top / 64) {
    const merged = carve(size);
    if (merged !== undefined) return merged;
  }
  // Grow by an eighth at least, so that growing is rare; untouched pages take no real memory.
  if (top + size > memoryBytes() && !growTo(top + size + top / 8) && !growTo(top + size)) return;
  const address = top;
  top += size;
  return address;
}

/** Merges adjacent free blocks and cuts `size` bytes out of the first gap that is large enough. */
function carve(size: number): number | undefined {
  const gaps: { address: number; bytes: number }[] = [];
  const blocks = [...free].flatMap(([bytes, list]) => list.map((address) => ({ address, bytes })));
  for (const block of blocks.sort((a, b) => a.address - b.address)) {
    const last = gaps.at(-1);
    if (last && last.address + last.bytes === block.address) last.bytes += block.bytes;
    else gaps.push(block);
  }
  free.clear();
  freeBytes = 0;
  let found: number | undefined;
  for (const gap of gaps) {
    if (found === undefined && gap.bytes >= size) {
      found = gap.address;
      gap.address += size;
      gap.bytes -= size;
    }
    if (gap.address + gap.bytes === top) top = gap.address;
    else if (gap.bytes > 0) giveBack(gap.address, gap.bytes);
  }
  return found;
}

function giveBack(address: number, bytes: number): void {
  const list = free.get(bytes);
  if (list) list.push(address);
  else free.set(bytes, [address]);
  freeBytes += bytes;
}

function exhausted(bytes: number): never {
  const mb = (n: number) => `${(n / 2 ** 20).toFixed(1)} MB`;
  throw new RangeError(
    `Out of tensor memory: asked for ${mb(bytes)}, while ${liveBlocks} tensors hold ` +
      `${mb(liveBytes)} of at most 4096 MB. Wrap the body of the loop in scope(() => { ... }), ` +
      "evaluate under noGrad(), dispose() of tensors no longer needed, or use a smaller batch",
  );
}

/** Lets go of a hold on a block. */
export function releaseBlock(block: Block): void {
  if (--block.holders > 0) return;
  liveBytes -= block.bytes;
  liveBlocks--;
  giveBack(block.address, block.bytes);
}

/** Releases a tensor's hold on its memory, once. */
export function release(storage: Storage, reason: ReleaseReason): void {
  if (storage.released) return;
  storage.released = reason;
  releaseBlock(storage.block);
}

// The net for tensors that are dropped without dispose(): it works between notebook cells, but not
// inside a synchronous loop, since finalizers run only when the event loop turns.
const finalizers = new FinalizationRegistry<Storage>((storage) => release(storage, "dispose"));
const scopes: Storage[][] = [];

/** A hold on a block for `owner`, released at the latest when `owner` is collected. */
export function hold(owner: object, block: Block): Storage {
  const storage: Storage = { block, released: undefined, kept: false, readers: 0 };
  finalizers.register(owner, storage);
  scopes.at(-1)?.push(storage);
  return storage;
}

/** Runs `body` and releases what was held during it, except what `survivors` finds in its result. */
export function runScope<T>(body: () => T, survivors: (result: T) => Set<Storage>): T {
  const mine: Storage[] = [];
  scopes.push(mine);
  let keep = new Set<Storage>();
  try {
    const result = body();
    keep = survivors(result);
    return result;
  } finally {
    scopes.pop();
    for (const storage of mine) {
      if (keep.has(storage)) scopes.at(-1)?.push(storage);
      else if (!storage.kept) release(storage, "scope");
    }
  }
}

/** What the tensors take. */
export interface MemoryInfo {
  /** Bytes held by live tensors. */
  liveBytes: number;
  /** Blocks held by live tensors. */
  liveTensors: number;
  /** The most that was ever held. */
  peakBytes: number;
  /** Bytes waiting in free lists. */
  freeBytes: number;
  /** Bytes of the WebAssembly memory. */
  totalBytes: number;
}

/**
 * How much memory tensors take now, and took at most.
 *
 * @example
 * ```ts
 * import { memoryInfo, zeros } from "@tunebook/tensor";
 * import { assert } from "@std/assert";
 *
 * const before = memoryInfo().liveBytes;
 * const x = zeros([1000]);
 * assert(memoryInfo().liveBytes >= before + 4000);
 * x.dispose();
 * ```
 */
export function memoryInfo(): MemoryInfo {
  return { liveBytes, liveTensors: liveBlocks, peakBytes, freeBytes, totalBytes: memoryBytes() };
}

/** Starts measuring {@linkcode MemoryInfo.peakBytes} anew. */
export function resetPeakMemory(): void {
  peakBytes = liveBytes;
}

/** Gives a thread its scratch memory. */
export function reserveScratch(thread: number): void {
  const bytes = kernel.SCRATCH_BYTES.value as number;
  kernel.setScratch(thread, allocate(bytes).address);
}

reserveScratch(0);
