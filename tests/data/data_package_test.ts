import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createTarGzip } from "nanotar";
import { archiveName, type DataPackage, readDataPackage } from "../../lib/data/data_package.ts";

/** A registry on this machine that offers one package, and counts how often it is asked. */
async function withRegistry(
  run: (place: {
    source: DataPackage;
    folder: string;
    registry: string;
    asked: string[];
    said: string[];
    onDownload: (line: string) => void;
  }) => Promise<void>,
  answer?: (archive: Uint8Array<ArrayBuffer>) => Response,
): Promise<void> {
  const archive = new Uint8Array(
    await createTarGzip([
      { name: "package/data/one.json", data: '{"one":1}' },
      { name: "package/README.md", data: "not wanted" },
    ]),
  );
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", archive));
  const source: DataPackage = {
    name: "@sea/charts",
    version: "1.2.3",
    integrity: `sha512-${digest.toBase64()}`,
    bytes: archive.length,
  };
  const asked: string[] = [];
  const said: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return answer?.(archive) ?? new Response(archive);
  });
  const folder = await Deno.makeTempDir();
  try {
    const registry = `http://127.0.0.1:${server.addr.port}`;
    const onDownload = (line: string) => said.push(line);
    await run({ source, folder, registry, asked, said, onDownload });
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

const isJson = (path: string) => path.endsWith(".json");

Deno.test("a package is downloaded once, and only its wanted files are read", async () => {
  await withRegistry(async ({ source, asked, said, ...options }) => {
    for (let time = 0; time < 2; time++) {
      const files = await readDataPackage(source, isJson, options);
      assertEquals(files.map(({ path }) => path), ["data/one.json"]);
      assertEquals(new TextDecoder().decode(files[0]!.bytes), '{"one":1}');
    }
    assertEquals(asked, ["/@sea/charts/-/charts-1.2.3.tgz"]);
    assertEquals(said, ["Downloading @sea/charts 1.2.3 (1 kB, only this once) …"]);
  });
});

Deno.test("a damaged archive in the cache is downloaded anew", async () => {
  await withRegistry(async ({ source, asked, ...options }) => {
    await Deno.writeTextFile(`${options.folder}/${archiveName(source)}`, "half a file");
    await readDataPackage(source, isJson, options);
    assertEquals(asked.length, 1);
    assertEquals([...Deno.readDirSync(options.folder)].length, 1);
  });
});

Deno.test("an archive saved by hand needs no network", async () => {
  await withRegistry(async ({ source, registry, ...options }) => {
    await readDataPackage(source, isJson, { registry, ...options });
    const offline = { ...options, registry: "http://127.0.0.1:1" };
    assertEquals((await readDataPackage(source, isJson, offline)).length, 1);
  });
});

Deno.test("no network: the message names the package, the address and what to do", async () => {
  await withRegistry(async ({ source, ...options }) => {
    const offline = { ...options, registry: "http://127.0.0.1:1" };
    const error = await assertRejects(() => readDataPackage(source, isJson, offline), Error);
    for (
      const part of [
        "@sea/charts 1.2.3",
        "NPM_CONFIG_REGISTRY",
        "http://127.0.0.1:1/@sea/charts/-/charts-1.2.3.tgz",
        `${options.folder}/${archiveName(source)}`,
      ]
    ) assertStringIncludes(error.message, part);
  });
});

const wrongAnswers: Record<
  string,
  [answer: (archive: Uint8Array<ArrayBuffer>) => Response, string]
> = {
  "an error page": [() => new Response("no", { status: 404 }), "answered 404"],
  "other content": [(archive) => new Response(archive.toReversed()), "Expected the checksum"],
  "half the content": [
    (archive) => new Response(archive.subarray(0, 50)),
    "Expected the checksum",
  ],
  "more than agreed": [
    (archive) => new Response(new Uint8Array(archive.length + 1)),
    `it sent more`,
  ],
};

for (const [name, [answer, message]] of Object.entries(wrongAnswers)) {
  Deno.test(`${name} from the registry is refused and not kept`, async () => {
    await withRegistry(async ({ source, ...options }) => {
      await assertRejects(() => readDataPackage(source, isJson, options), Error, message);
      assertEquals([...Deno.readDirSync(options.folder)], []);
    }, answer);
  });
}

Deno.test("without permissions the module loads, and data says how to give them", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "tests/data/without_permissions.ts"],
    cwd: new URL("../../", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assertEquals(lines.length, 3);
  for (const line of lines) assertStringIncludes(line, "`deno test -A`");
});

Deno.test("the lock file names no data package, so that none is downloaded unasked", async () => {
  const lock = await Deno.readTextFile(new URL("../../deno.lock", import.meta.url));
  for (const name of ["@stdlib/", "fashion-mnist", '"mnist', '"sentiment']) {
    assert(!lock.includes(name), `${name} stands in deno.lock`);
  }
});
