/**
 * Stop: ends a cell and keeps its variables, whatever the cell is doing. In two steps, since ending
 * JavaScript by force while none is running would hit whatever runs next:
 *
 * 1. softly: what the cell awaits is rejected, and the event loop is asked to answer;
 * 2. by force, when it doesn't answer: a synchronous loop is in the way, V8 ends it.
 *
 * Only code that V8 can't end (native, blocking) costs the child its life.
 *
 * @module
 */
import type { Cell } from "./cell.ts";
import { log } from "./log.ts";

/** What a Stop needs to be able to do. */
export interface StopActions {
  /** Rejects what the cell awaits, now and later; drops its timers. */
  interrupt(): void;
  /** Whether the event loop answers within a time. */
  turns(milliseconds: number): Promise<boolean>;
  /** Ends the JavaScript that is running. */
  terminate(): void;
  /** Ends the child. */
  kill(): void;
}

const FIRST_ANSWER_MS = 150;
const ANSWER_MS = 100;
/** For `finally` blocks, and for the end of a cell to travel. */
const GRACE_MS = 150;
/** After the end by force of whatever was in the way. */
const LAST_GRACE_MS = 50;
const ATTEMPTS = 3;

/**
 * Stops a cell; resolves when it has ended.
 *
 * @param patience How much longer to wait than on an idle machine: a slow answer must not be taken
 * for none, or the variables would be lost for nothing.
 */
export async function stopCell(cell: Cell, actions: StopActions, patience = 1): Promise<void> {
  if (!cell.stop()) return;
  const turns = (milliseconds: number) => actions.turns(milliseconds * patience);
  actions.interrupt();
  let free = await turns(FIRST_ANSWER_MS);
  log("stop", cell.id, free ? "softly" : "by force", patience);
  if (free && await endsWithin(cell, GRACE_MS * patience)) return;
  if (free) free = await turns(ANSWER_MS);
  for (let attempt = 0; !free && attempt < ATTEMPTS && cell.state !== "ended"; attempt++) {
    actions.terminate();
    // The end by force may have come a moment too late and hit the question: ask twice.
    free = await turns(ANSWER_MS) || await turns(ANSWER_MS);
  }
  if (!free && cell.state !== "ended") {
    log("stop", cell.id, "kills the child");
    actions.kill();
    return;
  }
  actions.interrupt();
  await endsWithin(cell, LAST_GRACE_MS * patience);
  cell.finish({ kind: "stopped" });
}

async function endsWithin(cell: Cell, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([cell.ended, late]);
  clearTimeout(timer);
  return cell.state === "ended";
}
