/**
 * The tokens of a cell, also of one that is only half typed: the parser of `rewrite/` refuses such
 * a cell, but completion is asked for in nothing else.
 *
 * @module
 */

/** A token. */
export interface Token {
  /** `operand` stands for strings, numbers, templates and regular expressions. */
  readonly kind: "name" | "operand" | "mark";
  /** A name or mark as written; a string with its quotes. */
  readonly text: string;
  /** How many brackets are open around it; those of templates count, too. */
  readonly depth: number;
  /** Whether a line break comes before it. */
  readonly startsLine: boolean;
}

const TOKEN = new RegExp(
  [
    /(?<space>\s+|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))/,
    /(?<name>#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)/u,
    /(?<operand>\.?\d[\w.]*|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)/,
    /(?<mark>=>|\.\.\.|[^])/,
  ].map(({ source }) => source).join("|"),
  "yu",
);
const TEMPLATE = /(?:\\[^]?|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

/** Names after which an expression still has to come. */
const OPERATORS = new Set(
  ("await typeof new void delete in instanceof of as satisfies extends keyof yield return case " +
    "throw else do").split(" "),
);

/** Whether an expression may end with a token. */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === "name") return !OPERATORS.has(token.text);
  return token.kind === "operand" || [")", "]", "}"].includes(token.text);
}

/** Whether what follows a piece of code is text: of a string, a template, a comment. */
export function isInText(before: string): boolean {
  const next = "__next";
  return !tokens(before + next).some(({ kind, text }) => kind === "name" && text.endsWith(next));
}

/** Splits a cell. */
export function tokens(code: string): Token[] {
  const found: Token[] = [];
  const open: string[] = [];
  let startsLine = true;
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(code)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  const add = (kind: Token["kind"], text: string) => {
    found.push({ kind, text, depth: open.length, startsLine });
    startsLine = false;
  };
  /** The text of a template up to its end or to the next expression in it. */
  const template = () => {
    if (take(TEMPLATE)!.endsWith("${")) open.push("${");
    else add("operand", "`");
  };
  while (at < code.length) {
    if (code[at] === "/" && !/^\/[/*]/.test(code.slice(at, at + 2)) && !endsOperand(found.at(-1))) {
      const regex = take(REGEX);
      if (regex) {
        add("operand", regex);
        continue;
      }
    }
    TOKEN.lastIndex = at;
    const { groups } = TOKEN.exec(code)!;
    const { space, name, operand, mark } = groups!;
    at = TOKEN.lastIndex;
    if (space !== undefined) startsLine ||= space.includes("\n");
    else if (name !== undefined) add("name", name);
    else if (operand !== undefined) add("operand", operand);
    else if (mark === "`") template();
    else if ("([{".includes(mark!)) {
      add("mark", mark!);
      open.push(mark!);
    } else if (")]}".includes(mark!)) {
      if (open.pop() === "${") template();
      else add("mark", mark!);
    } else add("mark", mark!);
  }
  return found;
}
