/**
 * `deno task kernel:install` and `deno task kernel:uninstall`: our kernel in the user's own Jupyter
 * and VS Code.
 *
 * @module
 */

import { join } from "node:path";
import { RENDERER_NAME } from "../renderer/install.ts";
import { permanentDeno } from "./deno_home.ts";
import { LabError, writing } from "./errors.ts";
import { labKernelSpec } from "./kernelspec.ts";
import { addRenderer, ROOT } from "./lab.ts";
import { currentPlatform, userJupyterDir } from "./platform.ts";
import { installUserKernel, uninstallUserKernel } from "./user_kernel.ts";

async function install(share: string): Promise<void> {
  const deno = await writing(ROOT, () => permanentDeno(ROOT));
  const spec = await labKernelSpec(ROOT, deno);
  const { folder, backup, other } = await installUserKernel(share, spec);
  await addRenderer(share);
  console.log(`Registered the kernel "${spec.display_name}" in ${folder}`);
  if (other === "kept") console.log(`The "deno" kernel that was there is kept in ${backup}`);
  console.log(
    "Restart Jupyter, or reload the window in VS Code, and choose it for a notebook.\n" +
      "It starts from this checkout: after moving that, run this again. " +
      "To take it back: deno task kernel:uninstall",
  );
}

async function uninstall(share: string): Promise<void> {
  const { folder, other, done } = await uninstallUserKernel(share);
  await Deno.remove(join(share, "labextensions", RENDERER_NAME), { recursive: true })
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  if (!done) console.log(`There is no kernel of ours in ${folder}: nothing to take back.`);
  else if (other === "restored") console.log(`Restored the "deno" kernel that was in ${folder}`);
  else console.log(`Removed our kernel from ${folder}`);
}

try {
  const share = userJupyterDir(currentPlatform(), Deno.env.toObject());
  if (Deno.args[0] === "install") await install(share);
  else if (Deno.args[0] === "uninstall") await uninstall(share);
  else throw new LabError(`Expected "install" or "uninstall" but found "${Deno.args[0] ?? ""}".`);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
