/**
 * What the language server knows of the cells: warnings, completion, and what a name is.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "../wire/mod.ts";
import { log } from "../relay/log.ts";
import {
  documentationOf,
  positionAt,
  type Proposal,
  type Proposals,
  readCompletions,
  signatureOf,
  typeOf,
} from "./completion.ts";
import { type CheckedCell, renderWarning, wantsCheck } from "./diagnostics.ts";
import { type CellDocument, CellDocuments } from "./documents.ts";
import type { Check } from "./gate.ts";
import { type Inspection, nameAt, readHover, readSignature } from "./inspection.ts";
import { readNames } from "./names.ts";
import type { CompletionItem, Completions, Diagnostic, Hover, SignatureHelp } from "./protocol.ts";
import { LanguageServer } from "./server.ts";
import { within } from "../client/within.ts";

/** The longest that a cell's outputs wait for its check (milliseconds). */
export const HOLD_MS = 80;
/** A server that hasn't answered yet may take seconds for its first answer. */
const COLD_MS = 250;
/** JupyterLab waits a second; the names of what runs shall still be in time. */
const WARM_MS = 700;
/** How many proposals are described, and how long that may take. */
const DESCRIBED = 24;
const DESCRIBE_MS = 120;

/** A cell that runs. */
export interface RunCell extends CheckedCell {
  /** Counts executions. */
  readonly number: number;
}

/** A proposal with what is known of it. */
export interface Described extends Proposal {
  readonly signature: string;
  readonly documentation: string;
}

/** Asks a server about the cells that have run and the one that is being written. */
export class LanguageService {
  readonly #documents: CellDocuments;
  readonly #server: LanguageServer;
  #warm = false;
  #pending = 0;

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    const url = `${pathToFileURL(folder).href}/`;
    this.#documents = new CellDocuments(url);
    this.#server = new LanguageServer(configFolder(url), () => this.#documents.all);
  }

  /** Starts the server. */
  start(): void {
    this.#server.start().catch((error) => log("lsp", String(error)));
  }

  /** Takes in a cell that has run. */
  learn({ number, code }: RunCell): CellDocument | undefined {
    const names = readNames(code);
    if (names.mentioned.size === 0) return undefined; // As `1 + 1`: no type can be wrong in it.
    return this.#documents.add(number, code, names);
  }

  /** Takes in a cell that runs, and begins to check it. */
  check(cell: RunCell): Check | undefined {
    const began = performance.now();
    const inTime = this.#warm && this.#pending === 0;
    const document = this.learn(cell);
    if (!document || !this.#server.usable) return undefined;
    const warning = this.#diagnose(document, cell);
    // To read a cell of thousands of lines takes a part of the time.
    return { warning, holdMs: inTime ? HOLD_MS - (performance.now() - began) : 0 };
  }

  /** What may come at an offset into a cell that is being written. */
  async complete(
    code: string,
    offset: number,
  ): Promise<{ start: number; proposals: readonly Described[] } | undefined> {
    const params = { position: positionAt(code, offset), context: { triggerKind: 1 } };
    const answer = await this.#askDraft<Completions>("textDocument/completion", code, params);
    if (answer === undefined) return undefined;
    const { start, proposals } = readCompletions(answer, code, offset);
    return { start, proposals: await this.#describe(proposals) };
  }

  /** What is known of the name, or of the call, at an offset into a cell. */
  async inspect(code: string, offset: number): Promise<Inspection | undefined> {
    const name = nameAt(code, offset);
    if (name !== undefined) {
      const params = { position: positionAt(code, name) };
      const hover = await this.#askDraft<Hover>("textDocument/hover", code, params);
      if (hover === undefined) return undefined; // It would be late again.
      const found = readHover(hover);
      if (found) return found;
    }
    const params = { position: positionAt(code, offset) };
    const help = await this.#askDraft<SignatureHelp>("textDocument/signatureHelp", code, params);
    return readSignature(help ?? null);
  }

  /** Says that modules have changed on disk. */
  filesChanged(uris: readonly string[]): void {
    this.#server.filesChanged(uris);
  }

  /** Forgets the cells, as the process does that ran them. */
  forget(): void {
    for (const document of this.#documents.clear()) this.#server.close(document);
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #diagnose(document: CellDocument, cell: CheckedCell): Promise<JsonObject | undefined> {
    this.#pending++;
    const began = performance.now();
    try {
      const answer = await this.#server.ask<{ items?: readonly Diagnostic[] }>(
        document,
        "textDocument/diagnostic",
        {},
      );
      this.#warm = true;
      log("lsp", `cell ${cell.count} checked in ${(performance.now() - began).toFixed(1)} ms`);
      return wantsCheck(cell.code) ? renderWarning(answer.items ?? [], cell) : undefined;
    } catch (error) {
      log("lsp", "no diagnostics", String(error));
      return undefined;
    } finally {
      this.#pending--;
      this.#tidy(document);
    }
  }

  /** Keeps the server's work small, however often cells are run. */
  #tidy(document: CellDocument): void {
    if (!document.declares) this.#server.close(document);
    if (this.#pending > 0) return;
    for (const each of this.#documents.prune()) this.#server.close(each);
  }

  /** Asks about the cell being written; no answer when there is none in good time. */
  async #askDraft<Answer>(
    method: string,
    code: string,
    params: object,
  ): Promise<Answer | null | undefined> {
    if (!this.#server.usable) return undefined;
    const answer = this.#server.ask<Answer | null>(this.#documents.draft(code), method, params)
      .then((found) => {
        this.#warm = true;
        return found;
      }, (error) => {
        log("lsp", method, String(error));
        return undefined;
      });
    return await within(answer, this.#warm ? WARM_MS : COLD_MS);
  }

  async #describe(proposals: Proposals["proposals"]): Promise<Described[]> {
    const described = new Map<Proposal, CompletionItem>();
    const all = proposals.slice(0, DESCRIBED).map(async (proposal) => {
      const item = await this.#server.request<CompletionItem>(
        "completionItem/resolve",
        proposal.item,
      );
      described.set(proposal, item);
    });
    await within(Promise.allSettled(all), DESCRIBE_MS);
    return proposals.map((proposal) => {
      const item = described.get(proposal) ?? proposal.item;
      return {
        ...proposal,
        type: typeOf({ ...proposal, item }),
        signature: signatureOf(item),
        documentation: documentationOf(item),
      };
    });
  }
}

/** The nearest folder above that has a configuration, or the folder itself. */
function configFolder(folder: string): { root: string; config: string | undefined } {
  for (let at = new URL(folder);; at = new URL("../", at)) {
    const config = ["deno.json", "deno.jsonc"].find((name) => existsSync(new URL(name, at)));
    if (config) return { root: at.href, config: `./${config}` };
    if (at.pathname === new URL("../", at).pathname) return { root: folder, config: undefined };
  }
}
