import { compare } from "./command.ts";

Deno.exit(await compare(Deno.args));
