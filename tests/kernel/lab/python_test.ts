import { assert, assertEquals, assertRejects } from "@std/assert";
import { LabError } from "../../../kernel/lab/errors.ts";
import { describePython, findPython, isNewEnough } from "../../../kernel/lab/python.ts";
import { fakePython, ON_WINDOWS, realPython, TemporaryFolder } from "./helpers.ts";

Deno.test("describePython() asks a real Python about itself", async () => {
  const python = await describePython([await realPython()]);
  assert(python !== undefined);
  assert(/^\d+\.\d+\.\d+$/.test(python.version));
  assertEquals(python.missing, []);
});

Deno.test("describePython() is undefined for what is no Python", async () => {
  assertEquals(await describePython(["there-is-no-such-program"]), undefined);
  assertEquals(await describePython([Deno.execPath()]), undefined);
  assertEquals(await describePython([]), undefined);
});

Deno.test("isNewEnough() compares versions as numbers", () => {
  for (const version of ["3.10.0", "3.14.1", "4.0.0"]) assert(isNewEnough(version), version);
  for (const version of ["2.7.18", "3.9.21", "3.1.5"]) assert(!isNewEnough(version), version);
});

Deno.test("findPython() says where it looked if there is none", async () => {
  const error = await assertRejects(() => findPython([["no-python3"], ["no-py", "-3"]]), LabError);
  assert(error.message.includes("Python 3.10 or newer"), error.message);
  assert(error.message.includes("tried no-python3, no-py -3"), error.message);
  assert(error.message.includes("TUNEBOOK_PYTHON"), error.message);
});

Deno.test({
  name: "findPython() passes over an old Python and names it if there is no other",
  ignore: ON_WINDOWS,
  async fn() {
    await using folder = new TemporaryFolder();
    const old = [await fakePython(folder, "python3", "3.9.18")];
    const older = [await fakePython(folder, "python", "2.7.18")];
    const good = [await fakePython(folder, "python3.12", "3.12.1")];
    assertEquals((await findPython([old, older, good])).version, "3.12.1");

    const error = await assertRejects(() => findPython([old, older]), LabError);
    assert(error.message.includes(`is Python 3.9.18 (${folder.join("python3")})`), error.message);
    assert(error.message.includes("is Python 2.7.18"), error.message);
  },
});

Deno.test({
  name: "findPython() names Debian's package for a Python without ensurepip",
  ignore: ON_WINDOWS,
  async fn() {
    await using folder = new TemporaryFolder();
    const options = { missing: ["ensurepip"], debian: true };
    const bare = [await fakePython(folder, "python3", "3.11.2", options)];
    const error = await assertRejects(() => findPython([bare]), LabError);
    assert(error.message.includes('module "ensurepip" is missing'), error.message);
    assert(error.message.includes("sudo apt install python3.11-venv"), error.message);

    const other = [await fakePython(folder, "python3.10", "3.10.4", { missing: ["venv"] })];
    const elsewhere = await assertRejects(() => findPython([other]), LabError);
    assert(!elsewhere.message.includes("apt"), elsewhere.message);

    const good = [await fakePython(folder, "python", "3.10.1")];
    assertEquals((await findPython([bare, good])).version, "3.10.1");
  },
});

Deno.test({
  name: "describePython() notices that a real Python lacks ensurepip",
  ignore: ON_WINDOWS,
  async fn() {
    await using folder = new TemporaryFolder();
    await folder.write("without/ensurepip.py", "raise ImportError('not installed')");
    const python = await folder.script(
      "python3",
      `PYTHONPATH='${folder.join("without")}' exec '${await realPython()}' "$@"`,
    );
    assertEquals((await describePython([python]))?.missing, ["ensurepip"]);
  },
});

Deno.test("describePython() gives the Python behind a virtual environment", async () => {
  await using folder = new TemporaryFolder();
  const base = await realPython();
  await new Deno.Command(base, { args: ["-m", "venv", "--without-pip", folder.join("v")] })
    .output();
  const inside = folder.join("v", ...(ON_WINDOWS ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const found = await describePython([inside]);
  assert(found !== undefined && !found.executable.startsWith(folder.path), found?.executable);
});
