import { Module } from "@tunebook/nn";
import type { TaskHead } from "./head.ts";

/** The heads of a model, each under its task's name. */
export class TaskHeads extends Module {
  readonly #heads = new Map<string, TaskHead>();

  /** The heads. */
  override *children(): Generator<[name: string, module: Module]> {
    yield* this.#heads;
  }

  /** The tasks, in the order they were added. */
  get tasks(): string[] {
    return [...this.#heads.keys()];
  }

  /** The head of a task. @throws {RangeError} If there is none; it lists those there are. */
  get(task: string): TaskHead {
    const head = this.#heads.get(task);
    if (head) return head;
    throw new RangeError(
      `Expected one of the model's tasks (${this.tasks.join(", ") || "none yet"}) but found ` +
        `${JSON.stringify(task)}; add it with addTask(name, kind)`,
    );
  }

  /** Adds a head. @throws {RangeError} If its name is taken, or no name. */
  add(head: TaskHead): void {
    const { task } = head;
    if (this.#heads.has(task)) {
      throw new RangeError(
        `There is a task named ${JSON.stringify(task)} already; take it off with removeTask first`,
      );
    }
    if (!/^[\w-]+$/.test(task)) {
      throw new RangeError(
        `Expected a task's name of letters, digits, - and _ but found ${JSON.stringify(task)}`,
      );
    }
    this.#heads.set(task, head);
  }

  /** Takes a head off. */
  remove(task: string): TaskHead {
    const head = this.get(task);
    this.#heads.delete(task);
    return head;
  }
}
