import { fromPretrained, HubError, loadTokenizer, modelFolder } from "@tunebook/hub";
import { Bert, BertForSentenceEmbedding } from "@tunebook/models";
import { noGrad, scope, tensor } from "@tunebook/tensor";
import { assertEquals } from "@std/assert";
import { assertClose, Reference } from "../tensor_reference/reference.ts";

const ID = "sentence-transformers/all-MiniLM-L6-v2";
const TOLERANCE = { tolerance: 1e-4, absolute: 1e-4 };

/** Its 90 MB are downloaded for the full tests only; the others use them where they are. */
const ignore = Deno.env.get("TUNEBOOK_TEST") !== "full" && !await isHere();

Deno.test({
  name: "MiniLM gives sentence-transformers' vectors of 20 texts, alone and in a padded batch",
  ignore,
  fn: async () => {
    const { cases, ...reference } = await read();
    const tokenizer = await loadTokenizer(ID);
    const model = await fromPretrained(ID, { as: Bert });
    const sentences = await fromPretrained(ID, { as: BertForSentenceEmbedding });
    const batch = tokenizer.encodeBatch(cases.map(({ text }) => text));
    const ids = tensor(batch.ids, { shape: batch.shape });
    const mask = tensor(batch.attentionMask, { shape: batch.shape });
    scope(() =>
      noGrad(() => {
        const hidden = model.forward(ids, { mask });
        const whole = sentences.forward(ids, { mask });
        for (const [row, { id, text }] of cases.entries()) {
          const expected = reference.get(id, "ids");
          const own = tokenizer.encode(text);
          assertEquals(own, [...expected.data], `the tokens of ${JSON.stringify(text)}`);
          const tokens = hidden.slice(row, [0, own.length]);
          assertClose(`${id} tokens`, tokens, reference.get(id, "tokens"), TOLERANCE);
          assertClose(id, whole.select(0, row), reference.get(id, "sentence"), TOLERANCE);
          const alone = sentences.forward(tensor([own], { dtype: "int32" })).select(0, 0);
          assertClose(`${id} alone`, alone, reference.get(id, "sentence"), TOLERANCE);
        }
      })
    );
  },
});

async function read() {
  const reference = await Reference.read<{ id: string; text: string }>("minilm");
  return { cases: reference.cases, get: (id: string, part: string) => reference.get(id, part) };
}

async function isHere(): Promise<boolean> {
  try {
    await modelFolder(ID, { offline: true });
    return true;
  } catch (error) {
    if (error instanceof HubError) return false;
    throw error;
  }
}
