/** A fine-tuning method that can't be applied, or an adapter that doesn't fit. */
export class PeftError extends Error {
  /** What kind of error it is. */
  override name = "PeftError";
}

/** Up to twenty names, for messages. */
export function list(names: Iterable<string>): string {
  const all = [...names];
  return all.length === 0 ? "none" : all.slice(0, 20).join(", ") + (all.length > 20 ? ", …" : "");
}
