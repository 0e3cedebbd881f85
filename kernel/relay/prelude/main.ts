/**
 * What the relay loads into its `deno jupyter` child. Runs beside the learner's code; everything it
 * changes is documented where it is changed.
 *
 * @module
 */
import { enterCell, isDead } from "./cells.ts";
import { openChannel, send } from "./channel.ts";
import { installComms, receiveComm } from "./comms.ts";
import { completions, describePath } from "./complete.ts";
import { installConsole } from "./console.ts";
import { formatPlain, formatValue, installDisplay, type MimeBundle } from "./display.ts";
import { beginCell, evaluate, type Outcome } from "./evaluator.ts";
import { describeFailure, installFailures } from "./failures.ts";
import { type InputWords, installInput } from "./input.ts";
import { awaitEach, awaitFor, installTimers, interrupt } from "./interrupts.ts";
import { checkExports } from "./modules.ts";
import { installProcesses } from "./processes.ts";
import { loadAnew } from "./reload.ts";
import { installWorkers } from "./workers.ts";

/** What the relay decides at start. */
export interface BootOptions {
  /** Marks the frames of the channel. */
  readonly token: string;
  /** Where the channel is. */
  readonly channel: string;
  /** Answers to a prompt that are none. */
  readonly words: InputWords;
}

/** A cell as the relay hands it over. */
export interface RunOptions {
  /** The cell's id, unique in this run of the kernel. */
  readonly cell: string;
  /** The rewritten code. */
  readonly script: string;
  /** What V8 calls it. */
  readonly name: string;
  /** Whether a value is shown. */
  readonly show: boolean;
  /** Whether `undefined` is a value. */
  readonly showUndefined: boolean;
  /** Expressions to evaluate afterwards, by name, rewritten. */
  readonly expressions: Record<string, string>;
}

/** By then the first cell has its answer. */
const NODE_MS = 300;
let node: Promise<void> | undefined;

/** Prepares the process and makes the commands of the relay available. */
export function boot({ token, channel, words }: BootOptions): void {
  openChannel(token, channel);
  // A front-end that stops cells by signal reaches the whole process group; SIGINT would end us.
  Deno.addSignalListener("SIGINT", () => {});
  installTimers();
  installConsole();
  installDisplay();
  installComms();
  installFailures();
  installInput(words);
  installProcesses();
  installWorkers(token, channel);
  define("__cell", {
    begin: beginCell,
    await: awaitFor,
    each: awaitEach,
    exports: checkExports,
    meta: { url: new URL("notebook.ts", `file://${Deno.cwd()}/`).href, main: true },
  });
  define("__kernel", {
    run,
    turn,
    interrupt,
    complete,
    describe: describeName,
    loadAnew: loadModulesAnew,
    comm: receiveComm,
  });
  send("ready", "");
  setTimeout(installNode, NODE_MS);
}

/** Loads what takes long, once. */
function installNode(): Promise<void> {
  return node ??= import("./node.ts").then(({ installNode }) => installNode());
}

/** Starts a cell; its end is told through the channel. */
function run(options: RunOptions): void {
  enterCell(options.cell, () => setImmediate(() => void runCell(options)));
}

async function runCell(options: RunOptions): Promise<void> {
  const { cell, script, name } = options;
  send("begun", cell);
  if (isDead(cell)) return send("done", cell, { kind: "stopped" }, {});
  if (/\b(process|require|child_process)\b/.test(script)) await installNode();
  let ended = false;
  const outcome = await evaluate(script, name, (value) => ended = endAtOnce(options, value));
  if (ended) return;
  try {
    if (outcome.kind === "value") await showValue(options, outcome.value);
    const expressions = outcome.kind === "value" ? await evaluateAll(options) : {};
    send("done", cell, describeOutcome(outcome), expressions);
  } catch (error) {
    send("done", cell, { kind: "failure", failure: describeFailure(error) }, {});
  }
}

/** Ends a cell whose value needs no code of the user's to be shown; false for all others. */
function endAtOnce(options: RunOptions, value: unknown): boolean {
  const { cell, expressions } = options;
  if (Object.keys(expressions).length > 0) return false;
  const data = isShown(options, value) ? formatPlain(value) : {};
  if (!data) return false;
  sendResult(cell, data);
  send("done", cell, { kind: "value" }, {});
  return true;
}

async function showValue(options: RunOptions, value: unknown): Promise<void> {
  if (!isShown(options, value)) return;
  sendResult(options.cell, await awaitFor(formatValue(value)) as MimeBundle);
}

function isShown({ show, showUndefined }: RunOptions, value: unknown): boolean {
  return show && (value !== undefined || showUndefined);
}

function sendResult(cell: string, data: MimeBundle): void {
  if (Object.keys(data).length > 0) send("result", cell, data);
}

async function evaluateAll({ expressions, name }: RunOptions): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [key, script] of Object.entries(expressions)) {
    const outcome = await evaluate(script, `${name}.expression`);
    answers[key] = outcome.kind === "value"
      ? { status: "ok", data: await formatValue(outcome.value), metadata: {} }
      : describeOutcome(outcome);
  }
  return answers;
}

function describeOutcome(outcome: Outcome): Record<string, unknown> {
  return outcome.kind === "value" ? { kind: "value" } : { ...outcome };
}

/** Answers only when the event loop turns, which tells the relay that nothing blocks it. */
function turn(number: number): void {
  setImmediate(() => send("answer", "", number, true));
}

async function complete(request: number, path: string[]): Promise<void> {
  send("answer", "", request, await completions(path));
}

async function describeName(request: number, path: string[]): Promise<void> {
  send("answer", "", request, await describePath(path));
}

async function loadModulesAnew(request: number, versions: Record<string, number>): Promise<void> {
  await loadAnew(versions);
  send("answer", "", request, true);
}

/** Not enumerable, so that listing the globals doesn't show our tools. */
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
