/**
 * `deno task compare`: compares methods of fine-tuning on the base model.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { addressesFor } from "@tunebook/data";
import {
  compareMethods,
  type CompareProgress,
  COMPARISON,
  comparisonFigures,
  comparisonTable,
  methodNamed,
  METHODS,
  readRuns,
  RunFileError,
  type RunSize,
} from "@tunebook/experiments";
import { formatDuration } from "../../lib/notebook/duration.ts";
import { plotHtml } from "../../lib/notebook/plot_html.ts";
import { plotlyScript } from "../renderer/plotly_script.ts";
import { MODELS, TASKS } from "./choices.ts";

const HELP = `Usage: deno task compare [options]

Compares methods of fine-tuning: each at the learning rate that validation chooses for it, over
several seeds. Prints a table; writes it, all runs and figures to a folder. Run again, it goes on
where it was stopped.

  --task <names>     of ${Object.keys(TASKS).join(", ")} (default agreement)
  --methods <names>  of ${[...METHODS.keys()].join(", ")}
                     (default all)
  --models <names>   of ${Object.keys(MODELS).join(", ")} (default base)
  --seeds <n>        how many runs each (default 5)
  --labels <n>       training examples (default 200)
  --quick            a first look: full, head and lora, 2 seeds, 50 labels, few steps
  --out <folder>     where results go (default dist/compare)
  --help             show this

Names are separated by commas. Exit codes: 0 done, 2 wrong usage or another experiment's file.`;

/** Wrong words on the command line. */
class UsageError extends Error {}

/**
 * The whole command.
 *
 * @returns The exit code.
 */
export async function compare(args: readonly string[]): Promise<number> {
  try {
    const settings = readSettings(args);
    if (!settings) {
      console.log(HELP);
      return 0;
    }
    await run(settings);
    return 0;
  } catch (error) {
    const usage = error instanceof UsageError || error instanceof RunFileError ||
      (error instanceof TypeError && "code" in error);
    if (!usage) throw error;
    console.error((error as Error).message);
    return 2;
  }
}

/** What the command line asks for. */
interface Settings {
  tasks: string[];
  methods: string[];
  models: string[];
  seeds: number;
  size: RunSize;
  out: string;
}

function readSettings(args: readonly string[]): Settings | undefined {
  const text = { type: "string" } as const, flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ task: text, methods: text, models: text, seeds: text, labels: text, out: text },
      ...{ quick: flag, help: flag },
    },
  });
  if (values.help) return undefined;
  const quick = values.quick;
  const methods = names("methods", values.methods, METHODS.keys());
  return {
    tasks: names("task", values.task, Object.keys(TASKS)) ?? ["agreement"],
    methods: methods ?? (quick ? ["full", "head", "lora"] : [...METHODS.keys()]),
    models: names("models", values.models, Object.keys(MODELS)) ?? ["base"],
    seeds: count("seeds", values.seeds) ?? (quick ? 2 : 5),
    size: {
      labels: count("labels", values.labels) ?? (quick ? 50 : 200),
      epochs: quick ? 6 : 10,
      batchSize: 16,
      validationExamples: quick ? 60 : 200,
      testExamples: quick ? 200 : 800,
    },
    out: values.out ?? "dist/compare",
  };
}

function names(
  option: string,
  given: string | undefined,
  known: Iterable<string>,
): string[] | undefined {
  if (given === undefined) return undefined;
  const all = [...known], wanted = given.split(",").map((name) => name.trim());
  const wrong = wanted.find((name) => !all.includes(name));
  if (wrong === undefined) return wanted;
  throw new UsageError(
    `Expected --${option} to be of ${all.join(", ")} but found ${JSON.stringify(wrong)}`,
  );
}

function count(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new UsageError(`Expected --${option} to be a whole number above 0 but found ${given}`);
}

async function run({ tasks, methods, models, seeds, size, out }: Settings): Promise<void> {
  const file = `${out}/runs.json`;
  await readRuns(file, COMPARISON); // refused before anything is loaded
  const rows = await compareMethods({
    file,
    models: await Promise.all(models.map((name) => MODELS[name]!())),
    tasks: await Promise.all(tasks.map((name) => TASKS[name]!())),
    methods: methods.map(methodNamed),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    size,
    generalText: (await addressesFor("validation")).column("text"),
    onProgress: show,
  });
  // The runs' own, which may be of another day or machine.
  const { date, machine } = (await readRuns(file, COMPARISON))!;
  const table = comparisonTable(rows), { processor, cores, deno, engine } = machine;
  const about = `${size.labels} labels, ${seeds} seeds, ${size.epochs} epochs; ${processor}, ` +
    `${cores} cores, Deno ${deno}, BLAS ${engine.blas}`;
  console.log(`\n${table}\n\n${about}`);
  await Deno.writeTextFile(`${out}/table.md`, `${table}\n\n${about}\n`);
  const whole = JSON.stringify({ date, machine, size, rows }, null, 2);
  await Deno.writeTextFile(`${out}/table.json`, `${whole}\n`);
  const figures = [...comparisonFigures(rows).values()]
    .map(({ data, layout = {}, config = {} }) => plotHtml({ data, layout, config }));
  const script = `<script>${(await plotlyScript()).replaceAll("</script", "<\\/script")}</script>`;
  const page = ["<!doctype html><meta charset=utf-8>", script, ...figures].join("\n");
  await Deno.writeTextFile(`${out}/figures.html`, page);
  console.log(`Written to ${out}: runs.json, table.md, table.json, figures.html`);
}

function show({ done, total, secondsLeft, label }: CompareProgress): void {
  const left = Number.isFinite(secondsLeft)
    ? `, about ${formatDuration(1000 * secondsLeft)} left`
    : "";
  console.log(`${done} of ${total}${left}: ${label}`);
}
