import { Template } from "@huggingface/jinja";
import { type ChatTemplate, checkMessages, type RenderedChat } from "./conversation.ts";

/** `{% generation %}` or `{% endgeneration %}`, with what controls the white space around it. */
const GENERATION = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;

/** Two code points that Unicode keeps out of texts: here an answer begins, here it ends. */
const BEGIN = "\uFDD0", END = "\uFDD1";

/**
 * A `chat_template` of Hugging Face, as `tokenizer_config.json` holds it: Jinja, rendered by
 * `@huggingface/jinja`.
 *
 * Where the template has `{% generation %} … {% endgeneration %}` around what the assistant says,
 * as transformers and TRL's training templates do, the answers are known.
 *
 * @param source The template.
 * @param variables What else the template may name, such as `bos_token`, `eos_token` and `tools`.
 * @throws {SyntaxError} If it isn't Jinja.
 *
 * @example
 * ```ts
 * import { jinjaTemplate } from "@tunebook/finetune";
 * import { assertEquals } from "@std/assert";
 *
 * const template = jinjaTemplate(
 *   "{{ bos_token }}{% for message in messages %}[{{ message.role }}] " +
 *     "{% if message.role == 'assistant' %}{% generation %}{{ message.content }}" +
 *     "{% endgeneration %}{% else %}{{ message.content }}{% endif %} {% endfor %}",
 *   { bos_token: "<s>" },
 * );
 * const { text, answers } = template.render([
 *   { role: "user", content: "2 + 2?" },
 *   { role: "assistant", content: "4" },
 * ]);
 * assertEquals(text, "<s>[user] 2 + 2? [assistant] 4 ");
 * assertEquals(answers!.map(([start, end]) => text.slice(start, end)), ["4"]);
 * ```
 */
export function jinjaTemplate(
  source: string,
  variables: Readonly<Record<string, unknown>> = {},
): ChatTemplate {
  // The package drops the tag. A block in its place, which writes a mark, treats white space alike.
  const marked = source.replaceAll(
    GENERATION,
    (_, left, end, right) => `{%${left} if true %}{{ "${end ? END : BEGIN}" }}{% endif ${right}%}`,
  );
  const tells = marked !== source;
  let template: Template;
  try {
    template = new Template(marked);
  } catch (error) {
    throw new SyntaxError(
      `Expected a chat_template in Jinja but found one that can't be read: ` +
        (error as Error).message,
      { cause: error },
    );
  }
  return {
    render(messages, { addGenerationPrompt = false } = {}) {
      checkMessages(messages);
      const rendered = template.render({
        ...variables,
        messages,
        add_generation_prompt: addGenerationPrompt,
      });
      return tells ? withoutMarks(rendered) : { text: rendered, answers: undefined };
    },
  };
}

function withoutMarks(marked: string): RenderedChat {
  const answers: [number, number][] = [];
  let text = "", start = 0;
  for (const [, piece, mark] of marked.matchAll(/([^\uFDD0\uFDD1]*)([\uFDD0\uFDD1]?)/g)) {
    text += piece;
    if (mark === BEGIN) start = text.length;
    else if (mark === END) answers.push([start, text.length]);
  }
  return { text, answers };
}
