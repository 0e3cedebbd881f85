// Draws each figure of the page with plotly.js, in its place. One of plotly's own buttons would send
// the data to a server; others leave a title no room.
Plotly.setPlotConfig({
  showSendToCloud: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
});
for (const place of document.querySelectorAll(".figure")) {
  const { data, layout, config } = JSON.parse(place.querySelector("script").textContent);
  Plotly.newPlot(place, data, layout, { ...config, responsive: true });
}
