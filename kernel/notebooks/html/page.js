// Draws each figure of the page with plotly.js, in its place.
for (const place of document.querySelectorAll(".figure")) {
  const { data, layout, config } = JSON.parse(place.querySelector("script").textContent);
  Plotly.newPlot(place, data, layout, { ...config, responsive: true });
}
