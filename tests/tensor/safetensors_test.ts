import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  encodeSafetensors,
  SafetensorsError,
  SafetensorsFile,
} from "../../lib/tensor/safetensors.ts";
import { fromBfloat16, toBfloat16 } from "../../lib/tensor/half_floats.ts";

const REFERENCE = new URL("../reference/", import.meta.url);

/** A file with this header and this many bytes of data. */
function fileOf(header: unknown, dataBytes: number): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

async function assertBad(file: Uint8Array, expected: string) {
  await assertRejects(() => SafetensorsFile.open(file), SafetensorsError, expected);
}

Deno.test("a file of the format's own library opens with every type", async () => {
  const file = await SafetensorsFile.open(new URL("dtypes.safetensors", REFERENCE));
  const floats = [0, -0, 1, 3.14159, 65504, -Infinity];
  assertEquals(await file.read("F32"), {
    dtype: "F32",
    shape: [2, 3],
    data: new Float32Array(floats),
  });
  for (
    const [name, share] of [["F64", 1e-7], ["F32", 1e-7], ["F16", 5e-4], ["BF16", 4e-3]] as const
  ) {
    const { shape, data } = await file.readFloat32(name);
    assertEquals(shape, [2, 3]);
    assert(Object.is(data[1], -0));
    data.forEach((x, i) => {
      if (Number.isFinite(x)) assertAlmostEquals(x, floats[i]!, Math.abs(floats[i]!) * share);
      else assertEquals(x, floats[i]);
    });
  }
  assertEquals((await file.read("I64")).data, new BigInt64Array([-(2n ** 62n), 7n]));
  assertEquals((await file.read("I32")).data, new Int32Array([-5, 7]));
  assertEquals((await file.read("I16")).data, new Int16Array([-300]));
  assertEquals((await file.read("I8")).data, new Int8Array([-3]));
  assertEquals((await file.read("U8")).data, new Uint8Array([250]));
  assertEquals((await file.read("BOOL")).data, new Uint8Array([1, 0]));
  assertEquals(await file.read("scalar"), {
    dtype: "F32",
    shape: [],
    data: new Float32Array([2.5]),
  });
  assertEquals((await file.read("empty")).shape, [0, 3]);
  assertEquals(file.metadata.get("format"), "pt");
});

Deno.test("what is written is read back, and the same tensors give the same bytes", async () => {
  const a = { shape: [2, 2], data: new Float32Array([1, 2, 3, -4.5]) };
  const b = { shape: [3], data: new Int32Array([1, -2, 3]) };
  const bytes = encodeSafetensors([["a", a], ["b", b], ["__proto__", { ...a, dtype: "BF16" }]], {
    step: "10",
  });
  assertEquals(
    encodeSafetensors(
      [["b", b], ["__proto__", { ...a, dtype: "BF16" }], ["a", a]],
      { step: "10" },
    ),
    bytes,
  );
  const file = await SafetensorsFile.open(bytes);
  assertEquals(file.names.toSorted(), ["__proto__", "a", "b"]);
  assertEquals((await file.read("a")).data, a.data);
  assertEquals((await file.read("b")).data, b.data);
  assertEquals((await file.readFloat32("__proto__")).data, a.data);
  assertEquals(file.metadata.get("step"), "10");
  const empty = await SafetensorsFile.open(encodeSafetensors([]));
  assertEquals(empty.names, []);
});

Deno.test("only the bytes asked for are read", async () => {
  const bytes = encodeSafetensors([
    ["big", { shape: [1000], data: new Float32Array(1000) }],
    ["small", { shape: [2], data: new Float32Array([7, 8]) }],
  ]);
  let read = 0;
  const file = await SafetensorsFile.open({
    size: bytes.length,
    read(offset, length) {
      read += length;
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  });
  assertEquals((await file.read("small")).data, new Float32Array([7, 8]));
  assert(read < 250, `read ${read} bytes`);
});

Deno.test("a malformed file is an error that says what is wrong", async (t) => {
  const long = new Uint8Array(16);
  new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
  const cases: [string, Uint8Array, string][] = [
    ["nothing", new Uint8Array(0), "at least 8 bytes"],
    ["cut in the length", new Uint8Array(5), "at least 8 bytes"],
    ["header longer than the file", long, "claims 9223372036854775808 bytes but only 8 follow"],
    ["not JSON", fileOf("{broken", 0), "not JSON"],
    ["not UTF-8", fileOf({}, 0).map((x, i) => i === 8 ? 0xff : x), "not JSON"],
    ["not an object", fileOf("[]", 0), "JSON object of tensors"],
    ["data cut off", fileOf({ a: entry(0, 8) }, 4), "it is truncated"],
    ["overlap", fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12), "overlaps the one before"],
    ["hole", fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), "leaves a hole"],
    ["bytes left over", fileOf({ a: entry(0, 4) }, 8), "belongs to nothing"],
    ["shape and range disagree", fileOf({ a: entry(0, 8, [3]) }, 8), "takes 12 bytes but"],
    ["a dimension of 2^60", fileOf({ a: entry(0, 8, [2 ** 60]) }, 8), "whole numbers"],
    ["a product of 2^60", fileOf({ a: entry(0, 8, [2 ** 30, 2 ** 30]) }, 8), "takes 461"],
    ["a negative dimension", fileOf({ a: entry(0, 8, [-2, -1]) }, 8), "whole numbers"],
    ["a fraction", fileOf({ a: entry(0, 8, [0.5, 4]) }, 8), "whole numbers"],
    ["unknown type", fileOf({ a: entry(0, 8, [2], "F7") }, 8), 'type "F7"'],
    ["inherited type", fileOf({ a: entry(0, 8, [2], "toString") }, 8), 'type "toString"'],
    ["no type", fileOf({ a: { shape: [2], data_offsets: [0, 8] } }, 8), "is unknown"],
    ["reversed range", fileOf({ a: entry(8, 0, [2]) }, 8), "[begin, end]"],
    ["one offset", fileOf({ a: { ...entry(0, 8), data_offsets: [0] } }, 8), "[begin, end]"],
    ["entry is a number", fileOf({ a: 3 }, 0), "JSON object"],
    ["metadata isn't strings", fileOf({ __metadata__: { a: 1 } }, 0), "hold strings"],
    [
      "a name twice",
      fileOf(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(4, 8))}}`, 8),
      'names "a" twice',
    ],
  ];
  for (const [name, file, expected] of cases) {
    await t.step(name, () => assertBad(file, expected));
  }
});

Deno.test("a claim is never believed: any cut of a good file is an error", async () => {
  const bytes = encodeSafetensors([["a", { shape: [5], data: new Float32Array(5) }]]);
  for (let length = 0; length < bytes.length; length++) {
    await assertRejects(() => SafetensorsFile.open(bytes.slice(0, length)), SafetensorsError);
  }
});

Deno.test("asking for what isn't there names what is", async () => {
  const file = await SafetensorsFile.open(
    encodeSafetensors([["ids", { shape: [1], data: new Int32Array(1) }]]),
  );
  await assertRejects(
    () => file.read("w"),
    SafetensorsError,
    'No tensor named "w"; the file has ids',
  );
  await assertRejects(
    () => file.readFloat32("ids"),
    SafetensorsError,
    "to hold floats but it holds I32",
  );
});

Deno.test("a file that shrinks after opening is an error", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(
      path,
      encodeSafetensors([["a", { shape: [9], data: new Float32Array(9) }]]),
    );
    const file = await SafetensorsFile.open(path);
    await Deno.truncate(path, 64);
    await assertRejects(() => file.read("a"), SafetensorsError, "changed while it was open");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("writing checks names, shapes and types", () => {
  const data = new Float32Array(2);
  const write = (name: string, shape: number[], dtype: "F32" | "I32" = "F32") => () =>
    encodeSafetensors([[name, { shape, data, dtype }]]);
  assertThrows(write("w", [3]), SafetensorsError, "needs 3 elements but its data has 2");
  assertThrows(write("w", [2], "I32"), SafetensorsError, "cannot be stored as I32");
  assertThrows(write("__metadata__", [2]), SafetensorsError, "is taken");
  assertThrows(
    () => encodeSafetensors([["a", { shape: [2], data }], ["a", { shape: [2], data }]]),
    SafetensorsError,
    "is taken",
  );
});

Deno.test("bfloat16 rounds to nearest, ties to even, and keeps NaN and infinity", () => {
  const bits = (...words: number[]) => new Float32Array(new Uint32Array(words).buffer);
  assertEquals(
    toBfloat16(bits(0x3f808000, 0x3f818000, 0x3f808001, 0xff800000, 0x7f7fffff, 0x00000001)),
    new Uint16Array([0x3f80, 0x3f82, 0x3f81, 0xff80, 0x7f80, 0]),
  );
  assertEquals(fromBfloat16(toBfloat16(bits(0x7f800001))), new Float32Array([NaN]));
});
