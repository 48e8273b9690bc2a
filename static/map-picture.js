// The map on the home page where the screen is narrow: labels of one size, so that every area is named.

import { drawLabel, placeLabels, projectLabels, readLabels } from "./map-labels.js";

function labelPicture(map, labels) {
  const { x, y, width, height } = map.viewBox.baseVal;
  const scale = (map.clientWidth / width) * 10;
  if (!scale) return; // a picture for another width of the screen
  map.classList.add("live");
  map.style.setProperty("--scale", scale);
  projectLabels(labels, (pointX, pointY) => [(pointX - x) / 10, (pointY - y) / 10]);
  placeLabels(labels, scale, [width / 10, height / 10]);
  for (const label of labels) drawLabel(label, scale, [x, y]);
}

function start() {
  for (const map of document.querySelectorAll(".hero .map:not(.wide, .live)")) {
    const labels = readLabels(map);
    new ResizeObserver(() => labelPicture(map, labels)).observe(map);
  }
}

start();
document.addEventListener("dlmap:morphed", start);
