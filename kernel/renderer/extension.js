// The JupyterLab side of the renderer, as a webpack container written by hand: JupyterLab loads
// this script, calls `init` with the modules it shares and `get` for the one its package.json names.
// The same file serves JupyterLab 4 and Notebook 7.
//
// Why not the extension that PyPI's `plotly` brings: it ignores updates of an output, so a plot
// can't follow a training run, and it shows a stored PNG in place of the figure until the mouse
// passes over it.
//
// An output of `explore` holds a figure and also names a control, which lives as long as its kernel.
// While it does, it is shown in the figure's place. JupyterLab by itself would choose the control,
// and show an error once that is gone.
(function () {
  const MIME = "application/vnd.plotly.v1+json";
  const CONTROL_MIME = "application/vnd.jupyter.widget-view+json";
  const CONTROL_RANK = -10; // The widgets' extension's.
  const ALIVE = ".tunebook-explore:not(.tunebook-ended)";
  const STYLE = `
.tunebook-control:not(:has(${ALIVE})) { display: none; }
:has(> .tunebook-control ${ALIVE}) > .tunebook-plotly { display: none; }`;
  const folder = new URL(".", document.currentScript.src);
  let sharedModules = {};
  let plotly;

  /** For all figures of the page. One of plotly's own buttons would send the data to a server. */
  const CONFIG = {
    showSendToCloud: false,
    // Nobody needs these here, and beside them a title has no room.
    modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
  };

  /** Loads plotly.js, once a page. */
  function loadPlotly() {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("plotly.js", folder).href;
      script.onload = () => {
        globalThis.Plotly.setPlotConfig(CONFIG);
        resolve(globalThis.Plotly);
      };
      script.onerror = () => reject(new Error(`Expected plotly.js at ${script.src}`));
      document.head.append(script);
    });
    return plotly;
  }
  globalThis.tunebookPlotly = loadPlotly; // For the control.

  async function importShared(name) {
    const [version] = Object.values(sharedModules[name]);
    return (await version.get())();
  }

  /** The widget class; JupyterLab's own Widget class is only known once `init` was called. */
  function defineWidget(Widget) {
    return class PlotlyWidget extends Widget {
      #bundle = {};
      #control;
      #place = document.createElement("div");
      #drawing = Promise.resolve();
      #sizes = new ResizeObserver(() => this.#fit());

      constructor() {
        super();
        this.addClass("tunebook-plotly");
        this.node.append(this.#place);
        this.#sizes.observe(this.node);
      }

      /** Draws the output's figure, or redraws it: updates arrive here one after another. */
      renderModel(model) {
        this.#bundle = model.data;
        // A copy, since plotly.js writes into what it is given.
        const { data, layout = {}, config } = structuredClone(model.data[MIME]);
        this.#drawing = this.#drawing.then(async () => {
          const Plotly = await loadPlotly();
          if (!this.isDisposed) await Plotly.react(this.#place, data, layout, config);
          this.#fit();
        });
        return this.#drawing;
      }

      /** Only now is it known which notebook this is in, and so which kernel has the control. */
      onAfterAttach() {
        const view = this.#bundle[CONTROL_MIME];
        let area = this.parent;
        while (area && !area.rendermime) area = area.parent;
        // Where there are no widgets, nothing draws their type.
        if (!view || this.#control || !area?.rendermime.getFactory(CONTROL_MIME)) return;
        const control = this.#control = area.rendermime.createRenderer(CONTROL_MIME, {});
        control.addClass("tunebook-control");
        control.addClass("jp-OutputArea-output");
        // Beside the figure: when a page is loaded again, the widgets' extension looks there for
        // what was drawn before it knew the kernel.
        this.parent.addWidget(control);
        void control.renderModel({ data: { [CONTROL_MIME]: { ...view } }, metadata: {} });
      }

      /** Follows the width of the page, the side bar, and of a cell that was hidden when drawn. */
      #fit() {
        const drawn = this.#place.classList.contains("js-plotly-plot");
        if (drawn && this.node.clientWidth > 0) globalThis.Plotly.Plots.resize(this.#place);
      }

      dispose() {
        if (this.isDisposed) return;
        this.#sizes.disconnect();
        globalThis.Plotly?.purge(this.#place);
        this.#control?.dispose();
        super.dispose();
      }
    };
  }

  async function makeExtension() {
    const { Widget } = await importShared("@lumino/widgets");
    const PlotlyWidget = defineWidget(Widget);
    document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
    return {
      id: "@tunebook/plotly:renderer",
      // Before image/png, which stored figures carry for places that run no script, and the control.
      rank: CONTROL_RANK - 1,
      rendererFactory: {
        // A figure is data: it may be drawn in a notebook that isn't trusted.
        safe: true,
        mimeTypes: [MIME],
        createRenderer: () => new PlotlyWidget(),
      },
    };
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["@tunebook/plotly"] = {
    init(modules) {
      sharedModules = modules;
    },
    async get() {
      const extension = await makeExtension();
      return () => ({ __esModule: true, default: extension });
    },
  };
})();
