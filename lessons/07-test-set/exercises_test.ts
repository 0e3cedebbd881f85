import { testExercises } from "@tunebook/notebook";
import { checks } from "./checks.ts";
import * as exercises from "./exercises.ts";
import * as solutions from "./solutions.ts";

await testExercises(checks, exercises, solutions);
