/**
 * The one `deno lsp` child: started when it is first needed, started again when it has ended.
 *
 * @module
 */
import { setPriority } from "node:os";
import { log } from "../relay/log.ts";
import { Rpc } from "./rpc.ts";

/** A document as it is sent. */
export interface ServerDocument {
  readonly uri: string;
  readonly text: string;
}

/** A folder with its configuration. */
export interface Workspace {
  /** Its URL. */
  readonly root: string;
  /** The configuration file, from there. Without preloading the server doesn't look for one. */
  readonly config: string | undefined;
}

const STARTS = 3;
/** One that lived longer than this has not failed to start. */
const SOUND_MS = 20_000;
/** Below the cells: a check must not slow down what it checks. */
const PRIORITY = 5;

const SETTINGS = {
  enable: true,
  lint: false,
  codeLens: {},
  cacheOnSave: false,
  documentPreloadLimit: 0, // It would read every file of the project.
  suggest: {
    autoImports: false, // A completion can't add an import elsewhere in the cell.
    completeFunctionCalls: false,
    imports: { autoDiscover: false, hosts: {} }, // Nothing is asked of the network.
  },
};

/** Sends documents and questions to a server, which may end at any time. */
export class LanguageServer {
  readonly #workspace: Workspace;
  readonly #documents: () => readonly ServerDocument[];
  readonly #open = new Map<string, { text: string; version: number }>();
  #process: Deno.ChildProcess | undefined;
  #rpc: Rpc | undefined;
  #ready: Promise<Rpc> | undefined;
  #startedAt = 0;
  #failures = 0;
  #closed = false;

  /**
   * @param workspace Whose configuration applies.
   * @param documents What a fresh server has to know.
   */
  constructor(workspace: Workspace, documents: () => readonly ServerDocument[]) {
    this.#workspace = workspace;
    this.#documents = documents;
  }

  /** Whether it makes sense to ask. */
  get usable(): boolean {
    return !this.#closed && this.#failures < STARTS;
  }

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the server, unless it has been started; resolves when it takes documents. */
  async start(): Promise<void> {
    await this.#connection();
  }

  /** Takes a document back. */
  close({ uri }: { readonly uri: string }): void {
    if (!this.#open.delete(uri)) return;
    this.#rpc?.notify("textDocument/didClose", { textDocument: { uri } });
  }

  /** Says that files have changed on disk. */
  filesChanged(uris: readonly string[]): void {
    const changes = uris.map((uri) => ({ uri, type: 2 }));
    this.#rpc?.notify("workspace/didChangeWatchedFiles", { changes });
  }

  /** Asks something about a document. A server that ends meanwhile is asked again once it's back. */
  async ask<Result>(document: ServerDocument, method: string, params: object): Promise<Result> {
    for (let again = true;; again = false) {
      const rpc = await this.#connection();
      this.#tell(rpc, document);
      try {
        const textDocument = { uri: document.uri };
        return await rpc.request<Result>(method, { textDocument, ...params });
      } catch (error) {
        if (!again || this.#rpc === rpc || !this.usable) throw error;
      }
    }
  }

  /** Asks something else. */
  async request<Result>(method: string, params: unknown): Promise<Result> {
    return await (await this.#connection()).request<Result>(method, params);
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    this.#closed = true;
    const process = this.#process;
    this.#rpc?.close();
    if (!process) return;
    kill(process);
    await process.status;
  }

  #tell(rpc: Rpc, { uri, text }: ServerDocument): void {
    const known = this.#open.get(uri);
    if (known?.text === text) return;
    const version = (known?.version ?? 0) + 1;
    this.#open.set(uri, { text, version });
    if (known) {
      rpc.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    } else {
      rpc.notify("textDocument/didOpen", {
        textDocument: { uri, version, languageId: "typescript", text },
      });
    }
  }

  #connection(): Promise<Rpc> {
    return this.#ready ??= this.#spawn();
  }

  async #spawn(): Promise<Rpc> {
    if (!this.usable) throw new Error("The language server can't be used");
    this.#startedAt = performance.now();
    const process = new Deno.Command(Deno.execPath(), {
      args: ["lsp", "--quiet"],
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped", // Its end tells the server that we are gone.
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#process = process;
    lowerPriority(process.pid);
    log("lsp", "spawned", process.pid);
    const rpc: Rpc = new Rpc(process.stdin, process.stdout, { onEnd: () => this.#onEnd(rpc) });
    this.#rpc = rpc;
    const { root, config } = this.#workspace;
    await rpc.request("initialize", {
      processId: Deno.pid,
      rootUri: root,
      workspaceFolders: [{ uri: root, name: "notebook" }],
      initializationOptions: { ...SETTINGS, ...(config && { config }) },
      capabilities: {
        textDocument: {
          diagnostic: {},
          completion: { completionItem: { documentationFormat: ["markdown"] } },
          hover: { contentFormat: ["markdown"] },
          signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
        },
      },
    });
    rpc.notify("initialized", {});
    for (const document of this.#documents()) this.#tell(rpc, document);
    log("lsp", "ready");
    return rpc;
  }

  /** Comes back at once, so that nobody notices. */
  #onEnd(rpc: Rpc): void {
    if (this.#rpc !== rpc) return;
    const sound = performance.now() - this.#startedAt > SOUND_MS;
    this.#failures = sound ? 0 : this.#failures + 1;
    log("lsp", "ended", this.#failures);
    kill(this.#process); // It may merely have closed its output.
    this.#rpc = undefined;
    this.#ready = undefined;
    this.#process = undefined;
    this.#open.clear();
    if (this.usable) this.start().catch(() => {});
  }
}

/** It has nothing to save. */
function kill(process: Deno.ChildProcess | undefined): void {
  try {
    process?.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // Already gone.
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, PRIORITY);
  } catch (error) {
    log("lsp", "priority", String(error)); // It works without.
  }
}
