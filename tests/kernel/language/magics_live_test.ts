import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { errorText, printed, TestKernel } from "../relay/client.ts";
import { complete } from "./help.ts";

Deno.test("commands at the top of a cell are carried out", async (t) => {
  await using kernel = await TestKernel.start();

  await t.step("%help lists them", async () => {
    const { outputs, reply } = await kernel.run("%help");
    assertEquals(reply.status, "ok");
    for (const command of ["%help", "%time", "%types off", "%types on", "%reload"]) {
      assertStringIncludes(printed(outputs), command);
    }
  });

  await t.step("an unknown one shows the list, too", async () => {
    const { outputs, reply } = await kernel.run("\n%matplotlib inline\n1");
    assertEquals(reply.status, "error");
    const text = errorText(outputs);
    assertStringIncludes(text, 'There is no command "%matplotlib inline"');
    assertStringIncludes(text, "%reload");
    assertStringIncludes(text, ":2:1");
  });

  await t.step("%time tells how long the rest of the cell takes, after its value", async () => {
    const { outputs } = await kernel.run("%time\n21 * 2");
    assertEquals(outputs.map(({ header }) => header.msg_type), ["execute_result", "stream"]);
    assertMatch(printed(outputs), /^Time: [\d.]+ ms\n$/);
    const failing = await kernel.run("%time\n\nnope()");
    assertStringIncludes(errorText(failing.outputs), ":3:1");
    assertMatch(printed(failing.outputs), /^Time: /);
    const { reply } = kernel.request("is_complete_request", { code: "%time\nfor (;;) {" });
    assertEquals((await reply).content.status, "incomplete");
  });

  await t.step("they are completed", async () => {
    const { matches, reply } = await complete(kernel, "'𝒳'; // no\n%re");
    assertEquals(matches.filter((name) => name.startsWith("%")), []);
    assertEquals(reply.status, "ok");
    const first = await complete(kernel, "%time\n%re");
    assertEquals([first.matches, first.reply.cursor_start], [["%reload"], 6]);
    await kernel.run("const after = { leaf: 1 }");
    assertEquals((await complete(kernel, "%time\nafter.")).matches.includes("leaf"), true);
  });

  await t.step("a percent sign further down is an operator", async () => {
    assertEquals(await kernel.value("7\n% 4"), "3");
  });
});
