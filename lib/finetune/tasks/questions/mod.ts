/**
 * Question answering on paragraphs of the addresses.
 *
 * @module
 */
export { type SpanAgreement, spanAgreement } from "./agreement.ts";
export { FrequentSpanBaseline } from "./baseline.ts";
export type { Pattern, QuestionForm, QuestionPart } from "./form.ts";
export { heldOutForms, questionForms, trainingForms } from "./forms.ts";
export { generateQuestions } from "./generate.ts";
export { type HandQuestion, handQuestions } from "./hand.ts";
export { paragraphsOf, withoutEditorsTraces } from "./paragraphs.ts";
export { questionAnsweringTask } from "./task.ts";
