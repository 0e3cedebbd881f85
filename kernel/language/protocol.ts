/**
 * What is used of the Language Server Protocol.
 *
 * @module
 */

/** A place in a document; both count from 0, characters in UTF-16. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A part of a document. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something wrong. */
export interface Diagnostic {
  readonly range: Range;
  /** 1 is an error, 2 a warning; hints about style are 4. */
  readonly severity?: number;
  readonly code?: number | string;
  readonly source?: string;
  readonly message: string;
}

/** Text in one of two forms. */
export type Markup = string | { readonly kind: "markdown" | "plaintext"; readonly value: string };

/** A proposal for what comes at the cursor. */
export interface CompletionItem {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly filterText?: string;
  readonly insertText?: string;
  readonly detail?: string;
  readonly documentation?: Markup;
  readonly textEdit?: {
    readonly range?: Range;
    readonly insert?: Range;
    readonly newText: string;
  };
  readonly additionalTextEdits?: readonly unknown[];
  readonly data?: unknown;
}

/** Proposals, with or without a note that there would be more. */
export type Completions = readonly CompletionItem[] | { readonly items: readonly CompletionItem[] };

/** What is known of a name. */
export interface Hover {
  readonly contents:
    | Markup
    | readonly (string | { readonly language: string; readonly value: string })[];
  readonly range?: Range;
}

/** The ways in which a function may be called. */
export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    /** Of this signature; else that of the help counts. */
    readonly activeParameter?: number;
    readonly parameters?: readonly {
      readonly label: string | readonly [number, number];
      readonly documentation?: Markup;
    }[];
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number;
}

/** The text of a markup. */
export function markupText(markup: Markup | undefined): string {
  return typeof markup === "string" ? markup : markup?.value ?? "";
}
