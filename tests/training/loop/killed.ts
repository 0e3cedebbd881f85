/**
 * A run in a process of its own, for a test to kill: `killed.ts FOLDER`. It saves after every step,
 * prints a line a step, and at the end what came out.
 */
import { fullRun, traceOf } from "./run.ts";

const [folder] = Deno.args;
const { trainer, model } = fullRun({
  epochs: 30,
  checkpoints: { folder: folder!, everySteps: 1, resume: true },
  callbacks: [{ onStep: ({ step }) => console.log(`step ${step}`) }],
});
await trainer.run();
console.log(JSON.stringify(traceOf(trainer, model)));
