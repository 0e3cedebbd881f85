import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isAlive, printed, TestKernel, until } from "../relay/client.ts";
import {
  complete,
  inspect,
  isWarning,
  serversOf,
  startWithTypes,
  untilTyped,
  warning,
  warnings,
} from "./help.ts";

Deno.test("a kernel with types helps to write cells", async (t) => {
  await using kernel = await startWithTypes();
  await Deno.writeTextFile(
    `${kernel.folder}/shapes.ts`,
    "/** A round thing. */\nexport class Circle { constructor(readonly radius: number) {} }\n" +
      "export const circumference = (circle: Circle): number => circle.radius * 6;\n",
  );
  await kernel.run(`import { Circle } from "./shapes.ts";
    let gettersRun = 0;
    /**
     * Twice as much.
     * @param times How often.
     */
    function twice(amount: number, times = 1): number { return amount * 2 ** times; }
    const subject = { plain: 1, get costly(): Circle { gettersRun++; return new Circle(2); } };
    const circle = new Circle(3);
    let rate = 0.1;
    const untyped = JSON.parse('{"leaf": 1}');
    globalThis.hidden = 1;`);

  await t.step("completion falls back to what runs until types are there", async () => {
    assertEquals((await complete(kernel, "subj")).matches, ["subject"]);
  });

  await untilTyped(kernel);

  await t.step("names of earlier cells are completed, with type and documentation", async () => {
    const { matches, types, reply } = await complete(kernel, "'𝒳'; twi");
    assertEquals(matches, ["twice"]);
    assertEquals([reply.cursor_start, reply.cursor_end], [5, 8]);
    const [proposed] = types;
    assertEquals(proposed!.type, "function");
    assertStringIncludes(proposed!.signature, "twice(amount: number, times?: number): number");
    assertStringIncludes(proposed!.documentation, "Twice as much.");
  });

  await t.step("members are completed behind getters and calls, and no getter is run", async () => {
    assertEquals((await complete(kernel, "subject.costly.")).matches, ["radius"]);
    assertEquals((await complete(kernel, "new Circle(1).ra")).matches, ["radius"]);
    assert((await complete(kernel, "subject.")).matches.includes("costly"));
    const costly = await inspect(kernel, "subject.costly");
    assertEquals(costly["text/plain"], "(property) costly: Circle");
    assertEquals(await kernel.value("gettersRun"), "0");
  });

  await t.step("a name of the cell itself hides an earlier one", async () => {
    assertEquals((await complete(kernel, "const circle = 'text'; circle.trimE")).matches, [
      "trimEnd",
    ]);
  });

  await t.step("what has no type is completed as it runs", async () => {
    assertEquals((await complete(kernel, "untyped.le")).matches, ["leaf"]);
    assertEquals((await complete(kernel, "hidd")).matches, ["hidden"]);
  });

  await t.step("members of what may be missing, and private ones, are completed", async () => {
    const maybe = await complete(kernel, "[circle].at(0).");
    assertEquals([maybe.matches, maybe.reply.cursor_start], [["?.radius"], 14]);
    assertEquals((await complete(kernel, "[circle].at(0).ra")).matches, ["?.radius"]);
    const secret = await complete(kernel, "class A { #secret = 1; tell() { this.#se");
    assertEquals([secret.matches, secret.reply.cursor_start], [["#secret"], 37]);
  });

  await t.step("one can write while a cell runs, even if nothing else gets a turn", async () => {
    const running = kernel.submit("const later = circle; console.log('begun'); for (;;);");
    await until(() => printed(kernel.outputsOf(running)) === "begun\n");
    assertEquals((await complete(kernel, "circle.ra")).matches, ["radius"]);
    assertEquals((await complete(kernel, "later.ra")).matches, ["radius"]);
    assertEquals((await inspect(kernel, "circle"))["text/plain"], "const circle: Circle");
    await kernel.interrupt();
    assertEquals((await kernel.finish(running)).reply.ename, "KeyboardInterrupt");
  });

  await t.step("in text nothing is proposed that runs", async () => {
    for (const code of ['"circ', "// circ", "const text = `circle.ra", 'import { x } from "']) {
      const { matches, reply } = await complete(kernel, code);
      assertEquals([reply.status, matches.filter((name) => /^[\w$]/.test(name))], ["ok", []]);
    }
    assertEquals(await inspect(kernel, '"rate"', 3), {});
    assertEquals((await complete(kernel, "`${circle.ra")).matches, ["radius"]);
  });

  await t.step("a cursor that isn't in the cell counts as at its end", async () => {
    for (const position of [99, -1]) {
      assertEquals((await complete(kernel, "circle.ra", position)).matches, ["radius"]);
    }
  });

  await t.step("modules and what they export are completed", async () => {
    const module = await complete(kernel, 'import { x } from "./sha"', 24);
    assertEquals(module.matches, ["./shapes.ts"]);
    assertEquals(module.reply.cursor_start, 19);
    const names = await complete(kernel, 'import { circ } from "./shapes.ts";', 13);
    assertEquals(names.matches.filter((name) => /^c/i.test(name)), ["Circle", "circumference"]);
  });

  await t.step("hover tells type, documentation and value; a call its signature", async () => {
    const circle = await inspect(kernel, "circle.radius", 3);
    assertEquals(circle["text/plain"], "const circle: Circle\n\nNow: Circle { radius }");
    assertStringIncludes(circle["text/markdown"]!, "```tsx\nconst circle: Circle\n```");
    assertStringIncludes((await inspect(kernel, "new Circle(1)", 8))["text/plain"]!, "A round");
    assertStringIncludes((await inspect(kernel, "rate"))["text/plain"]!, "Now: 0.1");
    const call = await inspect(kernel, "twice(1, ");
    assertMatch(call["text/plain"]!, /^twice\(amount: number, times\?: number\): number/);
    assertStringIncludes(call["text/plain"]!, "`times?: number`: How often.\n\nTwice as much.");
    assertEquals(await inspect(kernel, "+ "), {});
  });

  await t.step("a mistake is warned of, at its line, and the cell runs", async () => {
    const ran = await kernel.run('rate = 0.2;\n\nconst wrong: number = "text"; rate');
    const text = await warning(ran);
    assertMatch(text, /^⚠ TS2322 at Cell \[\d+\]:3:7: Type 'string' is not assignable to type/);
    assertStringIncludes(text, '      3 | const wrong: number = "text"; rate\n');
    assertStringIncludes(text, "\n        |       ~~~~~");
    assertEquals(ran.reply.status, "ok");
  });

  await t.step("a server that isn't busy warns before the output", async () => {
    await until(async () => {
      const ran = await kernel.run('console.log("out"); circle.nope');
      await warning(ran);
      return ran.outputs[0] !== undefined && isWarning(ran.outputs[0]);
    }, 60_000);
  });

  await t.step("names are known as the last cell left them", async () => {
    await kernel.run("const circle = 'now a text'; class Late {}; let count = 1;");
    const { reply } = await kernel.run("count = 2; new Late(); circle.length + count");
    assertEquals(reply.status, "ok");
    assertMatch(await warning(await kernel.run("circle.radius")), /'radius'.*not exist.*a text/);
    assertMatch(await warning(await kernel.run("count = 'x'")), /'string'.*'number'/);
  });

  await t.step("what is allowed in a cell is not warned of", async () => {
    const fine = [
      "const unused = 1; const unused2 = 2;",
      "const unused = 'again'; await Promise.resolve(unused);",
      "function loose(anything) { return anything; }",
      "let items = []; items.push(1);",
      "items.length; hidden; rate = 3;",
      "{ a: 1, b: unused }",
      "{ const inner = circle; inner.length; }",
      "{ twice(1); twice(2); }",
      "Deno.jupyter.display({}); import.meta.url; for await (const each of [1]) each;",
      "export const exported = 1; export { exported as again };",
      "exported; import type { Circle as Round } from './shapes.ts'; const r: Round = new Circle(1);",
      "// @ts-nocheck\nunused.nope",
      "interface Point { x: number }\nconst point: Point = { x: 1 };",
      "const moved: Point = { ...point, x: 2 };",
    ];
    const all = [];
    for (const code of fine) all.push(await kernel.run(code));
    // The warning of a later cell tells that those before it were checked.
    await warning(await kernel.run("point.nope"));
    assertEquals(all.flatMap(warnings), []);
  });

  await t.step("a server that is killed comes back, and nobody notices", async () => {
    const [server] = await serversOf(kernel);
    Deno.kill(server!, "SIGKILL");
    assertMatch(await warning(await kernel.run("twice('x')")), /'string'.*'number'/);
    await untilTyped(kernel);
    assertEquals((await complete(kernel, "new Circle(1).ra")).matches, ["radius"]);
    const [other, ...more] = await serversOf(kernel);
    assert(other !== undefined && other !== server);
    assertEquals(more, []);
  });

  await t.step("%types off ends the server, %types on brings it back with all names", async () => {
    const [server] = await serversOf(kernel);
    assertEquals(warnings(await kernel.run("%types off\npoint.nope")), []);
    await until(async () => !await isAlive(server!));
    assertEquals((await complete(kernel, "poi")).matches, ["point"]);
    await kernel.run("const quiet = 1");
    assertMatch(await warning(await kernel.run("%types on\nquiet.nope")), /:2:7: .*'nope'/);
  });

  await t.step("the server ends with the kernel", async () => {
    const [server] = await serversOf(kernel);
    kernel.process.kill("SIGKILL");
    await kernel.process.status;
    await until(async () => !await isAlive(server!), 10_000);
  });
});

Deno.test("the server ends when the kernel is asked to end, even while it starts", async () => {
  await using kernel = await startWithTypes();
  await complete(kernel, "Mat");
  const [server] = await serversOf(kernel);
  await kernel.shutdown();
  assert(server !== undefined && !await isAlive(server));
});

Deno.test("a kernel without types starts no server", async () => {
  await using kernel = await TestKernel.start();
  const ran = await kernel.run("const wrong: number = 'x'; wrong");
  assertEquals((await complete(kernel, "wro")).matches, ["wrong"]);
  assertEquals((await complete(kernel, "wro")).types, []);
  assertEquals(await inspect(kernel, "wrong"), { "text/plain": 'wrong: string = "x"' });
  assertEquals(warnings(ran), []);
  assertEquals(await serversOf(kernel), []);
});
