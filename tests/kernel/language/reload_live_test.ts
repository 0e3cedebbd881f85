import { dirname } from "node:path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { errorText, printed, TestKernel } from "../relay/client.ts";

Deno.test("%reload loads edited modules and their importers, and keeps the state", async () => {
  await using kernel = await TestKernel.start();
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${kernel.folder}/${name}`, text);
  await write("inner.ts", "export const inner = () => 'old';");
  await write(
    "outer.ts",
    "import { inner } from './inner.ts'; export const outer = () => inner();",
  );
  await write("other.ts", "export const counter = { count: 0 };");
  await kernel.run(`import { outer as run } from "./outer.ts"; import { counter } from "./other.ts";
    import * as all from "./outer.ts"; const kept = [run()]; counter.count = 7;`);

  assertStringIncludes(printed((await kernel.run("%reload")).outputs), "Nothing");

  await write("inner.ts", "export const inner = () => 'new';");
  const { outputs } = await kernel.run("%reload\nconsole.log(run(), all.outer(), kept, counter)");
  assertEquals(
    printed(outputs),
    'Loaded again: inner.ts; bound again: run, all\nnew new [ "old" ] { count: 7 }\n',
  );
  assertEquals(await kernel.value('(await import("./outer.ts")).outer()'), '"new"');
  assertStringIncludes(printed((await kernel.run("%reload")).outputs), "Nothing");

  // A mistake in a module is told when it is loaded; once mended, it is loaded again.
  await write("outer.ts", "export const outer = (");
  assertEquals((await kernel.run("%reload")).reply.status, "error");
  await write("outer.ts", "export const outer = () => 'mended';");
  await kernel.run("%reload");
  assertEquals(await kernel.value("run()"), '"mended"');
});

Deno.test("%reload binds what a mistake in another module has kept from being bound", async () => {
  await using kernel = await TestKernel.start();
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${kernel.folder}/${name}`, text);
  await write("first.ts", "export const first = () => 1;");
  await write("second.ts", "export const second = () => 1;");
  await kernel.run('import { first } from "./first.ts"; import { second } from "./second.ts";');
  await write("first.ts", "export const first = (");
  await write("second.ts", "export const second = () => 2;");
  assertEquals((await kernel.run("%reload")).reply.status, "error");
  assertEquals(await kernel.value("[first(), second()]"), "[ 1, 1 ]");

  await write("first.ts", "export const first = () => 2;");
  const { outputs } = await kernel.run("%reload\nconsole.log(first(), second())");
  assertEquals(printed(outputs), "Loaded again: first.ts; bound again: first, second\n2 2\n");
  assertStringIncludes(printed((await kernel.run("%reload")).outputs), "Nothing");

  // One that is gone is told once, by the cell.
  await write("second.ts", "export const other = () => 2;");
  const gone = await kernel.run("%reload");
  assertStringIncludes(errorText(gone.outputs), "no export named 'second'");
  assertEquals(gone.outputs.map(({ header }) => header.msg_type), ["stream", "error"]);

  await write("deno.json", "{ broken");
  const broken = await kernel.run("%reload");
  assertStringIncludes(errorText(broken.outputs), "deno.json");
  assertEquals(await kernel.value("[first(), second()]"), "[ 2, 2 ]");
});

Deno.test("%reload loads a folder of the import map as a whole, and no other", async () => {
  await using kernel = await TestKernel.start();
  const write = async (name: string, text: string) => {
    const path = `${kernel.folder}/${name}`;
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  };
  const shapes = { "@a/shapes": "./shapes/mod.ts", "@a/base": "./base/mod.ts" };
  await write("deno.json", JSON.stringify({ imports: shapes }));
  await write("base/mod.ts", "export class Base {}");
  await write("shapes/mod.ts", "export * from './circle.ts'; export * from './registry.ts';");
  await write("shapes/registry.ts", "export const known: string[] = [];");
  const circle = (sides: number) =>
    "import { known } from './registry.ts'; import { Base } from '@a/base';" +
    "if (known.length > 0) throw new Error('I know it already'); known.push('circle');" +
    `export class Circle extends Base { sides = ${sides}; }`;
  await write("shapes/circle.ts", circle(1));
  await kernel.run("Deno.exit()"); // The next process reads the configuration.

  await kernel.run(
    "import { Circle } from '@a/shapes'; import { Base } from '@a/base';" +
      "const First = Circle, first = new Circle();",
  );
  await write("shapes/circle.ts", circle(2));
  const { outputs, reply } = await kernel.run(
    "%reload\nconsole.log(First === Circle, first.sides, new Circle().sides,\n" +
      "  first instanceof Base, new Circle() instanceof Base)",
  );
  assertEquals(reply.status, "ok");
  assertEquals(
    printed(outputs),
    "Loaded again: circle.ts; bound again: Circle\nfalse 1 2 true true\n",
  );
});
