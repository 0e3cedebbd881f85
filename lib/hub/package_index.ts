/** A file of a Python package, as the package index knows it. */
export interface PackageFile {
  readonly url: string;
  readonly size: number | undefined;
}

/**
 * The address of the index that pip asks: `PIP_INDEX_URL`, then what its configuration says, then
 * PyPI.
 *
 * @param env Reads an environment variable.
 * @param config The text of the user's `pip.conf` or `pip.ini`.
 *
 * @example
 * ```ts
 * import { packageIndex } from "@tunebook/hub";
 * import { assertEquals } from "@std/assert";
 *
 * const config = "[global]\nindex-url = https://mirror.example/simple/\n";
 * assertEquals(packageIndex(() => undefined, config), "https://mirror.example/simple");
 * ```
 */
export function packageIndex(env: (name: string) => string | undefined, config: string): string {
  const inConfig = /^\s*index[-_]url\s*[=:]\s*(\S+)/m.exec(config)?.[1];
  const address = env("PIP_INDEX_URL") ?? inConfig ?? "https://pypi.org/simple";
  return address.replace(/\/+$/, "");
}

/**
 * Where pip keeps the user's configuration.
 *
 * @param platform As in `Deno.build.os`.
 * @param env Reads an environment variable.
 * @returns The paths, the one that wins first.
 */
export function pipConfigPaths(
  platform: string,
  env: (name: string) => string | undefined,
): string[] {
  const chosen = env("PIP_CONFIG_FILE");
  const home = platform === "windows" ? env("APPDATA") : env("HOME");
  if (chosen) return [chosen];
  if (!home) return [];
  if (platform === "windows") return [`${home}\\pip\\pip.ini`];
  const linux = [
    `${env("XDG_CONFIG_HOME") ?? `${home}/.config`}/pip/pip.conf`,
    `${home}/.pip/pip.conf`,
  ];
  const mac = `${home}/Library/Application Support/pip/pip.conf`;
  return platform === "darwin" ? [mac, ...linux] : linux;
}

/**
 * Asks a package index where a file is
 * ([PEP 691](https://peps.python.org/pep-0691/), or the older HTML form of
 * [PEP 503](https://peps.python.org/pep-0503/)).
 *
 * @param index The index's address.
 * @param name The package.
 * @param filename The file.
 * @throws {Error} If the index doesn't answer, or has no such file.
 */
export async function findPackageFile(
  index: string,
  name: string,
  filename: string,
): Promise<PackageFile> {
  const page = `${index}/${name}/`;
  const accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1";
  const response = await fetch(page, { headers: { accept } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${page} answered ${response.status} ${response.statusText}`);
  const found = response.headers.get("content-type")?.includes("json")
    ? (JSON.parse(text) as { files: { filename: string; url: string; size?: number }[] }).files
      .find((file) => file.filename === filename)
    : linkIn(text, filename);
  if (found === undefined) throw new Error(`${page} has no ${filename}`);
  return { url: new URL(found.url, response.url).href, size: found.size };
}

function linkIn(html: string, filename: string): { url: string; size?: number } | undefined {
  for (const [, href] of html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)) {
    const url = href!.replaceAll("&amp;", "&").replace(/#.*$/, "");
    if (url.endsWith(`/${filename}`) || url === filename) return { url };
  }
  return undefined;
}
