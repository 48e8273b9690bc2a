// A preview of the concept behind a link, at the pointer or the keyboard's focus; Escape closes it, a finger never opens it.

import { conceptOf, factsOn } from "./concepts.js";

const OPENS_AFTER_MS = 300;
const CLOSES_AFTER_MS = 200;
const GAP = 6;

let card;
let shown = null;
let timer;

/** Shows the preview of a link after a moment, if the pointer or the focus is still there. */
export function intend(link) {
  clearTimeout(timer);
  if (link === shown) return;
  timer = setTimeout(() => show(link), OPENS_AFTER_MS);
}

function leave() {
  clearTimeout(timer);
  timer = setTimeout(hide, CLOSES_AFTER_MS);
}

function hide() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  if (card) card.hidden = true;
}

async function show(link) {
  const concept = conceptOf(link);
  const facts = concept && (await factsOn(concept.id, concept.lang));
  // Fetching takes time: the reader may be elsewhere by now.
  if (!facts?.text || !(link.matches(":hover") || link === document.activeElement)) return;
  hide();
  card ??= makeCard();
  fill(facts, concept.lang);
  card.hidden = false;
  place(link);
  link.setAttribute("aria-describedby", card.id);
  shown = link;
}

function makeCard() {
  const made = document.createElement("div");
  made.id = "preview";
  made.role = "tooltip";
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("pointerleave", leave);
  document.querySelector("main").append(made);
  return made;
}

function fill(facts, lang) {
  card.lang = lang === "zh" ? "zh-Hans" : lang;
  card.style.setProperty("--hue", facts.hue);
  const title = line("b", facts.label, facts.lang);
  const other = line("span", facts.other, facts.otherLang);
  const year = line("span", facts.year);
  const head = document.createElement("p");
  head.className = "head";
  head.append(...[title, other, year].filter(Boolean).flatMap((part) => [part, " "]));
  const places = (facts.places ?? []).slice(0, 2).map((place) => line("p", place));
  for (const place of places) place.className = "place";
  card.replaceChildren(head, line("p", facts.text, facts.textLang), ...places);
}

function line(name, text, lang) {
  if (!text) return null;
  const element = document.createElement(name);
  element.textContent = text;
  if (lang) element.lang = lang;
  return element;
}

/** Below the line of the link that was reached, above it where there is no room. */
function place(link) {
  const box = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(box.left, width - card.offsetWidth - 8));
  const below = box.bottom + GAP;
  const above = box.top - GAP - card.offsetHeight;
  const top = below + card.offsetHeight <= innerHeight || above < 0 ? below : above;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}

document.addEventListener("pointerout", (event) => {
  const link = event.target.closest?.("a");
  if (link && !link.contains(event.relatedTarget) && link !== document.activeElement) leave();
});
document.addEventListener("focusout", (event) => {
  if (!event.target.matches(":hover")) leave();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("dlmap:morphed", hide);
