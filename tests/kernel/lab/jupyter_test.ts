import { assert, assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { LabError } from "../../../kernel/lab/errors.ts";
import { checkPort, jupyterArguments } from "../../../kernel/lab/jupyter.ts";
import { ensureLab } from "../../../kernel/lab/lab.ts";
import { freePort, makeCheckout, ON_WINDOWS, TemporaryFolder, until } from "./helpers.ts";
import { processesWith } from "./processes.ts";

Deno.test("jupyterArguments() opens the notebook and lets the user's arguments win", () => {
  const args = { port: 8890, ip: "0.0.0.0", allowRoot: true, rest: ["--ServerApp.log_level=INFO"] };
  const found = jupyterArguments({ root: "/c", notebook: "my/00-é/lesson.ipynb", args });
  assert(found.includes("--LabApp.default_url=/lab/tree/my/00-%C3%A9/lesson.ipynb"));
  assert(found.includes("--ServerApp.root_dir=/c"));
  for (const flag of ["--port=8890", "--ip=0.0.0.0", "--allow-root"]) assert(found.includes(flag));
  assertEquals(found.at(-1), "--ServerApp.log_level=INFO");
});

Deno.test("jupyterArguments() leaves the port to JupyterLab unless one is asked for", () => {
  const args = { port: undefined, ip: undefined, allowRoot: false, rest: [] };
  const found = jupyterArguments({ root: "/c", notebook: undefined, args });
  assert(found.includes("--LabApp.default_url=/lab"));
  assert(!found.some((flag) => /^--(port|ip|allow-root|ServerApp.port_retries)/.test(flag)));
});

Deno.test("checkPort() accepts a free port and names one in use", () => {
  checkPort(undefined, undefined);
  checkPort(undefined, 0);
  checkPort("localhost", freePort());
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  assertThrows(() => checkPort(undefined, port), LabError, `Port ${port} is in use`);
  assertThrows(() => checkPort("*", port), LabError, `--port ${port + 1}`);
  assertThrows(() => checkPort("192.0.2.1", port), LabError, "can't listen on 192.0.2.1");
});

/** JupyterLab on a small checkout, in a process of its own. */
class Served implements AsyncDisposable {
  readonly folder = new TemporaryFolder();
  readonly port = freePort();
  #process: Deno.ChildProcess | undefined;

  async start(): Promise<Deno.ChildProcess> {
    await ensureLab({ quiet: true });
    await makeCheckout(this.folder);
    const fixture = fileURLToPath(new URL("./serve_fixture.ts", import.meta.url));
    const jupyter = this.folder.join("jupyter");
    const root = this.folder.path;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", fixture, root, "lessons/00-small/lesson.ipynb", `${this.port}`],
      env: {
        JUPYTER_CONFIG_DIR: jupyter,
        JUPYTER_DATA_DIR: jupyter,
        JUPYTER_RUNTIME_DIR: this.folder.join("jupyter", "runtime"),
      },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until("JupyterLab to answer", () => this.get("api/status").catch(() => undefined));
    return this.#process;
  }

  async get(path: string, method = "GET", body?: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/${path}`, {
      method,
      headers: { Authorization: "token secret" },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  /** Command lines of JupyterLab and its kernels: both name a file in the folder. */
  running(): Promise<string[]> {
    return processesWith(this.folder.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process?.kill("SIGTERM");
    } catch {
      // It has ended.
    }
    await this.#process?.status;
    await until(
      "JupyterLab to be gone",
      async () => (await this.running()).length === 0 ? true : undefined,
    );
    await this.folder[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "serve() shows the lesson with our kernel, and stops with it when told to",
  ignore: ON_WINDOWS,
  async fn() {
    await using served = new Served();
    const lab = await served.start();
    const page = await served.get("lab/tree/lessons/00-small/lesson.ipynb");
    assert(page.includes("jupyter-config-data"), page.slice(0, 500));
    const file = JSON.parse(await served.get("api/contents/lessons/00-small/lesson.ipynb"));
    assertEquals(file.content.nbformat, 4);
    const { kernelspecs } = JSON.parse(await served.get("api/kernelspecs"));
    assertEquals(kernelspecs.deno.spec.display_name, "Deno (Tunebook)");
    assertEquals(kernelspecs.deno.spec.interrupt_mode, "message");
    const refused = await fetch(`http://127.0.0.1:${served.port}/api/kernelspecs`);
    assertEquals(refused.status, 403, "without the token");
    await refused.body?.cancel();

    await served.get("api/kernels", "POST", '{"name":"deno"}');
    await until(
      "the kernel's process",
      async () => (await served.running()).some((line) => line.includes("kernel-")) || undefined,
    );
    lab.kill("SIGINT");
    lab.kill("SIGINT"); // as `deno task` does
    assertEquals((await lab.status).code, 0);
    assertEquals(await served.running(), []);
  },
});

Deno.test({
  name: "serve() leaves neither JupyterLab nor kernels behind when it is killed outright",
  ignore: ON_WINDOWS,
  async fn() {
    await using served = new Served();
    const lab = await served.start();
    await served.get("api/kernels", "POST", '{"name":"deno"}');
    lab.kill("SIGKILL");
    await lab.status;
    await until(
      "JupyterLab to notice",
      async () => (await served.running()).length === 0 || undefined,
    );
  },
});
