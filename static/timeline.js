// The timeline: filters by a place in the map, and draws what a method is based on and what it led to.

import { conceptOf } from "./concept-data.js";

const SVG = "http://www.w3.org/2000/svg";
const years = document.querySelector(".years");
const filter = document.querySelector(".filter");
const items = new Map();
const successors = new Map();

function readItems() {
  items.clear();
  successors.clear();
  for (const item of years.querySelectorAll("li")) items.set(conceptOf(item.querySelector("a")).id, item);
  for (const [id, item] of items) {
    for (const origin of origins(item)) successors.set(origin, [...(successors.get(origin) ?? []), id]);
  }
}

function origins(item) {
  return item.dataset.based?.split(" ") ?? [];
}

/** Every step from a method along one relation, transitively, as pairs (from, to). */
function steps(id, next) {
  const pairs = [];
  const seen = new Set([id]);
  const todo = [id];
  while (todo.length) {
    const current = todo.pop();
    for (const other of next(current)) {
      pairs.push([current, other]);
      if (!seen.has(other)) todo.push(other);
      seen.add(other);
    }
  }
  return pairs;
}

function trace(item) {
  clearTrace();
  const id = conceptOf(item.querySelector("a")).id;
  const back = steps(id, (current) => origins(items.get(current)));
  const forth = steps(id, (current) => successors.get(current) ?? []);
  const lines = [...back, ...forth];
  if (!lines.length) return;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "lineage");
  drawing.setAttribute("aria-hidden", "true");
  const box = years.getBoundingClientRect();
  for (const [from, to] of lines) {
    const ends = [items.get(from), items.get(to)];
    for (const end of ends) end.classList.add("traced");
    if (ends.every((end) => end.offsetParent)) drawing.append(curve(...ends, box));
  }
  item.classList.add("origin");
  years.append(drawing);
}

function curve(from, to, box) {
  const [x1, y1] = dot(from, box);
  const [x2, y2] = dot(to, box);
  const bend = (y2 - y1) / 2;
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`);
  return path;
}

function dot(item, box) {
  const place = item.getBoundingClientRect();
  return [Math.round(place.left - box.left + 4), Math.round(place.top - box.top + place.height / 2)];
}

function clearTrace() {
  years.querySelector(".lineage")?.remove();
  for (const item of years.querySelectorAll(".traced")) item.classList.remove("traced", "origin");
}

function applyFilter() {
  const option = filter.elements.in.selectedOptions[0];
  const number = option.dataset.number;
  let total = 0;
  for (const section of years.children) {
    if (!section.matches("section")) continue;
    let count = 0;
    for (const item of section.querySelectorAll("li")) {
      item.hidden = number !== undefined && !item.dataset.in.split(" ").includes(number);
      count += !item.hidden;
    }
    section.hidden = !count;
    section.querySelector("small").textContent = count;
    total += count;
  }
  const output = filter.querySelector("output");
  output.textContent = total === 1 ? output.dataset.one : output.dataset.many.replace("{n}", total);
  const address = new URL(location.href);
  if (option.value) address.searchParams.set("in", option.value);
  else address.searchParams.delete("in");
  history.replaceState(history.state, "", address);
}

function setUp() {
  readItems();
  const wanted = new URL(location.href).searchParams.get("in");
  if (!wanted) return;
  filter.elements.in.value = wanted;
  if (filter.elements.in.selectedIndex < 0) filter.elements.in.value = "";
  applyFilter();
}

if (years) {
  filter.addEventListener("change", () => {
    clearTrace();
    applyFilter();
  });
  filter.addEventListener("submit", (event) => event.preventDefault());
  for (const [begins, ends] of [
    ["pointerover", "pointerout"],
    ["focusin", "focusout"],
  ]) {
    years.addEventListener(begins, (event) => {
      const item = event.target.closest("li");
      if (item && event.pointerType !== "touch") trace(item);
    });
    years.addEventListener(ends, clearTrace);
  }
  addEventListener("resize", clearTrace);
  document.addEventListener("dlmap:morphed", setUp);
  setUp();
}
