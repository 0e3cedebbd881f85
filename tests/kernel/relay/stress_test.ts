import { assertEquals } from "@std/assert";
import { printed, TestKernel } from "./client.ts";

const FULL = Deno.env.get("TUNEBOOK_TEST") === "full";

Deno.test("queued cells of every kind lose and misplace nothing", async () => {
  await using kernel = await TestKernel.start();
  await kernel.value("0");
  const count = FULL ? 2_000 : 200;
  const requests = Array.from({ length: count }, (_, n) => {
    const code = [
      `console.log("n${n}"); ${n}`,
      `for (let i = 0; i < 30; i++) console.log("n${n}", i)`,
      `await new Promise((done) => setTimeout(done, 1)); console.error("n${n}"); ${n}`,
      `Deno.jupyter.broadcast("display_data", { data: { "text/plain": "n${n}" }, metadata: {}, transient: {} })`,
      `console.log("n${n}"); throw new Error("n${n}")`,
      `await Deno.jupyter.display({ "text/html": "n${n}".repeat(5000) }, { raw: true })`,
      `setTimeout(() => console.log("n${n}")); await new Promise((done) => setTimeout(done, 5))`,
    ][n % 7]!;
    return kernel.submit(code, { stop_on_error: false });
  });
  let wrong = 0;
  let late = 0;
  for (const [n, request] of requests.entries()) {
    const { outputs, reply } = await kernel.finish(request);
    const kinds = outputs.map(({ header }) => header.msg_type).join();
    const expected = [
      "stream,execute_result",
      "stream",
      "stream,execute_result",
      "display_data",
      "stream,error",
      "display_data",
      "stream",
    ][n % 7];
    const strange = outputs.some(({ content }) => !JSON.stringify(content).includes(`${n}`));
    const lines = n % 7 === 1 ? printed(outputs).split("\n").length - 1 : 30;
    const status = n % 7 === 4 ? "error" : "ok";
    if (kinds !== expected || strange || lines !== 30 || reply.status !== status) wrong++;
    late += request.late.length;
  }
  assertEquals({ wrong, late }, { wrong: 0, late: 0 });
});
