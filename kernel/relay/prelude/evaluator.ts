/**
 * Runs code as Deno's own REPL does: V8's REPL mode (top-level `await`, `const` declared again),
 * through an inspector session inside this process. No debugging port is opened for it.
 *
 * @module
 */
import inspector from "node:inspector";
import { describeFailure } from "./failures.ts";
import type { Failure } from "../failure.ts";

interface RemoteObject {
  readonly type: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

interface EvaluateResult {
  readonly result: RemoteObject;
  readonly exceptionDetails?: {
    readonly text: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
    readonly exception?: RemoteObject;
  };
}

/** How an evaluation ended. `stopped` is the end that a forced stop gives to a synchronous loop. */
export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "stopped" };

const HAND_OVER = Symbol.for("tunebook.handOver");
const session = new inspector.Session();
session.connect();

/**
 * Runs a script.
 *
 * @param script The rewritten code.
 * @param name What V8 calls the script, for syntax errors, which have no stack.
 * @param onValue Called with the value of a script that has left nothing pending, at the very moment
 * it is there. That is some time before V8 has described it to the session; the first time, Node's
 * whole `process` is loaded for that. It must not run code of the user's.
 */
export async function evaluate(
  script: string,
  name: string,
  onValue?: (value: unknown) => void,
): Promise<Outcome> {
  let promise: object | undefined;
  let found: { value: unknown } | undefined;
  const [error, answer] = await post<EvaluateResult>(
    "Runtime.evaluate",
    { expression: script, replMode: true, objectGroup: name },
    (made) => {
      held.add(promise = made);
      whenFulfilled(made, (result) => {
        if (!isReplResult(result)) return;
        found = { value: result[REPL_RESULT] };
        if (leftPending === 0) onValue?.(found.value);
      });
    },
  );
  if (promise) held.delete(promise);
  await nextTurn();
  if (error || !answer) return { kind: "stopped" };
  try {
    const details = answer.exceptionDetails;
    if (!details) return { kind: "value", ...found ?? await localValue(answer.result) };
    const failure = describeFailure(
      details.exception ? (await localValue(details.exception)).value : details.text,
    );
    failure.at = { script: name, line: details.lineNumber + 1, column: details.columnNumber + 1 };
    return { kind: "failure", failure };
  } finally {
    session.post("Runtime.releaseObjectGroup", { objectGroup: name });
  }
}

/**
 * The promises of all evaluations under way. When V8 collects one that can't be settled any more,
 * because its cell was ended by force, it says so in the middle of the collection, where no
 * JavaScript may run, and Deno panics.
 */
const held = new Set<object>();
let catchPromise: ((promise: object) => void) | undefined;

/**
 * How many promises and microtasks have been made since the last script began. One that has made
 * none has run in one go, and neither a rejection nor a line of output can come right after it.
 */
let leftPending = 0;

/**
 * Lets us see the promise of an evaluation, which V8 keeps to itself: it is the first one made
 * while the evaluation starts.
 */
function installPromiseHook(): void {
  const deno = Deno as unknown as
    & { internal: symbol }
    & Record<symbol, {
      core: { setPromiseHooks: (onInit: (promise: object) => void) => void };
    }>;
  deno[deno.internal]!.core.setPromiseHooks((promise) => {
    leftPending++;
    const take = catchPromise;
    catchPromise = undefined; // Before the call, which may make promises itself.
    take?.(promise);
  });
}

function countMicrotasks(): void {
  const original = queueMicrotask;
  globalThis.queueMicrotask = (work) => {
    leftPending++;
    original(work);
  };
}

installPromiseHook();
countMicrotasks();

/**
 * What every script awaits first. By the time it goes on, V8 has tied the script's promise to the
 * evaluation; a cell ended by force before that would leave the promise to be collected.
 */
export function beginCell(): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      leftPending = 0;
      resolve();
    })
  );
}

/** What V8 resolves the promise of a script in REPL mode with: an object with this one property. */
const REPL_RESULT = ".repl_result";

function isReplResult(value: unknown): value is { [REPL_RESULT]: unknown } {
  return typeof value === "object" && value !== null && Object.hasOwn(value, REPL_RESULT);
}

const { then } = Promise.prototype; // A cell may replace it.

/** Called before V8 itself waits for the promise, it is told before V8. */
function whenFulfilled(promise: object, take: (value: unknown) => void): void {
  Reflect.apply(then, promise, [take, () => {}]);
}

/** The names of all top-level `let`, `const` and classes. */
export async function lexicalNames(): Promise<string[]> {
  await nextTurn();
  const [, answer] = await post<{ names: string[] }>("Runtime.globalLexicalScopeNames", {});
  return answer?.names ?? [];
}

/** The value of a top-level name, found without running any code of the user's. */
export async function lookUp(name: string): Promise<{ value: unknown } | undefined> {
  await nextTurn();
  const [error, answer] = await post<EvaluateResult>("Runtime.evaluate", {
    expression: name,
    throwOnSideEffect: true,
    objectGroup: "lookup",
  });
  await nextTurn();
  if (error || !answer || answer.exceptionDetails) return undefined;
  const found = await localValue(answer.result);
  session.post("Runtime.releaseObjectGroup", { objectGroup: "lookup" });
  return found;
}

/** The value behind the inspector's description of it; wrapped, since it may be a promise. */
async function localValue(remote: RemoteObject): Promise<{ value: unknown }> {
  if (remote.unserializableValue !== undefined) return { value: parseUnserializable(remote) };
  if (remote.objectId === undefined) {
    return { value: remote.type === "object" ? null : remote.value };
  }
  let value: unknown;
  (globalThis as Record<symbol, unknown>)[HAND_OVER] = (given: unknown) => value = given;
  await post("Runtime.callFunctionOn", {
    functionDeclaration: "function (value) { globalThis[Symbol.for('tunebook.handOver')](value); }",
    objectId: remote.objectId,
    arguments: [{ objectId: remote.objectId }],
  });
  delete (globalThis as Record<symbol, unknown>)[HAND_OVER];
  return { value };
}

/** V8's inspector must not be entered from within itself. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function parseUnserializable({ type, unserializableValue }: RemoteObject): unknown {
  const text = unserializableValue!;
  return type === "bigint" ? BigInt(text.slice(0, -1)) : Number(text);
}

function post<T>(
  method: string,
  parameters: object,
  onPromise?: (promise: object) => void,
): Promise<[Error | null, T | undefined]> {
  return new Promise((resolve) => {
    catchPromise = onPromise;
    (session.post as (
      method: string,
      parameters: object,
      callback: (error: Error | null, answer?: T) => void,
    ) => void)(method, parameters, (error, answer) => resolve([error, answer]));
    catchPromise = undefined;
  });
}
