/**
 * Help with the language while cells are written and run: type warnings, completion, inspection,
 * and the commands that begin with `%`.
 *
 * All that is heavy is loaded after the first cell has had its result.
 *
 * @module
 */
import type { JsonObject } from "../wire/mod.ts";
import { completionPoint, offsetOfCodePoint, pathAround } from "../relay/completion.ts";
import type { CellOutputs } from "../relay/outputs.ts";
import type { Check } from "./gate.ts";
import type { Reloader } from "./reload.ts";
import { completeReply, inspectReply, marked, positionIn } from "./replies.ts";
import type { LanguageService, RunCell } from "./service.ts";
import { within } from "../client/within.ts";

/** What is asked of the process that runs the cells. */
export interface Runtime {
  /** The names that may follow a path. */
  complete(path: readonly string[]): Promise<string[]>;
  /** A few words about what a path leads to. */
  describe(path: readonly string[]): Promise<string | undefined>;
  /** Loads modules again when they are imported next, each under a number of its own. */
  loadAnew(versions: Readonly<Record<string, number>>): Promise<void>;
}

/** A cell without its commands. */
export interface PreparedCell {
  /** What is to be run. */
  readonly code: string;
  /** What is left of what was written; a command may have more to be run. */
  readonly written: string;
  /** To be called when the cell has ended, with how long it took (milliseconds). */
  readonly onEnd?: (milliseconds: number, failed: boolean) => void;
}

/** A cell that ran. */
interface RanCell extends RunCell {
  /** When (milliseconds since 1970). */
  readonly at: number;
}

const NO_CHECK: Check = { warning: Promise.resolve(undefined), holdMs: 0 };
/** The first cell has its result by then. */
const START_MS = 500;
/** How long what is known waits for what runs, which may be busy (milliseconds). */
const RUNTIME_MS = 100;

/** The kernel's part in writing cells. */
export class Language {
  readonly #runtime: Runtime;
  #types: boolean;
  /** The cells that the process has run. */
  #ran: RanCell[] = [];
  /** Those of them that wait for the service, and to whom their warning goes. */
  readonly #waiting = new Map<RunCell, (warning?: Promise<JsonObject | undefined>) => void>();
  #service: LanguageService | undefined;
  #starting: Promise<LanguageService | undefined> | undefined;
  #reloader: Reloader | undefined;

  /**
   * @param runtime The process that runs the cells.
   * @param types Whether types are checked from the beginning.
   */
  constructor(runtime: Runtime, types: boolean) {
    this.#runtime = runtime;
    this.#types = types;
  }

  /** Does what a cell's commands ask for. @throws {CellSyntaxError} When one doesn't exist. */
  async prepare(code: string, outputs: CellOutputs): Promise<PreparedCell> {
    if (!/^\s*%/.test(code)) return { code, written: code };
    const { HELP, readMagics, timeText } = await import("./magics.ts");
    const magics = readMagics(code);
    if (magics.help) outputs.stream("stdout", HELP);
    if (magics.types) await this.#setTypes(magics.types === "on");
    const rebound = magics.reload ? await this.#reload(outputs) : "";
    const { code: written } = magics;
    return {
      written,
      // In place of the command's line, so that the others keep theirs.
      code: rebound + written.slice(Math.min(rebound.length, written.search(/\n|$/))),
      onEnd: (milliseconds, failed) => {
        if (magics.time) outputs.stream("stdout", timeText(milliseconds));
        if (magics.reload && !failed) this.#reloader?.bound();
      },
    };
  }

  /** Takes in a cell that is about to run, and begins to check it. */
  check(cell: RunCell): Check {
    const ran = { ...cell, at: Date.now() };
    this.#ran.push(ran);
    if (!this.#types) return NO_CHECK;
    if (this.#service) return this.#service.check(cell) ?? NO_CHECK;
    const { promise, resolve } = Promise.withResolvers<JsonObject | undefined>();
    this.#waiting.set(ran, resolve);
    const timer = setTimeout(() => void this.#start(), START_MS);
    Deno.unrefTimer(timer as unknown as number);
    return { warning: promise, holdMs: 0 };
  }

  /** The content of a `complete_reply`. */
  async complete(written: string, given: number): Promise<JsonObject> {
    const code = await this.withoutMagics(written);
    const position = positionIn(code, given);
    if (code !== written) {
      const { completeCommand } = await import("./magics.ts");
      const found = completeCommand([...written].slice(0, position).join(""));
      if (found) return completeReply(found.matches, position - found.typed.length, position);
    }
    const offset = offsetOfCodePoint(code, position);
    const { isInText } = await import("./tokens.ts");
    const before = code.slice(0, offset);
    const point = isInText(before) ? undefined : completionPoint(before);
    const running = point ? this.#runtime.complete(point.path).catch(() => []) : [];
    const known = await this.#start().then((service) => service?.complete(code, offset));
    const found = known?.proposals.length ? await within(running, RUNTIME_MS) : await running;
    const typed = point?.typed ?? "";
    const names = (found ?? []).filter((name) => name.startsWith(typed)).sort();
    if (!known || known.proposals.length === 0) {
      return completeReply(names, position - [...typed].length, position);
    }
    // What runs knows names that were made without being declared; of types it knows nothing.
    const isName = point?.path.length === 0 && known.start === offset - typed.length &&
      !/\b(?:import|export)\s*(?:type\s*)?\{[^}]*$/.test(before);
    const texts = new Set(known.proposals.map(({ text }) => text));
    const more = isName ? names.filter((name) => !texts.has(name)) : [];
    const start = [...code.slice(0, known.start)].length;
    return completeReply([...texts, ...more], start, position, known.proposals);
  }

  /** The content of an `inspect_reply`. */
  async inspect(written: string, given: number): Promise<JsonObject> {
    const code = await this.withoutMagics(written);
    const offset = offsetOfCodePoint(code, positionIn(code, given));
    const { isInText } = await import("./tokens.ts");
    const path = isInText(code.slice(0, offset)) ? undefined : pathAround(code, offset);
    const described = path ? this.#runtime.describe(path).catch(() => undefined) : undefined;
    const known = await this.#start().then((service) => service?.inspect(code, offset));
    const value = known ? await within(described, RUNTIME_MS) : await described;
    if (!known) {
      return inspectReply(value ? { "text/plain": value } : {});
    }
    const isVariable = /^(?:const|let|var|\((?:property|getter)\)) (?!.*=>)/.test(known.plain);
    // What a getter would give isn't known.
    const isKnown = isVariable && value && !value.endsWith(": undefined = undefined");
    const now = isKnown ? value.replace(/^[^:]*: (?:\w+ = )?/, "") : undefined;
    return inspectReply({
      "text/plain": now ? `${known.plain}\n\nNow: ${now}` : known.plain,
      "text/markdown": now ? `${known.markdown}\n\nNow: ${marked(now)}` : known.markdown,
    });
  }

  /** Forgets the cells, as the process does that ran them. */
  forget(): void {
    this.#ran = [];
    this.#reloader = undefined;
    this.#service?.forget();
    this.#dropWaiting();
  }

  /** Ends the language server. */
  async close(): Promise<void> {
    await this.#setTypes(false);
  }

  /** The service, unless it isn't wanted. */
  #start(): Promise<LanguageService | undefined> {
    if (!this.#types) return Promise.resolve(undefined);
    return this.#starting ??= (async () => {
      const { LanguageService } = await import("./service.ts");
      if (!this.#types) return undefined;
      const service = new LanguageService(Deno.cwd());
      this.#service = service;
      service.start();
      for (const cell of this.#ran) {
        const show = this.#waiting.get(cell);
        if (show) show(service.check(cell)?.warning);
        else service.learn(cell);
      }
      this.#dropWaiting();
      return service;
    })();
  }

  #dropWaiting(): void {
    for (const show of this.#waiting.values()) show();
    this.#waiting.clear();
  }

  async #setTypes(on: boolean): Promise<void> {
    this.#types = on;
    if (on) return;
    const service = this.#service;
    this.#service = undefined;
    this.#starting = undefined;
    this.#dropWaiting();
    await service?.stop();
  }

  async #reload(outputs: CellOutputs): Promise<string> {
    const { Reloader } = await import("./reload.ts");
    this.#reloader ??= new Reloader(Deno.cwd());
    const { edited, versions, names, code } = await this.#reloader.find(this.#ran);
    if (edited.length === 0 && names.length === 0) {
      outputs.stream("stdout", "Nothing that was imported has been edited since.\n");
      return "";
    }
    if (edited.length > 0) {
      await this.#runtime.loadAnew(versions);
      this.#service?.filesChanged(edited);
    }
    const files = edited.map((url) => decodeURIComponent(url.slice(url.lastIndexOf("/") + 1)));
    const said = [
      files.length > 0 ? `loaded again: ${files.join(", ")}` : "",
      names.length > 0 ? `bound again: ${names.join(", ")}` : "",
    ].filter((part) => part !== "").join("; ");
    outputs.stream("stdout", `${said[0]!.toUpperCase()}${said.slice(1)}\n`);
    return code;
  }

  /** A cell with blanks in place of its commands, whatever they are. */
  async withoutMagics(code: string): Promise<string> {
    return /^\s*%/.test(code) ? (await import("./magics.ts")).withoutMagics(code) : code;
  }
}
