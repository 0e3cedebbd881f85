import { modelFromConfig, TextModel } from "@tunebook/models";
import { encodeSafetensors } from "@tunebook/tensor";
import type { AdapterFiles } from "@tunebook/finetune";
import { Reference } from "../../tensor_reference/reference.ts";

/** A base model, or an adapter on one; `tests/reference/make_peft.py` writes them. */
export interface PeftCase {
  readonly id: string;
  /** A base, an adapter by PEFT, or one of a method that PEFT doesn't have, by PyTorch. */
  readonly kind: "base" | "adapter" | "own";
  readonly config: Record<string, unknown>;
  /** Of a base: the names of its weights. */
  readonly state: readonly string[];
  /** Of an adapter: the base's id. */
  readonly base: string;
  /** Whether there is an output for each token; those of padding don't matter. */
  readonly ofTokens: boolean;
  readonly padded: boolean;
  /** The names of its tensors in files. */
  readonly stored: readonly string[];
  /** The names of what trains: those in files, unless files hold something computed from it. */
  readonly trained: readonly string[];
  /** What PEFT printed. */
  readonly summary: string;
}

/** What Hugging Face PEFT computed. */
export const references: Reference<PeftCase> = await Reference.read<PeftCase>("peft");

/** The adapters among the cases. */
export const adapters: readonly PeftCase[] = references.cases.filter((c) => c.kind !== "base");

/** A base model with the weights that PEFT had. */
export function baseModel(id: string): TextModel {
  const { config, state } = references.cases.find((one) => one.id === id)!;
  const model = modelFromConfig(config);
  model.loadStoredState(state.map((name) => [name, references.get(id, `state.${name}`)] as const));
  if (!(model instanceof TextModel)) throw new Error(`${id} reads no texts`);
  return model.eval() as TextModel;
}

/** The files of an adapter, as PEFT wrote them. */
export function filesOf({ id, stored, config }: PeftCase, part = "adapter"): AdapterFiles {
  const tensors = stored.map((name) => {
    const { shape, data } = references.get(id, `${part}.${name}`);
    return [name, { shape, data }] as const;
  });
  return { config, tensors: encodeSafetensors(tensors) };
}
