import { assert, assertEquals } from "@std/assert";

/** The rooms of lib/ and what each may import: dependencies point down this table, never up. */
const MAY_IMPORT: Record<string, readonly string[] | "any"> = {
  tensor: [],
  nn: ["tensor"],
  models: ["nn", "tensor"],
  tokenizers: [],
  plots: [],
  data: ["tensor", "tokenizers"],
  training: ["nn", "data", "tensor"],
  finetune: ["nn", "models", "data", "tokenizers", "training", "plots", "tensor"],
  hub: ["models", "finetune", "tokenizers", "nn", "tensor"],
  base: ["hub", "models", "data", "tokenizers", "training", "nn", "tensor", "plots"],
  experiments: [
    ...["base", "hub", "finetune", "models", "data", "tokenizers", "training", "plots", "nn"],
    "tensor",
  ],
  notebook: "any",
  std: [],
};

const root = new URL("../../", import.meta.url);

Deno.test("the import map names every room's public face, and nothing else of ours", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const faces = Object.entries<string>(config.imports).filter(([name]) =>
    name.startsWith("@tunebook/")
  );
  assert(faces.length > 0);
  for (const [name, target] of faces) {
    const room = name.slice("@tunebook/".length);
    assertEquals(target, `./lib/${room}/mod.ts`);
    assertEquals(config.exports[`./${room}`], target, `${name} is missing from "exports"`);
    assert(room in MAY_IMPORT, `${name} is no room of the table`);
    const documented = config.tasks.docs.command.split(" ").includes(target.slice(2));
    assert(documented, `the docs task leaves out ${target}`);
  }
});

Deno.test("every room of lib/ imports only rooms below it", async () => {
  const found: string[] = [];
  for await (const file of sourceFiles(new URL("lib/", root))) {
    const room = roomOf(file);
    const allowed = MAY_IMPORT[room];
    assert(allowed !== undefined, `lib/${room} is no room of the table`);
    if (allowed === "any") continue;
    for (const specifier of importsOf(await Deno.readTextFile(file))) {
      const other = specifier.startsWith("@tunebook/")
        ? specifier.slice("@tunebook/".length).split("/")[0]!
        : specifier.startsWith(".")
        ? roomOf(new URL(specifier, file))
        : room;
      if (other !== room && !allowed.includes(other)) {
        found.push(`${file.pathname.slice(root.pathname.length)} imports ${specifier}`);
      }
    }
  }
  assertEquals(found, []);
});

/** The room a file lies in, or where it lies if that isn't below lib/. */
function roomOf(file: URL): string {
  const path = file.pathname.slice(root.pathname.length);
  return path.startsWith("lib/") ? path.split("/")[1]! : `(outside lib/) ${path}`;
}

function importsOf(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;"']*["']([^"']+)["']|import\(\s*["']([^"']+)["']/g;
  return [...code.matchAll(pattern)].map((match) => (match[1] ?? match[2])!);
}

async function* sourceFiles(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    const path = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    // AssemblyScript is a world of its own: its imports name its own files only.
    if (entry.isDirectory && entry.name !== "assembly") yield* sourceFiles(path);
    else if (entry.isFile && entry.name.endsWith(".ts")) yield path;
  }
}
