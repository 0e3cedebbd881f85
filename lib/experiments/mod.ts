/**
 * Experiments: one run of fine-tuning as plain data, methods by name, learning rates chosen by
 * validation, lists of runs that go on where they were stopped, and comparisons.
 *
 * @module
 */
export { drawExamples } from "./draw.ts";
export type { CutAt } from "./encoding.ts";
export * from "./fit/mod.ts";
export {
  frozenMethod,
  type Method,
  partMethod,
  peftMethod,
  type Prepared,
} from "./methods/method.ts";
export { lastBlocks, methodNamed, METHODS } from "./methods/registry.ts";
export type { ClassificationData } from "./problems/classification.ts";
export type { Measures, ModelFactory, ModelRequest, ProblemKind } from "./problems/problem.ts";
export type { QuestionData } from "./problems/spans.ts";
export type { TokenData } from "./problems/tokens.ts";
export { type MachineInfo, machineInfo } from "./machine.ts";
export {
  readRuns,
  runAll,
  type RunAllOptions,
  type RunFile,
  RunFileError,
  type RunRow,
  type RunsProgress,
} from "./runs.ts";
export { type Claim, judge, type Judgement, type Outcome } from "./claims/claim.ts";
export {
  type Experiment,
  experimentCommand,
  experimentResults,
  runExperiment,
  withoutTiming,
} from "./claims/experiment.ts";
export { differenceOver, type Figure, meanOver, type Seeded, testScore } from "./statistics.ts";
export {
  type RateSearch,
  type RateTrial,
  tune,
  type Tuned,
  type TunedRate,
  type TuneOptions,
  tuneRate,
  type Watched,
} from "./tune.ts";
export {
  type BaselineOptions,
  type BaselineResult,
  majorityBaseline,
  tfidfBaseline,
} from "./baselines/mod.ts";
export {
  baseStudy,
  gainOfPretraining,
  STUDY_FILE,
  type StudyKey,
  studyTable,
  type StudyValue,
} from "./base_study.ts";
export {
  type AnswerScores,
  fitAnswers,
  QUESTION_SETS,
  QUESTION_STUDY_FILE,
  type QuestionSet,
  questionStudy,
  type QuestionStudyKey,
  questionStudyTable,
  type QuestionStudyValue,
  type QuestionTests,
  questionTests,
} from "./question_study.ts";
export {
  compareMethods,
  type CompareOptions,
  type CompareProgress,
  type Contestant,
  type RunSize,
} from "./compare/compare.ts";
export { COMPARISON } from "./compare/recorded.ts";
export { languageLoss, tunedLanguageLoss, type Windows, windowsOf } from "./compare/forgetting.ts";
export { comparisonFigures, type ComparisonRow, comparisonTable } from "./compare/summary.ts";
export { trainingTask, type TrainingTaskOptions } from "./training_task.ts";
