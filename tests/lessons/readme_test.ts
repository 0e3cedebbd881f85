import { type Claim, type Experiment, judge, readRuns } from "@tunebook/experiments";
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { readMinutes } from "../../kernel/notebooks/minutes.ts";
import { readNotebook } from "../../kernel/notebooks/read.ts";
import { type LessonFolder, lessonFolders, root } from "./lessons.ts";

const page = new URL("lessons/README.md", root);

/** The part of the page that is computed, between its marks. */
function marks(part: "claims" | "minutes"): RegExp {
  return new RegExp(`(<!-- ${part} -->\\n)[\\s\\S]*?(<!-- /${part} -->)`);
}

/** The table of a lesson's claims, computed from its experiment's results. */
async function claimRows({ name, folder }: LessonFolder): Promise<string[]> {
  if (![...Deno.readDirSync(folder)].some(({ name }) => name === "claims.ts")) return [];
  const { claims } = await import(new URL("claims.ts", folder).href) as { claims: Claim[] };
  const { experiment } = await import(new URL("experiment.ts", folder).href) as {
    experiment: Experiment<Record<string, unknown>, unknown>;
  };
  const results = await readRuns(new URL("experiment.json", folder), {
    experiment: experiment.name,
    version: experiment.version,
  });
  const quick = experiment.quickRows.map((key) => JSON.stringify(key));
  const rows = results!.rows.filter(({ key }) => !quick.includes(JSON.stringify(key)));
  return claims.map((claim) => {
    const { effect: { value, low, high }, outcome } = judge(claim, rows);
    const number = (x: number) => Number.isFinite(x) ? Number(x.toPrecision(3)).toString() : "";
    const range = Number.isFinite(low) ? ` (${number(low)} to ${number(high)})` : "";
    const said = claim.finding.text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
    return `| [${claim.id}](${name}/lesson.ipynb) | ${claim.claim} | ${number(value)}${range} | ` +
      `**${outcome}** | ${said} |`;
  });
}

/** A lesson's minutes: as its first cell states them, and as its cells took in both kernels. */
async function minutesRow({ name, folder }: LessonFolder): Promise<string> {
  const { cells } = await readNotebook(fileURLToPath(new URL("lesson.ipynb", folder)));
  const stated = /(?<=Minutes:\*\* about )\d+|\d+(?= minutes)/.exec(cells[0]!.source)?.[0];
  assert(stated !== undefined, `lesson ${name} doesn't say how long it takes`);
  const { date, machine, load, kernels } = measured[name] ?? {};
  const times = ["tunebook", "stock"].map((kernel) => kernels?.[kernel]).map((times) =>
    times ? `${times.firstPlot?.toFixed(1)}, ${times.all.toFixed(0)}` : ""
  );
  return `| [${name.slice(0, 2)}](${name}/lesson.ipynb) | ${stated} | ${times.join(" | ")} | ` +
    `${date ? `${date}, ${machine}, load ${load}` : ""} |`;
}

const measured = await readMinutes(new URL("minutes.json", page));
const minutesTable = [
  "| lesson | minutes | our kernel: first plot, all (s) | Deno's: first plot, all (s) | measured |",
  "| --- | --: | --: | --: | --- |",
  ...await Promise.all(lessonFolders().map(minutesRow)),
  "",
].join("\n");

const rows = (await Promise.all(lessonFolders().map(claimRows))).flat();
const claimsTable = [
  "| claim | what is said | effect | it | what we found |",
  "| --- | --- | --- | --- | --- |",
  ...rows,
  "",
].join("\n");

const tables = { claims: claimsTable, minutes: minutesTable } as const;

// After new results: TUNEBOOK_WRITE=1 deno test -A tests/lessons/readme_test.ts, then deno fmt
if (Deno.env.get("TUNEBOOK_WRITE") === "1") {
  let text = await Deno.readTextFile(page);
  for (const [part, table] of Object.entries(tables)) {
    const place = marks(part as keyof typeof tables);
    text = text.replace(place, (_, open, close) => `${open}\n${table}\n${close}`);
  }
  await Deno.writeTextFile(page, text);
}

for (const [part, table] of Object.entries(tables)) {
  const what = part === "claims" ? "what each claim came to" : "how long each lesson takes";
  Deno.test(`the lessons' page says ${what}`, async () => {
    const place = marks(part as keyof typeof tables);
    const [, , ...stored] = cellsOf((await Deno.readTextFile(page)).match(place)![0]);
    const [, , ...computed] = cellsOf(table);
    assertEquals(stored, computed);
  });
}

/** The rows of a table in Markdown, however wide its columns are. */
function cellsOf(text: string): string[][] {
  return text.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}
