import {
  downloadFile,
  getHFHubCachePath,
  HubApiError,
  modelInfo,
  pathsInfo,
} from "@huggingface/hub";
import { type Download, download, exists, type OnProgress } from "./download.ts";

/** Where models are looked for and kept, for those who need other places than the usual. */
export interface HubOptions {
  /**
   * A branch, tag or commit.
   *
   * @default {"main"}
   */
  revision?: string;
  /** Uses only what is on this machine; on by default where `HF_HUB_OFFLINE` is 1. */
  offline?: boolean;
  /** Asks the hub whether there is something newer, though the model is on this machine. */
  refresh?: boolean;
  /** The hub's address; `HF_ENDPOINT` unless given. */
  hubUrl?: string;
  /** For models that aren't public; `HF_TOKEN` unless given. */
  token?: string;
  /** The folder of downloaded models; unless given, the one Hugging Face's own tools use. */
  cache?: string;
  /** Told how far each download is; lines of text unless given. */
  onProgress?: OnProgress;
}

/** What may be wanted of a repository: never the same weights in other formats. */
const WANTED = [
  "config.json",
  "model.safetensors",
  "model.safetensors.index.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "generation_config.json",
  "adapter_config.json",
  "adapter_model.safetensors",
  "README.md",
];

/** Whether a folder holds a model's or an adapter's weights and says what they are. */
export async function holdsModel(folder: string): Promise<boolean> {
  const has = (name: string) => exists(`${folder}/${name}`);
  return await has("config.json") &&
      (await has("model.safetensors") || await has("model.safetensors.index.json")) ||
    await has("adapter_config.json") && await has("adapter_model.safetensors");
}

/** The folder of downloaded models, which Hugging Face's tools in Python share. */
export function hubCache({ cache }: HubOptions): string {
  return cache ?? getHFHubCachePath();
}

/**
 * Where a model of the hub is on this machine, if it is: downloaded by this library or by Hugging
 * Face's own.
 */
export async function cachedFolder(id: string, options: HubOptions): Promise<string | undefined> {
  const repository = repositoryFolder(id, options), { revision = "main" } = options;
  const commit = await readText(`${repository}/refs/${revision}`) ?? revision;
  const folder = `${repository}/snapshots/${commit.trim()}`;
  return await holdsModel(folder) ? folder : undefined;
}

/**
 * Downloads a model from the hub, file by file, each checked.
 *
 * @param id Such as `HuggingFaceTB/SmolLM2-135M`.
 * @returns The folder.
 */
export async function downloadFromHub(
  id: string,
  options: HubOptions,
  onProgress: OnProgress,
): Promise<string> {
  const { revision = "main" } = options;
  const address = options.hubUrl ?? Deno.env.get("HF_ENDPOINT") ?? "https://huggingface.co";
  const hubUrl = address.replace(/\/+$/, "");
  const accessToken = options.token ?? Deno.env.get("HF_TOKEN");
  const access = { hubUrl, ...(accessToken && { accessToken }) };
  const { sha } = await modelInfo({ name: id, revision, additionalFields: ["sha"], ...access });
  const repository = repositoryFolder(id, options), folder = `${repository}/snapshots/${sha}`;
  const fetchAll = async (paths: string[]) => {
    const found = await pathsInfo({ repo: id, paths, revision: sha, ...access });
    for (const { path, size, oid, lfs } of found) {
      if (await exists(`${folder}/${path}`)) continue;
      const url = `${hubUrl}/${id}/resolve/${sha}/${path}`;
      const file: Download = {
        name: `${id}/${path}`,
        size: lfs?.size ?? size,
        checksum: lfs
          ? { kind: "sha256", value: lfs.oid }
          : { kind: "git-sha1", value: oid ?? "unknown" },
        async open(start) {
          const downloadInfo = { url, size: file.size, etag: sha };
          const repo = { type: "model", name: id } as const;
          const blob = await downloadFile({ repo, path, downloadInfo, xet: false, ...access });
          return (start > 0 ? blob!.slice(start) : blob!).stream();
        },
      };
      await download(file, `${folder}/${path}`, onProgress);
    }
    return found;
  };
  await fetchAll(WANTED);
  await fetchAll(await shardsOf(folder));
  // Last, so that a revision is only known when it is whole.
  await Deno.mkdir(`${repository}/refs`, { recursive: true });
  await Deno.writeTextFile(`${repository}/refs/${revision}`, sha);
  return folder;
}

/** Whether an error means that the hub answered: then no other source is asked. */
export function isAnswer(error: unknown): error is HubApiError {
  return error instanceof HubApiError && error.statusCode < 500;
}

function repositoryFolder(id: string, options: HubOptions): string {
  return `${hubCache(options)}/models--${id.replaceAll("/", "--")}`;
}

/** The further files of weights that are in several. */
async function shardsOf(folder: string): Promise<string[]> {
  const index = await readText(`${folder}/model.safetensors.index.json`);
  if (index === undefined || await exists(`${folder}/model.safetensors`)) return [];
  const { weight_map: map = {} } = JSON.parse(index) as { weight_map?: Record<string, string> };
  const names = [...new Set(Object.values(map))];
  return names.filter((name) => /^[\w.-]+\.safetensors$/.test(name));
}

async function readText(path: string): Promise<string | undefined> {
  return await exists(path) ? await Deno.readTextFile(path) : undefined;
}
