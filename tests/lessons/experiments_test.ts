import "./without_blas.ts";
import {
  type Claim,
  type Experiment,
  judge,
  readRuns,
  type RunFile,
  withoutTiming,
} from "@tunebook/experiments";
import { assert, assertEquals } from "@std/assert";
import { lessonFolders } from "./lessons.ts";

type AnyExperiment = Experiment<Record<string, unknown>, unknown>;

const full = Deno.env.get("TUNEBOOK_TEST") === "full";

for (const { name, folder } of lessonFolders()) {
  const files = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  if (!files.has("experiment.ts")) continue;
  const { experiment } = await import(new URL("experiment.ts", folder).href) as {
    experiment: AnyExperiment;
  };
  const { claims } = await import(new URL("claims.ts", folder).href) as { claims: Claim[] };
  const results = await readRuns<Record<string, unknown>, unknown>(
    new URL("experiment.json", folder),
    { experiment: experiment.name, version: experiment.version },
  );

  Deno.test(`${name}: its experiment's results are all there`, () => {
    assert(results);
    assertEquals(results.rows.map(({ key }) => key), [
      ...experiment.quickRows,
      ...experiment.rows,
    ]);
  });

  for (const claim of claims) {
    Deno.test(`claim ${claim.id}: ${claim.finding.outcome}`, () => {
      const { outcome, effect, conditions } = judge(claim, rowsOf(results!, experiment));
      assertEquals(outcome, claim.finding.outcome, JSON.stringify({ effect, conditions }));
      assert(claim.finding.text.length > 20, "say what was found");
    });
  }

  const again = full ? experiment.rows.filter((key) => experiment.oneSeed(key)) : [];
  for (const key of [...experiment.quickRows, ...again]) {
    Deno.test(`${name}: running ${JSON.stringify(key)} again gives the same numbers`, async () => {
      const stored = results!.rows.find((row) => JSON.stringify(row.key) === JSON.stringify(key));
      const value = JSON.parse(JSON.stringify(await experiment.run(key)));
      assertEquals(withoutTiming(value), withoutTiming(stored?.value));
    });
  }
}

function rowsOf(
  { rows }: RunFile<Record<string, unknown>, unknown>,
  { quickRows }: AnyExperiment,
) {
  const quick = quickRows.map((key) => JSON.stringify(key));
  return rows.filter(({ key }) => !quick.includes(JSON.stringify(key)));
}
