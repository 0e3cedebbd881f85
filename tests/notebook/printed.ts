/** What a function prints with `console.log` and `console.error`, one entry a call. */
export async function printed(run: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    await run();
  } finally {
    console.log = log;
    console.error = error;
  }
  return lines;
}
