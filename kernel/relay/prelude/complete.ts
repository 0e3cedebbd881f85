/**
 * What can follow at the cursor. Names are listed from property descriptors: no getter is run.
 *
 * @module
 */
import { lexicalNames, lookUp } from "./evaluator.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const OURS = new Set(["__cell", "__kernel"]);

/**
 * The names that may follow a path.
 *
 * @param path The names before the cursor: `["Deno", "errors"]` for `Deno.errors.`; empty for a
 * name on its own.
 */
export async function completions(path: readonly string[]): Promise<string[]> {
  const [root, ...rest] = path;
  if (root === undefined) {
    return unique([...await lexicalNames(), ...propertyNames(globalThis)]);
  }
  const found = await lookUp(root);
  let value = found?.value;
  for (const name of rest) value = dataProperty(value, name);
  return propertyNames(value);
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
