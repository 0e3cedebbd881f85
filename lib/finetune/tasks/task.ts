import type { Dataset } from "@tunebook/data";

/** A text with its label. */
export interface TextExample {
  /** What the model reads. */
  text: string;
  /** The place of its label in {@linkcode ClassificationTask.labels}. */
  label: number;
  /** The document or author it comes from; no group is in two parts of the split. */
  group: string;
}

/** The three parts of a task's data. */
export interface Parts<Example> {
  /** To train on. */
  train: Dataset<Example>;
  /** To choose by. */
  validation: Dataset<Example>;
  /** To measure with, once. */
  test: Dataset<Example>;
}

/** What is common to all tasks. */
export interface TaskInfo {
  /** A short name, such as `period`. */
  name: string;
  /** What is asked, in a sentence. */
  description: string;
  /**
   * Where the labels come from: `"people"` judged each example, `"record"` means a fact known about
   * it (such as a year), `"constructed"` that they were taken out of the text itself.
   */
  labelledBy: "people" | "record" | "constructed";
}

/** To each text one of a few labels. */
export interface ClassificationTask extends TaskInfo, Parts<TextExample> {
  /** Tells it from the other kinds. */
  kind: "classification";
  /** The labels' names. */
  labels: readonly string[];
}

/** To each token of a text one of a few labels. */
export interface TokenExample {
  /** The words, each with what separates it from the one before. */
  words: string[];
  /** For each word the place of its label in {@linkcode TokenTask.labels}. */
  wordLabels: number[];
  /** The document it comes from. */
  group: string;
}

/** Token classification. */
export interface TokenTask extends TaskInfo, Parts<TokenExample> {
  /** Tells it from the other kinds. */
  kind: "tokens";
  /** The labels' names. */
  labels: readonly string[];
}

/** A question, a text that holds the answer, and where. */
export interface QuestionExample {
  /** The question. */
  question: string;
  /** The text. */
  context: string;
  /** The answer's first character in the context. */
  start: number;
  /** The character behind its last. */
  end: number;
  /** How it was made: the name of a form, or `hand`. */
  form: string;
  /** The address it comes from. */
  group: string;
}

/** Extractive question answering. */
export interface QuestionAnsweringTask extends TaskInfo, Parts<QuestionExample> {
  /** Tells it from the other kinds. */
  kind: "questions";
  /** Questions in forms that training never showed. */
  heldOutForms: Dataset<QuestionExample>;
  /** Questions written one by one by reading the paragraphs, not made by rules. */
  handWritten: Dataset<QuestionExample>;
}

/** Any of the ready tasks. */
export type Task = ClassificationTask | TokenTask | QuestionAnsweringTask;
