import { createHash } from "node:crypto";

/** A file on the pretended hub. */
export interface ServedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it is stored outside git, as weights are. */
  readonly large: boolean;
}

/** How the pretended hub misbehaves. */
export interface Misbehaviour {
  /** Ends the connection after so many bytes of the next file asked for. */
  cutAfter?: number;
  /** Serves other bytes than it promised. */
  corrupt?: boolean;
  /** Answers everything with this status. */
  status?: number;
}

/** A server that speaks as much of the hub's protocol as downloads need. */
export class PretendedHub implements AsyncDisposable {
  /** What was asked for, as `GET /path` with the range if there was one. */
  readonly requests: string[] = [];
  readonly misbehaviour: Misbehaviour = {};
  readonly url: string;
  readonly #server: Deno.HttpServer;
  readonly #files: Record<string, ServedFile>;

  constructor(readonly id: string, files: Record<string, ServedFile>) {
    this.#files = files;
    const onListen = () => {};
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, (request) => {
      const range = request.headers.get("range");
      const { pathname } = new URL(request.url);
      this.requests.push(`${request.method} ${pathname}${range ? ` ${range}` : ""}`);
      return this.#answer(request, pathname, range);
    });
    this.url = `http://127.0.0.1:${(this.#server.addr as Deno.NetAddr).port}`;
  }

  /** The files asked for, without the questions about them. */
  get downloads(): string[] {
    return this.requests.filter((request) => request.includes("/resolve/"));
  }

  async #answer(request: Request, pathname: string, range: string | null): Promise<Response> {
    const { status } = this.misbehaviour;
    if (status !== undefined || !pathname.includes(this.id)) {
      return Response.json({ error: "not for you" }, { status: status ?? 404 });
    }
    if (pathname.startsWith(`/api/models/${this.id}/revision/`)) {
      return Response.json({ _id: "1", id: this.id, sha: COMMIT, lastModified: "2026-01-01" });
    }
    if (pathname === `/api/models/${this.id}/paths-info/${COMMIT}`) {
      const { paths } = await request.json() as { paths: string[] };
      return Response.json(
        paths.filter((path) => path in this.#files).map((path) => this.#info(path)),
      );
    }
    const path = pathname.slice(`/${this.id}/resolve/${COMMIT}/`.length);
    return this.#serve(this.#files[path]!, range);
  }

  #info(path: string): Record<string, unknown> {
    const { bytes, large } = this.#files[path]!;
    const pointer = { path, type: "file", size: bytes.length, oid: gitHash(bytes) };
    return large ? { ...pointer, lfs: { oid: sha256(bytes), size: bytes.length } } : pointer;
  }

  #serve({ bytes }: ServedFile, range: string | null): Response {
    const start = range ? Number(/^bytes=(\d+)-/.exec(range)![1]) : 0;
    const { cutAfter, corrupt } = this.misbehaviour;
    const rest = bytes.slice(start);
    if (corrupt) rest[0]! ^= 1;
    const status = range ? 206 : 200, headers = { "content-length": String(rest.length) };
    if (cutAfter === undefined) return new Response(rest, { status, headers });
    delete this.misbehaviour.cutAfter;
    // A body shorter than was announced.
    return new Response(rest.slice(0, cutAfter), { status, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** The one commit there is. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function gitHash(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
