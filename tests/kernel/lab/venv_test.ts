import { assert, assertEquals, assertRejects } from "@std/assert";
import { LabError } from "../../../kernel/lab/errors.ts";
import { currentPlatform, venvExecutable } from "../../../kernel/lab/platform.ts";
import { Progress } from "../../../kernel/lab/progress.ts";
import { fillVenv, inspectVenv, makeVenv, readPins } from "../../../kernel/lab/venv.ts";
import { realPython, TemporaryFolder } from "./helpers.ts";

Deno.test("readPins() reads exact versions and passes over the rest", () => {
  const text = "# why\na==1.0\n\n--no-index\nscipy-openblas32==0.3.34.1  # b\nc>=2\n";
  assertEquals(readPins(text), [["a", "1.0"], ["scipy-openblas32", "0.3.34.1"]]);
});

/** Makes a wheel of a package without content, as an index would have it. */
const MAKE_WHEEL = `
import sys, zipfile
folder, version = sys.argv[1:]
info = "tiny-%s.dist-info" % version
with zipfile.ZipFile("%s/tiny-%s-py3-none-any.whl" % (folder, version), "w") as wheel:
    wheel.writestr("tiny.py", "version = '%s'" % version)
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: " + version)
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any")
    wheel.writestr(info + "/RECORD", "")
`;

Deno.test("the virtual environment is made, filled, upgraded, and known when broken", async (t) => {
  await using folder = new TemporaryFolder();
  const platform = currentPlatform();
  const quiet = new Progress(true);
  const base = await realPython();
  const venv = folder.join(".venv");
  const python = venvExecutable(platform, venv, "python");
  await Deno.mkdir(folder.join("wheels"));
  for (const version of ["1.0", "2.0"]) {
    const args = ["-c", MAKE_WHEEL, folder.join("wheels"), version];
    await new Deno.Command(base, { args }).output();
  }
  const requirements = (version: string) =>
    `--no-index\n--find-links ${folder.join("wheels")}\ntiny==${version}\n`;
  const inspect = (version: string) => inspectVenv(platform, venv, requirements(version));
  const fill = async (version: string) =>
    await fillVenv(
      platform,
      venv,
      await folder.write("requirements.txt", requirements(version)),
      quiet,
    );

  await t.step("absent before it is made", async () => {
    assertEquals((await inspect("1.0")).kind, "absent");
  });
  await t.step("outdated until it is filled, then ready", async () => {
    await makeVenv(base, venv, quiet);
    assertEquals((await inspect("1.0")).kind, "outdated");
    await fill("1.0");
    assertEquals((await inspect("1.0")).kind, "ready");
  });
  await t.step("outdated by other pins, and upgraded to them", async () => {
    assertEquals((await inspect("2.0")).kind, "outdated");
    await fill("2.0");
    assertEquals((await inspect("2.0")).kind, "ready");
    const args = ["-c", "import tiny; print(tiny.version)"];
    const { stdout } = await new Deno.Command(python, { args }).output();
    assertEquals(new TextDecoder().decode(stdout).trim(), "2.0");
  });
  await t.step("outdated if a package has gone", async () => {
    const args = ["-m", "pip", "uninstall", "-y", "-q", "tiny"];
    await new Deno.Command(python, { args, stderr: "null" }).output();
    assertEquals((await inspect("2.0")).kind, "outdated");
    await fill("2.0");
  });
  await t.step("a version that can't be had is named, and what is there stays", async () => {
    const error = await assertRejects(() => fill("3.0"), LabError);
    assert(error.message.includes("tiny==3.0"), error.message);
    assertEquals((await inspect("2.0")).kind, "ready");
  });
  await t.step("broken without pip", async () => {
    const find = "import pip, shutil; shutil.rmtree(pip.__path__[0])";
    await new Deno.Command(python, { args: ["-c", find] }).output();
    const state = await inspect("2.0");
    assert(state.kind === "broken" && state.reason.includes("no pip"), JSON.stringify(state));
  });
  await t.step("broken without its Python", async () => {
    await Deno.remove(python);
    const state = await inspect("2.0");
    assert(state.kind === "broken" && state.reason.includes("is missing"), JSON.stringify(state));
  });
  await t.step("absent, not broken, if making it was cut short", async () => {
    await Deno.writeTextFile(`${venv}/tunebook.json`, '{"requirements":"unfinished"}');
    assertEquals((await inspect("2.0")).kind, "absent");
  });
  await t.step("broken if it is something else altogether", async () => {
    await Deno.remove(venv, { recursive: true });
    await Deno.writeTextFile(venv, "a file");
    assertEquals((await inspect("2.0")).kind, "broken");
  });
  await t.step("made anew over whatever is there", async () => {
    await folder.write(".deno/venv.old/left", "by an attempt that was cut short");
    await makeVenv(base, venv, quiet);
    assertEquals((await inspect("2.0")).kind, "outdated");
    assertEquals(await Array.fromAsync(Deno.readDir(folder.join(".deno"))), []);
  });
});

Deno.test("makeVenv() says which Python failed", async () => {
  await using folder = new TemporaryFolder();
  const error = await assertRejects(
    () => makeVenv(Deno.execPath(), folder.join(".venv"), new Progress(true)),
    LabError,
  );
  assert(error.message.startsWith(Deno.execPath()), error.message);
});
