/**
 * The few commands that a cell may begin with, a line each. What follows them is the cell.
 *
 * @module
 */
import { CellSyntaxError } from "../relay/rewrite/syntax_error.ts";

/** What a cell's commands ask for. */
export interface Magics {
  readonly help: boolean;
  readonly types: "on" | "off" | undefined;
  readonly time: boolean;
  readonly reload: boolean;
  /** The cell, with blanks in place of its commands, so that all of it keeps its place. */
  readonly code: string;
}

/** What `%help` shows. */
export const HELP = `Commands, each on a line of its own at the top of a cell:
  %help        shows this list
  %time        shows how long the rest of the cell takes
  %types off   no more type warnings and typed completion (it frees some 300 MB); %types on
  %reload      loads your edited modules again, and keeps all variables
`;

const COMMANDS = ["%help", "%time", "%types off", "%types on", "%reload"];
const LINE = /^\s*(?:%\s*(.*?)\s*)?$/;

/**
 * Reads the commands of a cell.
 *
 * @throws {CellSyntaxError} When there is no such command.
 */
export function readMagics(code: string): Magics {
  const lines = code.split("\n");
  let [help, time, reload] = [false, false, false];
  let types: Magics["types"];
  for (const [index, line] of lines.entries()) {
    const found = LINE.exec(line);
    if (!found) break;
    const [, command] = found;
    if (command === undefined) continue;
    if (command === "help") help = true;
    else if (command === "time") time = true;
    else if (command === "reload") reload = true;
    else if (command === "types on") types = "on";
    else if (command === "types off") types = "off";
    else {
      const column = line.indexOf("%") + 1;
      const message = `There is no command "%${command}"; cells are TypeScript.\n\n${HELP}`;
      throw new CellSyntaxError(message, { line: index + 1, column });
    }
    lines[index] = " ".repeat(line.length);
  }
  return { help, types, time, reload, code: lines.join("\n") };
}

/** The commands that may come of what is typed; none when that isn't a command. */
export function completeCommand(before: string): { typed: string; matches: string[] } | undefined {
  const lines = before.split("\n");
  const typed = lines.pop()!.trimStart();
  if (!typed.startsWith("%") || !lines.every((line) => LINE.test(line))) return undefined;
  return { typed, matches: COMMANDS.filter((command) => command.startsWith(typed)) };
}

/** A cell without its commands, whatever they are. */
export function withoutMagics(code: string): string {
  if (!/^\s*%/.test(code)) return code;
  const lines = code.split("\n");
  const end = lines.findIndex((line) => !LINE.test(line));
  return lines.map((line, i) => end < 0 || i < end ? " ".repeat(line.length) : line).join("\n");
}

/** How `%time` shows a time. */
export function timeText(milliseconds: number): string {
  if (milliseconds < 1_000) return `Time: ${milliseconds.toFixed(1)} ms\n`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `Time: ${seconds.toFixed(2)} s\n`;
  return `Time: ${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s\n`;
}
