import {
  type Answers,
  type ExerciseDefinition,
  type Proofs,
  proveChecks,
} from "@tunebook/notebook";
import { lessonFolders } from "./lessons.ts";

// deno-lint-ignore no-explicit-any -- exercises differ in what they take
type Checks = Record<string, ExerciseDefinition<any, any>>;

// Checks draw their inputs afresh, so each is proved many times.
const ROUNDS = Deno.env.get("TUNEBOOK_TEST") === "full" ? 200 : 20;

for (const { name, folder } of lessonFolders()) {
  Deno.test(`${name}: its checks accept right answers and catch each misconception`, async () => {
    const { checks } = await import(new URL("checks.ts", folder).href) as { checks: Checks };
    const exercises: Answers<Checks> = await import(new URL("exercises.ts", folder).href);
    const solutions: Answers<Checks> = await import(new URL("solutions.ts", folder).href);
    const { proofs }: { proofs: Proofs<Checks> } = await import(`./${name}/proofs.ts`);
    for (let round = 0; round < ROUNDS; round++) {
      await proveChecks({ checks, exercises, solutions, proofs });
    }
  });
}
