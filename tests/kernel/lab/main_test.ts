import { assert, assertEquals, assertRejects } from "@std/assert";
import { LabError } from "../../../kernel/lab/errors.ts";
import { ensureLab } from "../../../kernel/lab/lab.ts";
import { readKernelSpec } from "../../../kernel/lab/kernelspec.ts";
import {
  fakePython,
  freePort,
  makeCheckout,
  ON_WINDOWS,
  realPython,
  runIn,
  TemporaryFolder,
} from "./helpers.ts";

/** Runs `deno task lab` in a checkout. */
const lab = (folder: TemporaryFolder, args: string[], env: Record<string, string> = {}) =>
  runIn(folder, "main.ts", ["--allow-root", "--no-browser", ...args], { env });

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("lab refuses what can't work before it installs anything", async (t) => {
  await using folder = new TemporaryFolder();
  await makeCheckout(folder);
  await t.step("a port in use", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { code, output } = await lab(folder, [`--port=${taken.addr.port}`]);
    assertEquals(code, 1);
    assert(output.startsWith(`Port ${taken.addr.port} is in use`), output);
  });
  await t.step("a lesson that doesn't exist", async () => {
    const { code, output } = await runIn(folder, "main.ts", ["99", "--allow-root"]);
    assertEquals(code, 1);
    assert(output.includes('no lesson "99". The lessons are: 00-small'), output);
  });
  await t.step({
    name: "being root",
    ignore: Deno.uid() !== 0,
    async fn() {
      const { code, output } = await runIn(folder, "main.ts", []);
      assertEquals(code, 1);
      assert(output.includes("You are root") && output.includes("--allow-root"), output);
    },
  });
  await t.step("but it does help", async () => {
    const { code, output } = await runIn(folder, "main.ts", ["--help"]);
    assertEquals(code, 0);
    assert(output.includes("deno task lab [lesson]"), output);
  });
  assertEquals(await exists(folder.join(".venv")), false);
  assertEquals(await exists(folder.join("my")), false);
});

Deno.test("lab says which Python it misses", { ignore: ON_WINDOWS }, async (t) => {
  await using folder = new TemporaryFolder();
  await makeCheckout(folder);
  await Deno.mkdir(folder.join("bin"));
  const PATH = folder.join("bin");
  await t.step("none at all", async () => {
    const { code, output } = await lab(folder, [], { PATH });
    assertEquals(code, 1);
    assert(output.includes("no Python was found (tried python3, python, "), output);
  });
  await t.step("the one that was named", async () => {
    const { output } = await lab(folder, [], { TUNEBOOK_PYTHON: "/no/such/python" });
    assert(output.includes("(tried /no/such/python)"), output);
  });
  await t.step("only an old one", async () => {
    await fakePython(folder, "bin/python3", "3.8.10");
    const { code, output } = await lab(folder, [], { PATH });
    assertEquals(code, 1);
    assert(output.includes("python3 is Python 3.8.10"), output);
  });
  await t.step("one without ensurepip", async () => {
    const options = { missing: ["ensurepip"], debian: true };
    await fakePython(folder, "bin/python", "3.12.3", options);
    const { code, output } = await lab(folder, [], { PATH });
    assertEquals(code, 1);
    assert(output.includes("sudo apt install python3.12-venv"), output);
  });
  assertEquals(await exists(folder.join(".venv")), false);
});

Deno.test("lab names the package that could not be had, and can rebuild", async (t) => {
  await using folder = new TemporaryFolder();
  await makeCheckout(folder);
  // Nothing of the machine's own configuration of pip; an index where nothing listens.
  const offline = {
    PIP_CONFIG_FILE: ON_WINDOWS ? "nul" : "/dev/null",
    PIP_INDEX_URL: `http://127.0.0.1:${freePort()}/simple`,
    PIP_EXTRA_INDEX_URL: "",
    PIP_FIND_LINKS: "",
    PIP_NO_CACHE_DIR: "1",
    PIP_RETRIES: "1",
  };
  await t.step("without a network", async () => {
    const { code, output } = await lab(folder, [], offline);
    assertEquals(code, 1);
    assert(output.includes("Could not download the package jupyterlab==4"), output);
    assert(!output.includes("    at "), output);
  });
  await t.step("from an index that lacks it, trying again where it left off", async () => {
    const { code, output } = await lab(folder, [], { ...offline, PIP_NO_INDEX: "1" });
    assertEquals(code, 1);
    assert(output.includes("The package index has no jupyterlab==4"), output);
    assert(!output.includes("Making .venv"), output);
  });
  await t.step("a broken environment is named and left alone", async () => {
    await Deno.remove(folder.join(".venv"), { recursive: true });
    await folder.write(".venv/mine.txt", "mine");
    const { code, output } = await lab(folder, [], offline);
    assertEquals(code, 1);
    assert(output.includes("is broken") && output.includes("deno task lab --rebuild"), output);
    assertEquals(await exists(folder.join(".venv/mine.txt")), true);
  });
  await t.step("and asked about in a terminal", async () => {
    let asked = "";
    const mayRebuild = (question: string) => {
      asked = question;
      return false;
    };
    await assertRejects(
      () => ensureLab({ root: folder.path, quiet: true, mayRebuild }),
      LabError,
      "is broken",
    );
    assert(asked.endsWith("Delete and remake it now?"), asked);
  });
  await t.step("and made anew with --rebuild", async () => {
    const { output } = await lab(folder, ["--rebuild"], offline);
    assert(output.includes("Made .venv") && output.includes("Could not download"), output);
    assertEquals(await exists(folder.join(".venv/mine.txt")), false);
  });
});

Deno.test("lab says that a checkout is read-only", { ignore: ON_WINDOWS }, async () => {
  await using folder = new TemporaryFolder();
  await makeCheckout(folder);
  await using cache = new TemporaryFolder();
  await Deno.chmod(cache.path, 0o777);
  await Deno.chmod(folder.path, 0o555);
  try {
    // Root may write anywhere, so someone else tries, with a Deno that is not in root's home.
    const deno = cache.join("deno");
    if (Deno.uid() === 0) await Deno.copyFile(Deno.execPath(), deno);
    const nobody = Deno.uid() === 0 ? { uid: 65534, gid: 65534, deno } : {};
    const { code, output } = await runIn(folder, "main.ts", ["--allow-root"], {
      ...nobody,
      env: {
        DENO_DIR: cache.path,
        HOME: cache.path,
        TUNEBOOK_PYTHON: await realPython(),
        NPM_CONFIG_REGISTRY: `http://127.0.0.1:${freePort()}`,
      },
    });
    assertEquals(code, 1);
    assert(output.includes(`Can't write to ${folder.path}`), output);
    assert(output.includes("Clone the course to a folder of your own"), output);
    assert(!output.includes("    at "), output);
  } finally {
    await Deno.chmod(folder.path, 0o755);
  }
});

Deno.test("kernel:install and kernel:uninstall work twice and restore the user's own", async () => {
  await using folder = new TemporaryFolder();
  await makeCheckout(folder);
  const share = folder.join("user", "jupyter");
  const stock = '{"argv":["deno","jupyter"],"display_name":"Deno"}';
  await folder.write("user/jupyter/kernels/deno/kernel.json", stock);
  const register = (verb: string) =>
    runIn(folder, "register.ts", [verb], { env: { JUPYTER_DATA_DIR: share } });
  const kernel = folder.join("user/jupyter/kernels/deno");
  for (const time of ["first", "second"]) {
    const { code, output } = await register("install");
    assertEquals(code, 0, output);
    assert(output.includes("Registered the kernel"), time);
    const spec = await readKernelSpec(kernel);
    assertEquals(spec?.display_name, "Deno (Tunebook)");
    assertEquals(await exists(spec?.argv?.[0] ?? ""), true);
    assertEquals(await exists(folder.join("user/jupyter/labextensions/@tunebook")), true);
  }
  for (const time of ["first", "second"]) {
    const { code, output } = await register("uninstall");
    assertEquals(code, 0, output);
    assert(output.includes(time === "first" ? "Restored" : "nothing to take back"), output);
    assertEquals(await Deno.readTextFile(`${kernel}/kernel.json`), stock);
    assertEquals(await exists(folder.join("user/jupyter/labextensions/@tunebook/plotly")), false);
  }
  assertEquals((await register("what")).code, 1);
});
