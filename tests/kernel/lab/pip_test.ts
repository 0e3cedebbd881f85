import { assert, assertEquals } from "@std/assert";
import { pipStep, readPipFailure } from "../../../kernel/lab/pip.ts";

Deno.test("pipStep() says what a line of pip's output is about", () => {
  assertEquals(pipStep("Collecting jupyterlab==4.6.6 (from -r r.txt (line 3))"), "jupyterlab");
  assertEquals(pipStep("Collecting jupyter-server<3,>=2.19.0"), "jupyter-server");
  assertEquals(
    pipStep("  Downloading jupyterlab-4.6.6-py3-none-any.whl (17.3 MB)"),
    "jupyterlab (17.3 MB)",
  );
  assertEquals(pipStep("Installing collected packages: a, b"), "unpacking");
  assertEquals(pipStep("Requirement already satisfied: pip"), undefined);
});

const REFUSED =
  "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after " +
  "connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection " +
  "object at 0x7f10>: Failed to establish a new connection: [Errno 111] Connection refused')': " +
  "/simple/jupyterlab/";

Deno.test("readPipFailure() names the package that the network kept back", () => {
  const { message } = readPipFailure(1, [
    REFUSED,
    "ERROR: Could not find a version that satisfies the requirement jupyterlab==4.6.6",
    "ERROR: No matching distribution found for jupyterlab==4.6.6",
  ]);
  assert(message.includes("Could not download the package jupyterlab==4.6.6"), message);
  assert(message.includes("Connection refused"), message);
  assert(!message.includes("object at 0x"), message);
});

Deno.test("readPipFailure() names the last package begun if a download breaks off", () => {
  const { message } = readPipFailure(2, [
    "Collecting notebook==7.6.5",
    "Collecting debugpy>=1.6.5",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='files', " +
    "port=443): Read timed out.",
  ]);
  assert(message.includes("the package debugpy>=1.6.5"), message);
  assert(message.includes("Read timed out"), message);
});

Deno.test("readPipFailure() tells a missing package from a missing network", () => {
  const { message } = readPipFailure(1, ["ERROR: No matching distribution found for a==1"]);
  assert(message.includes("The package index has no a==1"), message);
});

Deno.test("readPipFailure() quotes what it doesn't know", () => {
  const { message } = readPipFailure(1, [
    "Collecting a",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
  ]);
  assert(message.includes("No space left on device"), message);
  assert(message.includes("code 1"), message);
});
