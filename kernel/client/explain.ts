/**
 * Finds out what Deno's own kernel keeps to itself: for a syntax error or a package that doesn't
 * exist it answers "Execution failed" and nothing else, and the lines in its tracebacks are those
 * of the JavaScript that the cell was turned into.
 *
 * @module
 */
import { SourceMap } from "node:module";
import { join } from "node:path";
import type { ErrorOutput } from "./outputs.ts";

const SLOW_MS = 15_000;

/**
 * The error behind an "Execution failed", as far as it can be known without running the cell again.
 *
 * @param code The cell's source.
 */
export async function explainFailure(code: string): Promise<ErrorOutput> {
  return await syntaxError(code) ?? await importError(code) ?? {
    output_type: "error",
    ename: "Error",
    evalue: "Execution failed",
    traceback: ["Error: Execution failed (Deno's own kernel gives no reason)"],
  };
}

/**
 * The line of a cell (from 1) that a traceback points at: our kernel's names cells and their lines
 * (`Cell [3]:4:7`), Deno's own has every cell as `<anonymous>`, in lines of the JavaScript.
 *
 * @param code The cell's source.
 * @param traceback The kernel's traceback.
 * @returns `undefined` when it points nowhere.
 */
export async function lineInCell(
  code: string,
  traceback: readonly string[],
): Promise<number | undefined> {
  const text = traceback.join("\n");
  const named = [...text.matchAll(/\bcell(?: \[(\d+)\])?:(\d+):\d+/gi)]
    .map((match) => ({ cell: Number(match[1] ?? 0), line: Number(match[2]) }));
  // The cell that runs is the newest; its innermost frame comes first.
  const newest = Math.max(...named.map(({ cell }) => cell));
  const frame = named.find(({ cell }) => cell === newest);
  if (frame) return frame.line;
  // Functions of earlier cells have frames just like it; only the outermost is surely this cell's.
  const outermost = [...text.matchAll(/<anonymous>:(\d+):(\d+)/g)].at(-1);
  if (!outermost) return undefined;
  const [line, column] = [Number(outermost[1]), Number(outermost[2])];
  return await originalLine(code, line, column);
}

async function syntaxError(code: string): Promise<ErrorOutput | undefined> {
  const { success, stderr } = await deno(["fmt", "--no-config", "--ext", "ts", "-"], {
    input: code,
  });
  if (success) return undefined;
  const report = stderr.match(/error: (?:SyntaxError: )?(.*)\n([\s\S]*?)\s+at .*?:(\d+):(\d+)/);
  if (!report) return undefined;
  const [, message = "", excerpt = "", line, column] = report;
  return {
    output_type: "error",
    ename: "SyntaxError",
    evalue: message,
    traceback: [
      `SyntaxError: ${message}`,
      ...excerpt.split("\n"),
      `    at cell:${line}:${column}`,
    ],
  };
}

async function importError(code: string): Promise<ErrorOutput | undefined> {
  const imports = /(?:from|import)\s*\(?\s*(["'])((?:npm|jsr|https?):[^"']+)\1/g;
  for (const { 2: specifier = "", index } of code.matchAll(imports)) {
    const { success, stderr } = await deno(["cache", "--no-config", specifier]);
    if (success) continue;
    const message = stderr.match(/error: (.*)/)?.[1] ?? `Can't load ${specifier}`;
    const line = code.slice(0, index).split("\n").length;
    return {
      output_type: "error",
      ename: "ImportError",
      evalue: message,
      traceback: [`ImportError: ${message}`, `    at cell:${line}:1`],
    };
  }
  return undefined;
}

async function originalLine(
  code: string,
  line: number,
  column: number,
): Promise<number | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "tunebook-cell-" });
  try {
    // The kernel keeps imports that look unused, one line each.
    const config = { compilerOptions: { verbatimModuleSyntax: true } };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(config));
    await Deno.writeTextFile(join(folder, "cell.ts"), code);
    const { success, stdout } = await deno(
      ["transpile", "--source-map", "inline", "cell.ts"],
      { cwd: folder },
    );
    const map = stdout.match(/sourceMappingURL=data:application\/json;base64,(\S+)/)?.[1];
    if (!success || map === undefined) return undefined;
    const entry = new SourceMap(JSON.parse(atob(map))).findEntry(line - 1, column - 1);
    return "originalLine" in entry ? entry.originalLine + 1 : undefined;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function deno(args: string[], options: { input?: string; cwd?: string } = {}) {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: options.cwd ?? Deno.cwd(),
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(SLOW_MS),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.input ?? "")).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
