/** Grey ink that reads as well on white as on a dark theme's background. */
const INK = "#808080";

/** The grey of menus and sliders, opaque, so that they read on both backgrounds. */
const CONTROL = { bgcolor: "#e4e4e4", bordercolor: "#b0b0b0" };

/**
 * The colours of Okabe and Ito, which people who see colours differently can tell apart (Wong,
 * "Points of view: Color blindness", Nature Methods 8, 441, 2011). Their black and yellow are left
 * out: one is lost on a dark background, the other on a white one.
 */
export const PALETTE: readonly string[] = [
  "#0072b2", // blue
  "#e69f00", // orange
  "#009e73", // green
  "#cc79a7", // pink
  "#d55e00", // vermilion
  "#56b4e9", // sky
  "#7f7f7f", // grey
];

const axis = {
  gridcolor: "rgba(128,128,128,0.25)",
  linecolor: INK,
  zerolinecolor: "rgba(128,128,128,0.5)",
  automargin: true,
  ticks: "outside", // keeps the labels of the two axes apart where they meet
  tickcolor: "rgba(128,128,128,0.25)",
};

/**
 * The look of every figure of the course, as a plotly template: no background and mid-grey text,
 * which suit light and dark themes alike, and the colours of {@linkcode PALETTE}.
 *
 * `plot` of `@tunebook/notebook` gives it to every figure that has no template of its own.
 */
export const HOUSE_STYLE: Readonly<Record<string, unknown>> = {
  layout: {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: INK },
    colorway: PALETTE,
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: "rgba(0,0,0,0)" },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: INK, activecolor: "#0072b2" },
    margin: { t: 50, r: 20, b: 50, l: 60 },
    updatemenudefaults: { ...CONTROL, font: { color: "#333333" } },
    sliderdefaults: { ...CONTROL, activebgcolor: "#0072b2", currentvalue: { visible: false } },
  },
};
