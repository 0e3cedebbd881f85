/** Who speaks: the one who sets the rules, the one who asks, the model. */
export type Role = "system" | "user" | "assistant";

/** One turn of a conversation. */
export interface Message {
  /** Who speaks. */
  role: Role;
  /** What is said. */
  content: string;
}

/** A text of which some parts are the model's answers. */
export interface RenderedChat {
  /** What the model reads. */
  text: string;
  /**
   * Where the answers are, `[first character, the one behind the last]` each, in order;
   * undefined if the template doesn't tell.
   */
  answers: readonly (readonly [start: number, end: number])[] | undefined;
}

/** What {@linkcode ChatTemplate.render} may add. */
export interface RenderOptions {
  /**
   * Whether to end with the opening of an answer, for the model to go on from.
   *
   * @default {false}
   */
  addGenerationPrompt?: boolean;
}

/** How a conversation becomes one text. */
export interface ChatTemplate {
  /** The text, and where in it the assistant's answers are. */
  render(messages: readonly Message[], options?: RenderOptions): RenderedChat;
}

/**
 * Makes sure that there is something to render.
 *
 * @throws {TypeError} If there is no message, or one without a role or text.
 */
export function checkMessages(messages: readonly Message[]): void {
  if (messages.length === 0) {
    throw new TypeError("Expected at least one message but found an empty conversation");
  }
  for (const [i, { role, content }] of messages.entries()) {
    if (typeof role === "string" && typeof content === "string") continue;
    throw new TypeError(
      `Expected message ${i} to be { role, content }, both text, but found ` +
        `${JSON.stringify(messages[i])}`,
    );
  }
}
