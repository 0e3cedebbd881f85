import { Model } from "@tunebook/models";
import type { Module } from "@tunebook/nn";
import { list, PeftError } from "./errors.ts";
import { baseModules } from "./layer.ts";

/** PEFT's names of tasks, by what Hugging Face's classes end in, and the heads that train with each. */
const TASKS: readonly (readonly [ending: RegExp, task: string | null, heads: readonly string[]])[] =
  [
    [/(LMHeadModel|ForCausalLM)$/, "CAUSAL_LM", []],
    [/ForSequenceClassification$/, "SEQ_CLS", ["classifier", "score"]],
    // PEFT has no name for it; its examples leave the task out and save the classifier.
    [/ForImageClassification$/, null, ["classifier"]],
    [/ForTokenClassification$/, "TOKEN_CLS", ["classifier", "score"]],
    [/ForQuestionAnswering$/, "QUESTION_ANS", ["qa_outputs"]],
    [/Model$/, "FEATURE_EXTRACTION", []],
  ];

/** PEFT's name of what a model is for; `null` where it has none. */
export function taskOf(model: Module): string | null {
  return entryOf(model)?.[1] ?? null;
}

function entryOf(model: Module) {
  return model instanceof Model ? TASKS.find(([end]) => end.test(model.architecture)) : undefined;
}

/**
 * The paths of the modules that train as a whole: those a configuration names, and the head of a
 * classifier, which is new.
 *
 * @throws {PeftError} If there is no module of a name; it lists what there is.
 */
export function savedModules(model: Module, named: readonly string[] | null): string[] {
  const heads = headNames(model);
  const all = [...baseModules(model)].map(([path]) => path).filter((path) => path !== "");
  const at = (name: string) => all.filter((path) => path === name || path.endsWith(`.${name}`));
  const found = (named ?? []).flatMap((name) => {
    const paths = at(name);
    // PEFT's files name every head that a model for such a task might have.
    if (paths.length > 0 || heads.includes(name)) return paths;
    throw new PeftError(
      `modulesToSave names ${
        JSON.stringify(name)
      }, which ${model.constructor.name} doesn't have; ` +
        `there are ${list(new Set(all.map((path) => path.split(".").at(-1)!)))}`,
    );
  });
  return [...new Set([...found, ...heads.filter((name) => all.includes(name))])];
}

/** The names that a head may have in models for the same task; none where the head isn't new. */
export function headNames(model: Module): readonly string[] {
  return entryOf(model)?.[2] ?? [];
}
