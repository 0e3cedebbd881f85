/**
 * The header of a safetensors file: eight bytes of length (little-endian), then JSON that names
 * every tensor with its type, shape and byte range. A file may come from anywhere, so nothing is
 * believed: each claim is checked against the file's real size before anyone allocates for it.
 *
 * Format: https://huggingface.co/docs/safetensors/index#format
 */

/** The element types of the format that this library knows. */
export type SafetensorsType =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** Bytes an element. */
export const BYTES_PER_ELEMENT: Readonly<Record<SafetensorsType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

/** Where a tensor lies: `begin` and `end` count bytes from the start of the file. */
export interface SafetensorsEntry {
  /** Kind of element. */
  readonly dtype: SafetensorsType;
  /** Sizes along each dimension. */
  readonly shape: readonly number[];
  /** The first byte. */
  readonly begin: number;
  /** The byte after the last. */
  readonly end: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that breaks the format's rules, or a tensor asked for that isn't as expected. */
export class SafetensorsError extends Error {
  /** The class of the error. */
  override name = "SafetensorsError";
}

/** The longest header the format allows. */
const LONGEST_HEADER = 100_000_000;

/**
 * The number of bytes of JSON after the first eight.
 *
 * @param first The file's first eight bytes, or fewer if it is shorter.
 * @param fileSize Bytes in the whole file.
 * @throws {SafetensorsError} If the file is too short for what it claims.
 */
export function headerLength(first: Uint8Array, fileSize: number): number {
  if (fileSize < 8 || first.length < 8) {
    throw new SafetensorsError(
      `Expected a safetensors file of at least 8 bytes but found ${fileSize}: it is truncated or another format`,
    );
  }
  const claimed = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (claimed > BigInt(fileSize - 8)) {
    throw new SafetensorsError(
      `The header claims ${claimed} bytes but only ${
        fileSize - 8
      } follow: the file is truncated, or not safetensors`,
    );
  }
  if (claimed > LONGEST_HEADER) {
    throw new SafetensorsError(
      `The header claims ${claimed} bytes; the format allows at most ${LONGEST_HEADER}`,
    );
  }
  return Number(claimed);
}

/**
 * Reads and checks the JSON of a header.
 *
 * @param json The header's bytes, without the eight of its length.
 * @param fileSize Bytes in the whole file.
 * @throws {SafetensorsError} If any claim is malformed, overlaps another or leaves the file.
 */
export function parseHeader(json: Uint8Array, fileSize: number): SafetensorsHeader {
  const parsed = parseJson(json);
  const start = 8 + json.length;
  const tensors = new Map<string, SafetensorsEntry>();
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "__metadata__") readMetadata(value, metadata);
    else tensors.set(name, readEntry(name, value, start, fileSize));
  }
  checkLayout(tensors, start, fileSize);
  return { tensors, metadata };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SafetensorsError("The header is not JSON: the file is damaged, or not safetensors", {
      cause,
    });
  }
  if (!isObject(parsed)) {
    throw new SafetensorsError("Expected the header to be a JSON object of tensors");
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) {
    throw new SafetensorsError(
      `The header names ${JSON.stringify(twice)} twice, so which is meant is unknown`,
    );
  }
  return parsed;
}

/** The first key that an object of this valid JSON holds twice; `JSON.parse` keeps the last. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
}

function readMetadata(value: unknown, into: Map<string, string>): void {
  if (!isObject(value)) throw new SafetensorsError("Expected __metadata__ to be a JSON object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") {
      throw new SafetensorsError(
        `Expected __metadata__ to hold strings but ${JSON.stringify(key)} is a ${typeof text}`,
      );
    }
    into.set(key, text);
  }
}

function readEntry(name: string, value: unknown, start: number, fileSize: number) {
  const where = `tensor ${JSON.stringify(name)}`;
  if (!isObject(value)) throw new SafetensorsError(`Expected ${where} to be a JSON object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES_PER_ELEMENT, dtype)) {
    throw new SafetensorsError(
      `The type ${JSON.stringify(dtype)} of ${where} is unknown; known are ${
        Object.keys(BYTES_PER_ELEMENT).join(", ")
      }`,
    );
  }
  if (!isCounts(shape)) {
    throw new SafetensorsError(
      `Expected the shape of ${where} to be whole numbers but found ${JSON.stringify(shape)}`,
    );
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new SafetensorsError(
      `Expected the data_offsets of ${where} to be [begin, end] but found ${
        JSON.stringify(offsets)
      }`,
    );
  }
  const begin = start + offsets[0]!;
  const end = start + offsets[1]!;
  if (end > fileSize) {
    throw new SafetensorsError(
      `The data of ${where} ends at byte ${end} but the file has ${fileSize}: it is truncated`,
    );
  }
  const type = dtype as SafetensorsType;
  const bytes = shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT[type]);
  if (bytes !== end - begin) {
    throw new SafetensorsError(
      `${where} of ${type} and shape [${
        shape.join(", ")
      }] takes ${bytes} bytes but its range holds ${end - begin}`,
    );
  }
  return { dtype: type, shape, begin, end };
}

/** Ranges must follow one another without overlaps or holes, up to the end of the file. */
function checkLayout(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  start: number,
  fileSize: number,
): void {
  const ordered = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = start;
  for (const [name, { begin, end }] of ordered) {
    if (begin !== reached) {
      throw new SafetensorsError(
        `The data of tensor ${JSON.stringify(name)} ${
          begin < reached ? "overlaps the one before" : "leaves a hole before it"
        }: it begins at byte ${begin}, expected ${reached}`,
      );
    }
    reached = end;
  }
  if (reached !== fileSize) {
    throw new SafetensorsError(
      `The tensors end at byte ${reached} but the file has ${fileSize}: the rest belongs to nothing`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
