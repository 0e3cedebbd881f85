/**
 * A real Jupyter server for tests: the lab's own, on a free port, with a folder and settings of its
 * own, so that any number of tests can run side by side.
 *
 * @module
 */

import { delimiter, join } from "node:path";
import { ensureLab, ROOT } from "../../../kernel/lab/lab.ts";

/** How long the server may take to answer, in milliseconds. */
const START_LIMIT = 180_000;

/** A running server. */
export interface JupyterServer extends AsyncDisposable {
  /** The folder it shows; notebooks put here resolve the project's import map. */
  readonly folder: string;
  /** Its process, whose descendants are its kernels and what they start. */
  readonly pid: number;
  /** The address of a page: `url("lab/tree/plots.ipynb")`. */
  url(path: string): string;
}

/**
 * Starts a server; `await using` stops it with its kernels and removes its folder.
 *
 * @param kind The course's lab, or a learner's own JupyterLab: without the course's renderer, and
 *   with the kernelspec that `deno jupyter --install` makes.
 * @param types Whether the kernels check types. That takes a folder that deno.json doesn't exclude.
 */
export async function startJupyter(
  kind: "lab" | "own" = "lab",
  types: "on" | "off" = "off",
): Promise<JupyterServer> {
  const lab = await ensureLab({ quiet: true });
  // Inside the checkout, so that the kernels find its deno.json by walking up.
  const dir = join(ROOT, types === "on" ? "my" : ".deno");
  await Deno.mkdir(dir, { recursive: true });
  const folder = await Deno.makeTempDir({ dir, prefix: "browser-test-" });
  const settings = await Deno.makeTempDir({ prefix: "tunebook-jupyter-" });
  const token = crypto.randomUUID();
  if (kind === "own") await makeOwn(settings);
  const server = new Deno.Command(lab.jupyter, {
    args: [
      "lab",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      "--port=0",
      `--ServerApp.root_dir=${folder}`,
      `--IdentityProvider.token=${token}`,
      "--LabApp.expose_app_in_browser=True",
      "--JupyterNotebookApp.expose_app_in_browser=True",
      "--LabApp.news_url=None",
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
      "--Application.log_level=ERROR",
    ],
    env: {
      TUNEBOOK_TYPES: types,
      TUNEBOOK_BLAS: "off", // As the stored numbers were made: the stock kernel would take one.
      PATH: lab.bin + delimiter + (Deno.env.get("PATH") ?? ""),
      JUPYTER_PATH: join(settings, "path"),
      JUPYTER_CONFIG_DIR: join(settings, "config"),
      JUPYTER_DATA_DIR: join(settings, "data"),
      JUPYTER_RUNTIME_DIR: join(settings, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(settings, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(settings, "workspaces"),
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const base = await findAddress(join(settings, "runtime"), server.pid);
  return {
    folder,
    pid: server.pid,
    url: (path) => `${base}${path}?token=${token}`,
    async [Symbol.asyncDispose]() {
      const headers = { authorization: `token ${token}` };
      const answer = await fetch(`${base}api/shutdown`, { method: "POST", headers });
      await answer.body?.cancel();
      await server.status;
      await Deno.remove(folder, { recursive: true });
      await Deno.remove(settings, { recursive: true });
    },
  };
}

/** The server writes down its address as soon as it listens. */
async function findAddress(runtime: string, pid: number): Promise<string> {
  const began = Date.now();
  while (Date.now() - began < START_LIMIT) {
    try {
      const text = await Deno.readTextFile(join(runtime, `jpserver-${pid}.json`));
      const { url } = JSON.parse(text) as { url: string };
      const answer = await fetch(`${url}api`);
      await answer.body?.cancel();
      if (answer.ok) return url;
    } catch { /* not yet */ }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Expected Jupyter to listen within ${START_LIMIT / 1000} s`);
}

async function makeOwn(settings: string): Promise<void> {
  await writeJson(join(settings, "config", "labconfig"), "page_config.json", {
    disabledExtensions: { "@tunebook/plotly": true },
  });
  // Jupyter looks here first. The same as Deno installs, but for where this Deno is.
  await writeJson(join(settings, "path", "kernels", "deno"), "kernel.json", {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  });
}

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, name), JSON.stringify(value));
}
