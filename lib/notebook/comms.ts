/**
 * Lines to controls in the front end. The course's kernel offers them as `Deno.jupyter.comms`;
 * Deno's stock kernel, whose lines lead outward only, and a terminal have none.
 *
 * @module
 */

/** A line to one control. */
export interface Comm {
  /** Its name, by which the front end finds the control. */
  readonly id: string;
  /** Called with what the front end says; the next message waits until this has resolved. */
  onMessage: ((data: Record<string, unknown>) => unknown) | undefined;
  /** Says something. */
  send(data: Record<string, unknown>): void;
}

interface Comms {
  open(
    target: string,
    data: Record<string, unknown>,
    extra: { metadata: Record<string, unknown> },
  ): Comm;
}

/** Under this MIME type an output names the control to show. */
export const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";

/** The version of the widgets' protocol that is spoken (jupyter-widgets' `messages.md`). */
const PROTOCOL = { version: "2.1.0" };

function findComms(): Comms | undefined {
  try {
    // Outside `deno jupyter` reading this property throws.
    return (Deno as unknown as { jupyter?: { comms?: Comms } }).jupyter?.comms;
  } catch {
    return undefined;
  }
}

/**
 * Makes a control that runs in the front end, as anywidget (https://anywidget.dev) has them.
 *
 * @param script An ES module whose default export has a `render` function.
 * @param state What both sides share, by name; the front end's changes come as messages.
 * @returns The line to it, or undefined where none leads back from the front end.
 */
export function openWidget(script: string, state: Record<string, unknown>): Comm | undefined {
  const part = (kind: "model" | "view", name: string) => ({
    [`_${kind}_module`]: "anywidget",
    [`_${kind}_name`]: name,
    [`_${kind}_module_version`]: "*",
  });
  return findComms()?.open("jupyter.widget", {
    state: {
      ...part("model", "AnyModel"),
      ...part("view", "AnyView"),
      _view_count: null,
      _anywidget_id: "tunebook",
      _esm: script,
      ...state,
    },
    buffer_paths: [],
  }, { metadata: PROTOCOL });
}

/** The form of an output that shows a control. */
export function widgetView({ id }: Comm): Record<string, unknown> {
  return { [WIDGET_MIME]: { version_major: 2, version_minor: 0, model_id: id } };
}
