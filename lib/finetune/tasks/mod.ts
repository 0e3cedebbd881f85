/**
 * Ready tasks on the real corpora: texts, tokens and questions with labels, in three parts.
 *
 * @module
 */
export { addressName, taskAddresses } from "./split_addresses.ts";
export * from "./questions/mod.ts";
export { punctuationTask } from "./punctuation.ts";
export { sentencesOf } from "./sentences.ts";
export { type SentimentOptions, sentimentTask } from "./reviews.ts";
export {
  type MailExample,
  spamExamples,
  type SpamOptions,
  spamTask,
  withoutGiveaways,
} from "./spam.ts";
export type {
  ClassificationTask,
  Parts,
  QuestionAnsweringTask,
  QuestionExample,
  Task,
  TaskInfo,
  TextExample,
  TokenExample,
  TokenTask,
} from "./task.ts";
export { agreementTask, periodTask, prepositionTask } from "./text_tasks.ts";
