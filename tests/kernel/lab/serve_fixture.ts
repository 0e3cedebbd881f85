/** Serves a folder as the lab would, for tests that stop it from outside: root, notebook, port. */

import { serve } from "../../../kernel/lab/jupyter.ts";
import { ensureLab } from "../../../kernel/lab/lab.ts";

const [root = "", notebook, port] = Deno.args;
const rest = ["--no-browser", "--IdentityProvider.token=secret"];
const args = { port: Number(port), ip: undefined, allowRoot: true, rest };
Deno.exit(await serve(await ensureLab({ quiet: true }), { root, notebook, args }));
