/**
 * Errors as plain data for the relay, which puts the traceback into the cell's own lines.
 *
 * @module
 */
import { ownerCell } from "./cells.ts";
import { send } from "./channel.ts";
import type { Failure } from "../failure.ts";

const MAX_DEPTH = 8;
const MAX_SIBLINGS = 5;
const STACK_FRAMES = 25;
const CELL_FRAME = /cell_\d+\.ts:\d+:\d+/;
const OUR_FRAME = new URL("./evaluator.ts", import.meta.url).pathname;
const CELL_SCRIPT = /^cell_\d+\.ts$/;

/** What can be told about something thrown. */
export function describeFailure(thrown: unknown, depth = 0): Failure {
  if (!isError(thrown)) {
    return {
      name: "Uncaught",
      message: typeof thrown === "string" ? thrown : Deno.inspect(thrown),
      stack: "",
      errors: [],
    };
  }
  const failure: Failure = {
    name: read(() => String(thrown.name), "Error"),
    message: read(() => String(thrown.message), ""),
    stack: read(() => String(thrown.stack ?? ""), ""),
    errors: [],
  };
  if (depth >= MAX_DEPTH) return failure;
  const cause = read(() => thrown.cause, undefined);
  if (cause !== undefined) failure.cause = describeFailure(cause, depth + 1);
  const siblings = (thrown as { errors?: unknown }).errors;
  if (thrown instanceof AggregateError && Array.isArray(siblings)) {
    failure.errors = siblings.slice(0, MAX_SIBLINGS).map((each) =>
      describeFailure(each, depth + 1)
    );
  }
  return failure;
}

/** Shows what nobody caught (rejections, errors in timers) and names the frames inside cells. */
export function installFailures(): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    send("uncaught", ownerCell(), describeFailure(event.reason));
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    send("uncaught", ownerCell(), describeFailure(event.error ?? event.message));
  });
  // Deno's own formatting knows nothing of `sourceURL`, by which a cell's frames are found.
  Error.prepareStackTrace = (error, frames) => {
    const title = read(() => String(error), "Error");
    return title +
      withoutOurs(frames.map(describeFrame)).map((frame) => `\n    at ${frame}`).join("");
  };
  Error.stackTraceLimit = STACK_FRAMES;
}

function describeFrame(frame: NodeJS.CallSite): string {
  const script = frame.getScriptNameOrSourceURL() ?? "";
  if (!CELL_SCRIPT.test(script)) return String(frame);
  const name = frame.getFunctionName() || "<cell>";
  return `${name} (${script}:${frame.getLineNumber()}:${frame.getColumnNumber()})`;
}

/** Without the frames that led to the cell. */
function withoutOurs(frames: string[]): string[] {
  const last = frames.findLastIndex((frame) => CELL_FRAME.test(frame));
  const ours = frames.findIndex((frame, index) => index > last && frame.includes(OUR_FRAME));
  return last >= 0 && ours >= 0 ? frames.slice(0, last + 1) : frames;
}

function isError(value: unknown): value is Error {
  return value instanceof Error ||
    (typeof value === "object" && value !== null && typeof (value as Error).stack === "string" &&
      typeof (value as Error).message === "string");
}

/** Getters of a strange error may themselves throw. */
function read<T>(get: () => T, otherwise: T): T {
  try {
    return get();
  } catch {
    return otherwise;
  }
}
