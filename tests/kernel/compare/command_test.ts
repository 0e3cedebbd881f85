import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare } from "../../../kernel/compare/command.ts";

/** Runs the command and gives its exit code and what it said. */
async function say(...args: string[]): Promise<{ code: number; said: string }> {
  const { log, error } = console;
  let said = "";
  console.log = console.error = (text: string) => void (said += `${text}\n`);
  try {
    return { code: await compare(args), said };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("deno task compare says how it is used", async () => {
  const { code, said } = await say("--help");
  assertEquals(code, 0);
  for (const word of ["--methods", "loraAll", "period", "random", "--quick"]) {
    assertStringIncludes(said, word);
  }
});

for (
  const [args, message] of [
    [["--methods", "full,lorra"], "--methods to be of full, head, lastBlock"],
    [["--task", "weather"], "--task to be of agreement, period"],
    [["--seeds", "0"], "--seeds to be a whole number above 0 but found 0"],
    [["--sleep"], "--sleep"],
  ] as const
) {
  Deno.test(`deno task compare refuses ${args.join(" ")}`, async () => {
    const { code, said } = await say(...args);
    assertEquals(code, 2);
    assertStringIncludes(said, message);
  });
}

Deno.test("deno task compare refuses a file of another experiment", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/runs.json`, '{"experiment":"e","version":1,"rows":[]}');
    const { code, said } = await say("--quick", "--out", folder);
    assertEquals(code, 2);
    assertStringIncludes(said, 'but found version 1 of "e"');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
