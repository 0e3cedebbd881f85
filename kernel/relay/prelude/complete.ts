/**
 * What can follow at the cursor, and what is there. Names and values are read from property
 * descriptors: no getter is run.
 *
 * @module
 */
import { lexicalNames, lookUp } from "./evaluator.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const SHOWN_NAMES = 20;
const SHOWN_CHARACTERS = 200;
const OURS = new Set(["__cell", "__kernel"]);

/**
 * The names that may follow a path.
 *
 * @param path The names before the cursor: `["Deno", "errors"]` for `Deno.errors.`; empty for a
 * name on its own.
 */
export async function completions(path: readonly string[]): Promise<string[]> {
  if (path.length === 0) {
    return unique([...await lexicalNames(), ...propertyNames(globalThis)]);
  }
  return propertyNames((await follow(path))?.value);
}

/** A few words about what a path leads to; `undefined` when it leads nowhere. */
export async function describePath(path: readonly string[]): Promise<string | undefined> {
  const found = await follow(path);
  if (!found) return undefined;
  const { value } = found;
  const name = path.at(-1)!;
  if (typeof value === "function") {
    const source = Function.prototype.toString.call(value);
    const head = /^class\b[^{]*|^[^{]*?\)(?=\s*(?:\{|=>))/.exec(source)?.[0].trim() ?? "function";
    return `${name}: ${head}`;
  }
  if (typeof value !== "object" || value === null) {
    const text = typeof value === "string" ? JSON.stringify(value) : String(value);
    return `${name}: ${value === null ? "null" : typeof value} = ${
      text.slice(0, SHOWN_CHARACTERS)
    }`;
  }
  const kind = dataProperty(value, "constructor");
  const names = Object.getOwnPropertyNames(value).slice(0, SHOWN_NAMES);
  return `${name}: ${typeof kind === "function" ? kind.name : "Object"} { ${names.join(", ")} }`;
}

async function follow(path: readonly string[]): Promise<{ value: unknown } | undefined> {
  const [root, ...rest] = path;
  const found = await lookUp(root!);
  if (!found) return undefined;
  return { value: rest.reduce(dataProperty, found.value) };
}

function propertyNames(value: unknown): string[] {
  const names: string[] = [];
  for (let owner = boxed(value); owner; owner = Object.getPrototypeOf(owner)) {
    // A typed array has a property for every element.
    if (!ArrayBuffer.isView(owner)) names.push(...Object.getOwnPropertyNames(owner));
  }
  return unique(names.filter((name) => IDENTIFIER.test(name) && !OURS.has(name)));
}

/** The value of a property, or `undefined` when a getter would have to run. */
function dataProperty(value: unknown, name: string): unknown {
  for (let owner = boxed(value); owner; owner = Object.getPrototypeOf(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor) return descriptor.value;
  }
  return undefined;
}

function boxed(value: unknown): object | null {
  return value === null || value === undefined ? null : Object(value);
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
