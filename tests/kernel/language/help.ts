/**
 * What the tests of the language's help ask of a kernel.
 *
 * @module
 */
import type { JsonObject, Message } from "../../../kernel/wire/mod.ts";
import { type Ran, TestKernel, until } from "../relay/client.ts";

/** A proposal of a `complete_reply`. */
export interface Proposed {
  readonly text: string;
  readonly type: string;
  readonly signature: string;
  readonly documentation: string;
}

/** How long a language server may take to be ready on a busy machine (milliseconds). */
const READY_MS = 90_000;

/** Starts a kernel with types. */
export async function startWithTypes(): Promise<TestKernel> {
  return await TestKernel.start({ env: { TUNEBOOK_TYPES: "on" } });
}

/** The answer of a `complete_request`, by default at the end. */
export async function complete(
  kernel: TestKernel,
  code: string,
  position = [...code].length,
): Promise<{ reply: JsonObject; matches: string[]; types: Proposed[] }> {
  const { reply } = kernel.request("complete_request", { code, cursor_pos: position });
  const { content } = await reply;
  const { _jupyter_types_experimental: types = [] } = content.metadata as JsonObject;
  return { reply: content, matches: content.matches as string[], types: types as Proposed[] };
}

/** The data of an `inspect_reply`. */
export async function inspect(
  kernel: TestKernel,
  code: string,
  position = [...code].length,
): Promise<Record<string, string>> {
  const content = { code, cursor_pos: position, detail_level: 0 };
  return (await kernel.request("inspect_request", content).reply).content.data as Record<
    string,
    string
  >;
}

/** Waits until completion knows types. */
export async function untilTyped(kernel: TestKernel): Promise<void> {
  await until(async () => {
    const { types } = await complete(kernel, "Math.flo");
    return types.some(({ signature }) => signature !== "");
  }, READY_MS);
}

/** The warnings among what a cell has put out, in time or late. */
export function warnings({ outputs, late }: Ran): string[] {
  return [...outputs, ...late].filter(isWarning).map(({ content }) =>
    (content.data as JsonObject)["text/plain"] as string
  );
}

/** Whether a message is a warning. */
export function isWarning({ header, content }: Message): boolean {
  const data = (content.data ?? {}) as JsonObject;
  return header.msg_type === "display_data" && String(data["text/plain"]).startsWith("⚠");
}

/** Waits for a cell's warning. */
export async function warning(ran: Ran): Promise<string> {
  await until(() => warnings(ran).length > 0, READY_MS);
  return warnings(ran)[0]!;
}

/** The process ids of a kernel's language servers. */
export async function serversOf(kernel: TestKernel): Promise<number[]> {
  const { stdout } = await new Deno.Command("pgrep", {
    args: ["-P", String(kernel.process.pid), "-f", " lsp "],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").map(Number);
}
