/**
 * Reads and writes safetensors, the file format of nearly all published models.
 *
 * Reading is lazy: opening a file reads its header only, and {@linkcode SafetensorsFile.read} reads
 * one tensor's bytes. Tensors come as plain typed arrays with a shape.
 *
 * @module
 */
import {
  BYTES_PER_ELEMENT,
  headerLength,
  parseHeader,
  type SafetensorsEntry,
  SafetensorsError,
  type SafetensorsHeader,
  type SafetensorsType,
} from "./safetensors_header.ts";
import { fromBfloat16, toBfloat16 } from "./half_floats.ts";

export { SafetensorsError, type SafetensorsType };

/** The arrays a tensor's elements come in. `BOOL` and `U8` share one, `F16` and `BF16` are widened. */
export type StoredData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** A tensor as it is stored: its elements row by row. */
export interface StoredTensor {
  /** Kind of element. */
  readonly dtype: SafetensorsType;
  /** Sizes along each dimension. */
  readonly shape: readonly number[];
  /** The elements row by row. */
  readonly data: StoredData;
}

/** Something with bytes that can be read in part: a file, memory, a server that knows ranges. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Reads `length` bytes from `offset`; fewer only if the source ends before. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** An opened safetensors file: its header, and the tensors on demand. */
export class SafetensorsFile {
  readonly #source: ByteSource;
  readonly #header: SafetensorsHeader;

  private constructor(source: ByteSource, header: SafetensorsHeader) {
    this.#source = source;
    this.#header = header;
  }

  /**
   * Reads and checks the header, no tensor.
   *
   * @param source A path or file URL, the file's bytes, or anything that reads ranges.
   * @throws {SafetensorsError} If the file breaks the format's rules.
   *
   * @example
   * ```ts
   * import { encodeSafetensors, SafetensorsFile } from "@tunebook/tensor";
   * import { assertEquals } from "@std/assert";
   *
   * const bytes = encodeSafetensors([["bias", { shape: [2], data: new Float32Array([1, 2]) }]]);
   * const file = await SafetensorsFile.open(bytes);
   * assertEquals(file.names, ["bias"]);
   * assertEquals((await file.read("bias")).data, new Float32Array([1, 2]));
   * ```
   */
  static async open(source: string | URL | Uint8Array | ByteSource): Promise<SafetensorsFile> {
    const from = typeof source === "string" || source instanceof URL
      ? await fileSource(source)
      : source instanceof Uint8Array
      ? memorySource(source)
      : source;
    const length = headerLength(await from.read(0, Math.min(8, from.size)), from.size);
    const json = await from.read(8, length);
    return new SafetensorsFile(from, parseHeader(json, from.size));
  }

  /** The tensors' names, in the header's order. */
  get names(): string[] {
    return [...this.#header.tensors.keys()];
  }

  /** The strings stored beside the tensors. */
  get metadata(): ReadonlyMap<string, string> {
    return this.#header.metadata;
  }

  /** A tensor's type, shape and byte range, without reading it. */
  entry(name: string): SafetensorsEntry {
    const entry = this.#header.tensors.get(name);
    if (entry === undefined) {
      throw new SafetensorsError(
        `No tensor named ${JSON.stringify(name)}; the file has ${
          this.names.slice(0, 10).join(", ") || "none"
        }${this.names.length > 10 ? ", …" : ""}`,
      );
    }
    return entry;
  }

  /**
   * Reads one tensor.
   *
   * @throws {SafetensorsError} If there is none of that name or the file has become shorter.
   */
  async read(name: string): Promise<StoredTensor> {
    const { dtype, shape, begin, end } = this.entry(name);
    const bytes = await this.#source.read(begin, end - begin);
    if (bytes.length !== end - begin) {
      throw new SafetensorsError(
        `Expected ${end - begin} bytes of tensor ${
          JSON.stringify(name)
        } but found ${bytes.length}: the file changed while it was open`,
      );
    }
    return { dtype, shape, data: decode(bytes, dtype) };
  }

  /**
   * Reads one tensor of floats of any width as float32.
   *
   * @throws {SafetensorsError} If it holds integers, or as {@linkcode SafetensorsFile.read} does.
   */
  async readFloat32(
    name: string,
  ): Promise<{ shape: readonly number[]; data: Float32Array<ArrayBuffer> }> {
    const { dtype } = this.entry(name);
    if (!dtype.includes("F")) {
      throw new SafetensorsError(
        `Expected tensor ${JSON.stringify(name)} to hold floats but it holds ${dtype}; use read()`,
      );
    }
    const { shape, data } = await this.read(name);
    return {
      shape,
      data: data instanceof Float32Array ? data : new Float32Array(data as Float64Array),
    };
  }
}

/** What {@linkcode encodeSafetensors} takes for a tensor; a `Tensor` will do. */
export interface TensorToStore {
  /** Sizes along each dimension. */
  readonly shape: readonly number[];
  /** The elements row by row. */
  readonly data: StoredData | Float32Array | Int32Array;
  /** Stores floats in another width, or bytes as `BOOL`; by default as the array holds them. */
  readonly dtype?: SafetensorsType | "float32" | "int32";
}

/**
 * The bytes of a safetensors file. The same tensors give the same bytes: they are laid out by width
 * and then by name, so that each is aligned.
 *
 * @param tensors Pairs of name and tensor, such as a `Map`.
 * @param metadata Strings to store beside them.
 * @throws {SafetensorsError} If a name is there twice, or a shape and its data disagree.
 *
 * @example
 * ```ts
 * import { encodeSafetensors, SafetensorsFile } from "@tunebook/tensor";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Float32Array([0.5, -2]);
 * const bytes = encodeSafetensors([["w", { shape: [1, 2], data, dtype: "F16" }]], { by: "me" });
 * const file = await SafetensorsFile.open(bytes);
 * assertEquals((await file.readFloat32("w")).data, data);
 * assertEquals(file.metadata.get("by"), "me");
 * ```
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, TensorToStore]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const encoded = [...tensors].map(([name, tensor]) => encode(name, tensor));
  encoded.sort((a, b) => b.width - a.width || (a.name < b.name ? -1 : 1));
  // A null prototype: a tensor may be called "__proto__".
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let size = 0;
  for (const { name, dtype, shape, bytes } of encoded) {
    if (name === "__metadata__" || name in header) {
      throw new SafetensorsError(`The name ${JSON.stringify(name)} is taken; give each its own`);
    }
    header[name] = { dtype, shape, data_offsets: [size, size + bytes.length] };
    size += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8; // the format pads the header with spaces
  const file = new Uint8Array(start + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.fill(0x20, 8, start);
  file.set(json, 8);
  let offset = start;
  for (const { bytes } of encoded) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

function encode(name: string, { shape, data, dtype: wanted }: TensorToStore) {
  const natural = wanted === undefined || wanted === "float32" || wanted === "int32";
  const dtype = natural ? naturalType(data) : wanted;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new SafetensorsError(
      `Tensor ${JSON.stringify(name)} of shape [${
        shape.join(", ")
      }] needs ${count} elements but its data has ${data.length}`,
    );
  }
  const array = convert(name, data, dtype);
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return { name, dtype, shape, bytes, width: BYTES_PER_ELEMENT[dtype] };
}

/** Arrays of each type; a half float is an array of its own or of bits. */
const NATURAL: ReadonlyArray<
  readonly [SafetensorsType, { new (buffer: ArrayBuffer): StoredData }]
> = [
  ["F64", Float64Array],
  ["F32", Float32Array],
  ["I64", BigInt64Array],
  ["U64", BigUint64Array],
  ["I32", Int32Array],
  ["U32", Uint32Array],
  ["I16", Int16Array],
  ["U16", Uint16Array],
  ["I8", Int8Array],
  ["U8", Uint8Array],
  ["BOOL", Uint8Array],
];

function naturalType(data: TensorToStore["data"]): SafetensorsType {
  return NATURAL.find(([, array]) => data instanceof array)![0];
}

function convert(name: string, data: TensorToStore["data"], dtype: SafetensorsType) {
  if (dtype === naturalType(data) || (dtype === "BOOL" && data instanceof Uint8Array)) return data;
  if (data instanceof Float32Array || data instanceof Float64Array) {
    if (dtype === "F64") return new Float64Array(data);
    if (dtype === "F32") return new Float32Array(data);
    if (dtype === "F16") return new Float16Array(data);
    if (dtype === "BF16") return toBfloat16(new Float32Array(data));
  }
  throw new SafetensorsError(
    `Tensor ${JSON.stringify(name)} is ${naturalType(data)} and cannot be stored as ${dtype}`,
  );
}

function decode(bytes: Uint8Array<ArrayBuffer>, dtype: SafetensorsType): StoredData {
  // A copy where the bytes are part of something: it starts aligned, and doesn't keep the rest alive.
  const { buffer } = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  if (dtype === "F16") return new Float32Array(new Float16Array(buffer));
  if (dtype === "BF16") return fromBfloat16(new Uint16Array(buffer));
  const array = NATURAL.find(([name]) => name === dtype)![1];
  return new array(buffer);
}

function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
}

/** Opens the file anew for each read, so that nothing stays open between cells. */
async function fileSource(path: string | URL): Promise<ByteSource> {
  return {
    size: (await Deno.stat(path)).size,
    async read(offset, length) {
      using file = await Deno.open(path);
      await file.seek(offset, Deno.SeekMode.Start);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = await file.read(bytes.subarray(filled));
        if (count === null) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
  };
}
