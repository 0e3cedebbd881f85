// A parallel-for in shared memory. The JavaScript main thread is thread 0; workers sit in
// `workerLoop`. A launch publishes a number of chunks; whoever is free takes the next one. The main
// thread works too and returns when all chunks are done, so it never waits for a worker that is
// still asleep: late workers simply find nothing left.
import * as attention from "./attention";
import * as conv from "./conv";
import * as elementwise from "./elementwise";
import { gemmJobs, SCRATCH_BYTES } from "./gemm";
import * as indexing from "./indexing";
import * as losses from "./losses";
import * as norm from "./norm";
import { Op } from "./ops";
import * as optim from "./optim";
import * as random from "./random";
import * as reduce from "./reduce";
import { ARGS, BLAS, MAX_ARGS, SCRATCH, WIDE } from "./args";

// Control words, a cache line apart so that threads don't fight over lines.
/** Chunks not yet taken, above bit 32, and below it how many the main thread took. */
const TICKET: usize = 64;
/** Chunks finished. */
const DONE: usize = 128;
/** Bumped at each launch; sleeping workers wait on it. */
const WAKE: usize = 192;
/** Workers asleep. */
const SLEEPING: usize = 256;
/** 1 while the main thread sleeps on DONE. */
const WAITING: usize = 320;
/** Workers that have started. */
const READY: usize = 384;
/** Workers allowed to take part. */
const ACTIVE: usize = 388;
const OP: usize = 448;
const CHUNKS: usize = 452;

/**
 * Turns of the loop before a thread goes to sleep, some 50 microseconds: longer than JavaScript usually
 * takes between two launches, for who sleeps is 65 microseconds late. With a tenth, workers were asleep at
 * every fourth launch of a step, which cost 3 % of it.
 */
const SPIN: i32 = 200000;

function work(op: i32, c: i32, n: i32, thread: i32): void {
  switch (op) {
    case Op.Fill: elementwise.fill(c, n); break;
    case Op.Copy: elementwise.copy(c, n); break;
    case Op.Strided: indexing.strided(c, n); break;
    case Op.Binary: elementwise.binary(c, n); break;
    case Op.Unary: elementwise.unary(c, n); break;
    case Op.UnaryBackward: elementwise.unaryBackward(c, n); break;
    case Op.Accumulate: elementwise.accumulate(c, n); break;
    case Op.Select: elementwise.select(c, n); break;
    case Op.ReduceColumns: reduce.reduceColumns(c, n); break;
    case Op.ReduceRows: reduce.reduceRows(c, n); break;
    case Op.SumBlocks: reduce.sumBlocks(c, n); break;
    case Op.ArgMaxRows: reduce.argMaxRows(c, n); break;
    case Op.VarRows: reduce.varRows(c, n); break;
    case Op.VarRowsBackward: reduce.varRowsBackward(c, n); break;
    case Op.CumSumRows: reduce.cumSumRows(c, n); break;
    case Op.RowScatter: reduce.rowScatter(c, n); break;
    case Op.SoftmaxRows: reduce.softmaxRows(c, n); break;
    case Op.SoftmaxRowsBackward: reduce.softmaxRowsBackward(c, n); break;
    case Op.LogSumExpRows: reduce.logSumExpRows(c, n); break;
    case Op.ExpShiftRows: reduce.expShiftRows(c, n); break;
    case Op.Norm: norm.norm(c, n); break;
    case Op.NormBackwardInput: norm.normBackwardInput(c, n); break;
    case Op.NormBackwardWeight: norm.normBackwardWeight(c, n); break;
    case Op.Gather: indexing.gather(c, n); break;
    case Op.ScatterAdd: indexing.scatterAdd(c, n); break;
    case Op.Embedding: indexing.embedding(c, n); break;
    case Op.EmbeddingBackward: indexing.embeddingBackward(c, n); break;
    case Op.Dropout: random.dropout(c, n); break;
    case Op.RandomUniform: random.randomUniform(c, n); break;
    case Op.RandomNormal: random.randomNormal(c, n); break;
    case Op.RandomIntegers: random.randomIntegers(c, n); break;
    case Op.Gemm: gemmJobs(c, n, thread); break;
    case Op.Attention: attention.attention(c, n, thread); break;
    case Op.AttentionBackward: attention.attentionBackward(c, n, thread); break;
    case Op.CrossEntropy: losses.crossEntropy(c, n); break;
    case Op.CrossEntropyBackward: losses.crossEntropyBackward(c, n); break;
    case Op.Im2Col: conv.im2col(c, n); break;
    case Op.Col2Im: conv.col2im(c, n); break;
    case Op.MaxPool: conv.maxPool(c, n); break;
    case Op.MaxPoolBackward: conv.maxPoolBackward(c, n); break;
    case Op.AvgPool: conv.avgPool(c, n); break;
    case Op.AvgPoolBackward: conv.avgPoolBackward(c, n); break;
    case Op.Sgd: optim.sgd(c, n); break;
    case Op.Adam: optim.adam(c, n); break;
    default: unreachable();
  }
}

/** One chunk on the ticket. */
const ONE: i64 = 1 << 32;

/**
 * Takes chunks until none is left. The ticket counts down, so a claim above zero is a claim on the
 * launch in progress. The main thread takes the first chunks, workers the last: so most of what an
 * operation reads was written by the same thread, and is in its cache.
 */
function help(thread: i32): void {
  while (atomic.load<i64>(TICKET) >= ONE) {
    const ticket = atomic.sub<i64>(TICKET, thread ? ONE : ONE - 1);
    const left = i32(ticket >> 32), front = i32(ticket);
    if (left <= 0) return;
    work(load<i32>(OP), thread ? front + left - 1 : front, load<i32>(CHUNKS), thread);
    atomic.add<i32>(DONE, 1);
    if (atomic.load<i32>(WAITING)) atomic.notify(DONE, 1);
  }
}

/** Runs the kernel whose arguments are in place; returns when it is finished. */
export function run(op: i32, chunks: i32): void {
  if (chunks == 1 || atomic.load<i32>(ACTIVE) == 0) {
    for (let c = 0; c < chunks; c++) work(op, c, chunks, 0);
    return;
  }
  store<i32>(OP, op);
  store<i32>(CHUNKS, chunks);
  atomic.store<i32>(DONE, 0);
  atomic.store<i64>(TICKET, i64(chunks) << 32);
  atomic.add<i32>(WAKE, 1);
  if (atomic.load<i32>(SLEEPING)) atomic.notify(WAKE, 64);
  help(0);
  let spins = 0;
  for (let d = atomic.load<i32>(DONE); d != chunks; d = atomic.load<i32>(DONE)) {
    if (++spins < SPIN) continue;
    atomic.store<i32>(WAITING, 1);
    if (atomic.load<i32>(DONE) == d) atomic.wait<i32>(DONE, d, 1000000);
    atomic.store<i32>(WAITING, 0);
  }
}

/** A worker's life: spin, then sleep, for the next launch. Workers are numbered from 1 as they arrive. */
export function workerLoop(): void {
  const thread = atomic.add<i32>(READY, 1) + 1;
  while (true) {
    const seen = atomic.load<i32>(WAKE);
    if (thread <= atomic.load<i32>(ACTIVE)) help(thread);
    let spins = 0;
    while (atomic.load<i32>(WAKE) == seen) {
      if (++spins < SPIN) continue;
      atomic.add<i32>(SLEEPING, 1);
      atomic.wait<i32>(WAKE, seen, -1);
      atomic.sub<i32>(SLEEPING, 1);
    }
  }
}

/** Workers that have started. */
export function readyWorkers(): i32 {
  return atomic.load<i32>(READY);
}
/** Lets the first `n` workers take part. */
export function setActive(n: i32): void {
  atomic.store<i32>(ACTIVE, n);
}
/** Says whether `sgemm` is a BLAS, for all threads. */
export function useBlas(on: i32): void {
  atomic.store<i32>(BLAS, on);
}
/** Chooses the tile for 256-bit vectors, for all threads. */
export function useWide(on: i32): void {
  atomic.store<i32>(WIDE, on);
}
/** Tells thread `thread` where its scratch memory is. */
export function setScratch(thread: i32, p: usize): void {
  store<u32>(SCRATCH + (usize(thread) << 2), u32(p));
}
export { ARGS, MAX_ARGS, SCRATCH_BYTES };
export { randomUnit } from "./random";
