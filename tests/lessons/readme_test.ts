import { type Claim, type Experiment, judge, readRuns } from "@tunebook/experiments";
import { assertEquals } from "@std/assert";
import { type LessonFolder, lessonFolders, root } from "./lessons.ts";

const page = new URL("lessons/README.md", root);
const MARKS = /(<!-- claims -->\n)[\s\S]*?(<!-- \/claims -->)/;

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

const rows = (await Promise.all(lessonFolders().map(claimRows))).flat();
const table = [
  "| claim | what is said | effect | it | what we found |",
  "| --- | --- | --- | --- | --- |",
  ...rows,
  "",
].join("\n");

// After new results: TUNEBOOK_WRITE=1 deno test -A tests/lessons/readme_test.ts
if (Deno.env.get("TUNEBOOK_WRITE") === "1") {
  const text = await Deno.readTextFile(page);
  await Deno.writeTextFile(page, text.replace(MARKS, (_, open, close) => open + table + close));
}

Deno.test("the lessons' page says what each claim came to", async () => {
  const [, , ...stored] = cellsOf((await Deno.readTextFile(page)).match(MARKS)![0]);
  const [, , ...computed] = cellsOf(table);
  assertEquals(stored, computed);
});

/** The rows of a table in Markdown, however wide its columns are. */
function cellsOf(text: string): string[][] {
  return text.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}
