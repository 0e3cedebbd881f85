// Draws each figure of the page with plotly.js, in its place.
// Nobody needs these buttons here, and beside them a title has no room.
const rare = ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"];
for (const place of document.querySelectorAll(".figure")) {
  const { data, layout, config } = JSON.parse(place.querySelector("script").textContent);
  const shown = { modeBarButtonsToRemove: rare, ...config, responsive: true };
  Plotly.newPlot(place, data, layout, shown);
}
