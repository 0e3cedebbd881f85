import type { Module } from "@tunebook/nn";
import type { Adapter } from "./adapter.ts";
import { PeftError } from "./errors.ts";
import { type AnyConfigured, configure, methodOf, type PeftMethod } from "./method.ts";
import { headNames, taskOf } from "./tasks.ts";

/** What `adapter_config.json` holds for an adapter. */
export function adapterConfigJson(
  model: Module,
  { configured, built }: Adapter,
  baseModel: string | null,
): Record<string, unknown> {
  const { method, config } = configured;
  const options = Object.entries(config).map(([name, value]) => [
    keyOf(method, name),
    value instanceof RegExp ? value.source : value,
  ]);
  const saved = [...new Set([...config.modulesToSave ?? [], ...headNames(model)])];
  return {
    auto_mapping: null,
    base_model_name_or_path: baseModel,
    inference_mode: true,
    peft_type: method.peftType,
    revision: null,
    task_type: taskOf(model),
    ...Object.fromEntries(options),
    modules_to_save: saved.length > 0 ? saved : null,
    ...built.resolved,
  };
}

/**
 * The configuration that an `adapter_config.json` holds.
 *
 * @throws {PeftError} If the method is unknown, or an option can't be honoured.
 */
export function readAdapterConfig(json: unknown): AnyConfigured {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new PeftError("Expected adapter_config.json to hold a JSON object");
  }
  const given = json as Record<string, unknown>;
  const method = methodOf(given.peft_type);
  const unknown = (method.unsupported ?? []).filter((key) => isSet(given[key]));
  if (unknown.length > 0) {
    throw new PeftError(
      `adapter_config.json sets ${unknown.join(", ")}, which this library's ${method.title} ` +
        "doesn't offer; the adapter would compute something else",
    );
  }
  const read = method.read?.(given) ?? given;
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(method.presets)) {
    const value = read[keyOf(method, name)];
    if (value !== undefined) options[name] = value;
  }
  return configure(method, options);
}

function keyOf(method: PeftMethod, option: string): string {
  const keys: Readonly<Record<string, string | undefined>> = method.keys ?? {};
  return keys[option] ?? option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
