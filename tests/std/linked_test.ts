/**
 * Deno passes over a linked package whose version lies outside the import's
 * range with no more than a warning: then every import would go to JSR.
 */
import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);
const read = async (path: string) => JSON.parse(await Deno.readTextFile(new URL(path, root)));

for (const name of ["@std/assert", "@std/csv"]) {
  const folder = `./lib/std/${name.split("/")[1]}`;

  Deno.test(`${name} is linked: its version lies in the import's range`, async () => {
    const { imports, links } = await read("deno.json");
    const { name: linkedName, version } = await read(`${folder}/deno.json`);
    assert(links.includes(folder), `deno.json does not link ${folder}`);
    assertEquals(linkedName, name);
    assertEquals(
      import.meta.resolve(name),
      new URL(`${folder}/mod.ts`, root).href,
      `is ${version}, the linked version, outside the range of ${imports[name]}?`,
    );
  });
}
