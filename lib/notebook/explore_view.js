// The control of `explore` in the front end: a slider over a figure, an anywidget. It tells the
// kernel where the slider stands and draws the figure that comes back.

/** What is quicker than this needs no sign that something is going on, in milliseconds. */
const PATIENCE = 200;

let asked;

/** plotly.js: the page's own, that of the course's renderer, or the kernel's copy. */
function loadPlotly(model) {
  if (globalThis.Plotly) return globalThis.Plotly;
  asked ??= globalThis.tunebookPlotly?.() ?? new Promise((resolve) => {
    model.on("msg:custom", ({ script }) => {
      const element = document.createElement("script");
      element.textContent = script;
      document.head.append(element);
      resolve(globalThis.Plotly);
    });
    model.send({ wants: "plotly.js" });
  });
  return asked;
}

function make(parent, name, properties = {}, style = "") {
  const element = Object.assign(document.createElement(name), properties);
  element.style.cssText = style;
  parent.append(element);
  return element;
}

function render({ model, el }) {
  const root = make(el, "div", { className: "tunebook-explore" });
  const row = make(root, "label", {}, "display:flex;gap:1em;align-items:center;padding:4px 8px");
  make(row, "span", { textContent: model.get("label") });
  const texts = model.get("texts");
  const slider = make(row, "input", {
    type: "range",
    min: 0,
    max: texts.length - 1,
    step: 1,
    value: model.get("index"),
  }, "flex:1;max-width:30em");
  slider.dataset.lmSuppressShortcuts = "true"; // In JupyterLab the arrow keys are its own, too.
  const value = make(row, "output", {}, "min-width:6em;font-variant-numeric:tabular-nums");
  const failure = make(root, "pre", { hidden: true }, "color:#d97706;margin:4px 8px");
  const place = make(root, "div");

  let waiting;
  const showValue = () => {
    const index = slider.valueAsNumber;
    value.textContent = texts[index];
    slider.setAttribute("aria-valuetext", texts[index]);
    clearTimeout(waiting);
    place.style.opacity = 1;
    if (model.get("shown") === index) return;
    waiting = setTimeout(() => place.style.opacity = 0.5, PATIENCE);
  };
  slider.addEventListener("input", () => {
    model.set("index", slider.valueAsNumber);
    showValue();
    // While the kernel computes, only the newest change is kept.
    model.save_changes();
  });
  model.on("change:shown", showValue);
  const showFailure = () => {
    failure.textContent = model.get("failure");
    failure.hidden = failure.textContent === "";
  };
  model.on("change:failure", showFailure);
  model.on("comm_live_update", () => {
    slider.disabled = true;
    root.classList.add("tunebook-ended");
  });

  let drawing = false, again = false;
  const draw = async () => {
    again = drawing;
    if (drawing) return;
    drawing = true;
    const Plotly = await loadPlotly(model);
    do {
      again = false;
      // A copy, since plotly.js writes into what it is given.
      const { data, layout, config } = structuredClone(model.get("figure"));
      await Plotly.react(place, data, layout, config);
    } while (again);
    drawing = false;
  };
  model.on("change:figure", draw);
  const sizes = new ResizeObserver(() => {
    const drawn = place.classList.contains("js-plotly-plot");
    if (drawn && root.clientWidth > 0) globalThis.Plotly.Plots.resize(place);
  });
  sizes.observe(root);

  showValue();
  showFailure();
  void draw();
  return () => {
    sizes.disconnect();
    globalThis.Plotly?.purge(place);
  };
}

export default { render };
