import type { JsonObject } from "../wire/mod.ts";
import { PROTOCOL } from "./front_end.ts";

/** The answer of a `kernel_info_request`. */
export function kernelInfo(): JsonObject {
  return {
    status: "ok",
    protocol_version: PROTOCOL,
    implementation: "tunebook",
    implementation_version: "0.1.0",
    language_info: {
      name: "typescript",
      version: Deno.version.typescript,
      mimetype: "text/x.typescript",
      file_extension: ".ts",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
      pygments_lexer: "typescript",
    },
    banner: `Deno ${Deno.version.deno} (Tunebook): TypeScript ${Deno.version.typescript}`,
    help_links: [{ text: "Deno", url: "https://docs.deno.com/" }],
    debugger: false,
    supported_features: [],
  };
}
