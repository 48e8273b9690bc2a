// What the reader has learned: the tick on each concept, marks on links to learned ones, counts beside places of the map.

import { conceptOf, remember, remembered, shard } from "./concepts.js";

const LIST = "learned";
const COUNTED = ".tree li > a, .home-page :is(h2, h3) > a, .home-page .area .run a, .groups .name > a, .part > h2 > a";

/** Ticks a concept or takes the tick away. */
export function toggleLearned(id) {
  const learned = remembered(LIST);
  const without = learned.filter((other) => other !== id);
  remember(LIST, without.length === learned.length ? [...learned, id] : without);
  showProgress();
}

/** Shows on the page what is learned. */
export async function showProgress() {
  const learned = new Set(remembered(LIST));
  for (const button of document.querySelectorAll("[data-tool='learned']")) {
    const id = button.closest("[data-concept]").dataset.concept;
    button.setAttribute("aria-pressed", String(learned.has(id)));
  }
  for (const link of document.querySelectorAll("main table a[href], main .run a[href], main .index a[href]")) {
    const concept = conceptOf(link);
    link.classList.toggle("is-learned", concept !== null && learned.has(concept.id));
  }
  for (const old of document.querySelectorAll(".learned-count")) old.remove();
  if (!learned.size) return;
  const { methods, under } = await shard("data/members.json");
  if (!methods) return;
  const isLearned = methods.map((id) => learned.has(id));
  const count = (id) => (under[id] ?? []).filter((index) => isLearned[index]).length;
  for (const link of document.querySelectorAll(COUNTED)) mark(link, conceptOf(link)?.id, under, count);
  for (const tools of document.querySelectorAll(".tools[data-concept]")) mark(tools.lastElementChild, tools.dataset.concept, under, count);
}

function mark(element, id, under, count) {
  const known = id && count(id);
  if (!known || element.nextElementSibling?.matches(".learned-count")) return;
  const badge = document.createElement("small");
  badge.className = "learned-count";
  badge.textContent = `${known}/${under[id].length}`;
  badge.title = document.getElementById("reading").dataset.learned;
  element.after(" ", badge);
}
