// A preview of the concept behind a hovered or focused link. Escape closes it; touch never opens it.

import { conceptOf, factsAbout } from "./concept-data.js";

const OPENS_AFTER_MS = 300;
const CLOSES_AFTER_MS = 200;
const GAP = 6;

let tooltip;
let previewedLink = null;
let timer;

/** Shows the preview of a link after a delay, if the link is still hovered or focused. */
export function schedulePreview(link) {
  clearTimeout(timer);
  if (link === previewedLink) return;
  timer = setTimeout(() => show(link), OPENS_AFTER_MS);
}

function scheduleHide() {
  clearTimeout(timer);
  timer = setTimeout(hide, CLOSES_AFTER_MS);
}

function hide() {
  clearTimeout(timer);
  previewedLink?.removeAttribute("aria-describedby");
  previewedLink = null;
  if (tooltip) tooltip.hidden = true;
}

async function show(link) {
  const concept = conceptOf(link);
  const facts = concept && (await factsAbout(concept.id, concept.lang));
  // Fetching takes time: the pointer may have left the link.
  if (!facts?.text || !(link.matches(":hover") || link === document.activeElement)) return;
  hide();
  tooltip ??= createTooltip();
  fill(facts, concept.lang);
  tooltip.hidden = false;
  place(link);
  link.setAttribute("aria-describedby", tooltip.id);
  previewedLink = link;
}

function createTooltip() {
  const tooltip = document.createElement("div");
  tooltip.id = "page.preview";
  tooltip.role = "tooltip";
  tooltip.addEventListener("pointerenter", () => clearTimeout(timer));
  tooltip.addEventListener("pointerleave", scheduleHide);
  document.querySelector("main").append(tooltip);
  return tooltip;
}

function fill(facts, lang) {
  tooltip.lang = lang === "zh" ? "zh-Hans" : lang;
  tooltip.style.setProperty("--hue", facts.hue);
  const title = line("b", facts.label, facts.lang);
  const other = line("span", facts.other, facts.otherLang);
  const year = line("span", facts.year);
  const head = document.createElement("p");
  head.className = "head";
  head.append(...[title, other, year].filter(Boolean).flatMap((part) => [part, " "]));
  const places = (facts.places ?? []).slice(0, 2).map((place) => line("p", place));
  for (const place of places) place.className = "place";
  tooltip.replaceChildren(head, line("p", facts.text, facts.textLang), ...places);
}

function line(name, text, lang) {
  if (!text) return null;
  const element = document.createElement(name);
  element.textContent = text;
  if (lang) element.lang = lang;
  return element;
}

/** Places the preview below the first line of the link, or above it if there is no room. */
function place(link) {
  const box = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(box.left, width - tooltip.offsetWidth - 8));
  const below = box.bottom + GAP;
  const above = box.top - GAP - tooltip.offsetHeight;
  const top = below + tooltip.offsetHeight <= innerHeight || above < 0 ? below : above;
  tooltip.style.left = `${left + scrollX}px`;
  tooltip.style.top = `${top + scrollY}px`;
}

document.addEventListener("pointerout", (event) => {
  const link = event.target.closest?.("a");
  if (link && !link.contains(event.relatedTarget) && link !== document.activeElement) scheduleHide();
});
document.addEventListener("focusout", (event) => {
  if (!event.target.matches(":hover")) scheduleHide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("dlmap:morphed", hide);
