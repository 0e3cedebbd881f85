/**
 * `deno task ok`: all that must hold before a change is merged, cheapest first. Stops at the first
 * thing that doesn't. With names (`deno task ok lint types`) only those steps run.
 *
 * @module
 */

/** A step: one run of Deno. */
interface Step {
  readonly name: string;
  /** What it makes sure of. */
  readonly about: string;
  readonly args: readonly string[];
}

const root = new URL("../", import.meta.url);

/** The modules whose documentation must be complete: what the packages export. */
async function entryPoints(): Promise<string[]> {
  const { exports, links } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  return [...Object.values<string>(exports), ...links.map((folder: string) => `${folder}/mod.ts`)];
}

const steps: Step[] = [
  // Notebooks are left out in deno.json, since `deno fmt --check` (2.9.6) calls every one of them
  // unformatted; the step "notebooks" checks their cells.
  { name: "format", about: "every file is formatted", args: ["fmt", "--check"] },
  { name: "lint", about: "no lint", args: ["lint", "--quiet"] },
  { name: "types", about: "every module type-checks", args: ["check", "--quiet", "."] },
  {
    name: "docs",
    about: "all that is public is documented",
    args: ["doc", "--quiet", "--lint", ...await entryPoints()],
  },
  {
    name: "examples",
    about: "the examples in the documentation run",
    args: ["test", "--quiet", "--allow-all", "--doc", "--parallel", "lib", "kernel", "lessons"],
  },
  {
    name: "notebooks",
    about: "the cells of the lessons type-check, without lint, formatted",
    args: ["run", "--allow-all", "kernel/notebooks/types/main.ts", "lessons"],
  },
  { name: "test", about: "the tests pass", args: ["task", "--quiet", "test"] },
];

/** Runs the steps and gives the exit code. */
async function run(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    const known = steps.map(({ name }) => name).join(", ");
    console.error(`Expected names of steps (${known}), found ${unknown}`);
    return 2;
  }
  for (const { name, about, args } of steps) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`${name}: ${about}`);
    const started = performance.now();
    const { code } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd: root })
      .spawn().status;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${name}: ${code === 0 ? "ok" : "FAILED"} after ${seconds} s\n`);
    if (code !== 0) return code;
  }
  return 0;
}

if (import.meta.main) Deno.exit(await run(Deno.args));
