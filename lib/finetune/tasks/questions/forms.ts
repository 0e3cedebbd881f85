import type { QuestionForm } from "./form.ts";
import { amounts } from "./forms/amounts.ts";
import { people } from "./forms/people.ts";
import { places } from "./forms/places.ts";
import { reasons } from "./forms/reasons.ts";
import { relations } from "./forms/relations.ts";
import { times } from "./forms/times.ts";

/** Every form of question. */
export const questionForms: readonly QuestionForm[] = [
  ...times,
  ...amounts,
  ...people,
  ...reasons,
  ...relations,
  ...places,
];

/** The forms that training never shows; near them stand others, such as "when" and "by whom". */
const HELD_OUT: readonly string[] = ["how long", "to whom", "from what"];

/** The forms to train on. */
export const trainingForms: readonly QuestionForm[] = questionForms.filter(({ name }) =>
  !HELD_OUT.includes(name)
);

/** The forms that only the test has. */
export const heldOutForms: readonly QuestionForm[] = questionForms.filter(({ name }) =>
  HELD_OUT.includes(name)
);
