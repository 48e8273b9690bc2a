// What the reader has learned: the tick on each concept, marks on links to learned ones, counts beside places in the map.

import { conceptOf, fetchData } from "./concept-data.js";

const LIST = "learned";
const COUNTED = ".tree li > a, .home-page :is(h2, h3) > a, .home-page .area .run a, .groups .name > a, .part > h2 > a";

/** Ticks a concept, or removes its tick. */
export function toggleLearned(id) {
  const learned = siteStorage.readList(LIST);
  const without = learned.filter((other) => other !== id);
  siteStorage.writeList(LIST, without.length === learned.length ? [...learned, id] : without);
  showLearned();
}

/** Marks everything on the page that is learned. */
export async function showLearned() {
  const learned = new Set(siteStorage.readList(LIST));
  for (const button of document.querySelectorAll("[data-tool='learned']")) {
    const id = button.closest("[data-concept]").dataset.concept;
    button.setAttribute("aria-pressed", String(learned.has(id)));
  }
  for (const link of document.querySelectorAll("main table a[href], main .run a[href], main .index a[href]")) {
    const concept = conceptOf(link);
    link.classList.toggle("is-learned", concept !== null && learned.has(concept.id));
  }
  for (const badge of document.querySelectorAll(".learned-count")) badge.remove();
  if (!learned.size) return;
  const { methods, under } = await fetchData("data/members.json");
  if (!methods) return;
  const isLearned = methods.map((id) => learned.has(id));
  const countUnder = (id) => (under[id] ?? []).filter((index) => isLearned[index]).length;
  const addBadge = (element, id) => {
    const count = id && countUnder(id);
    if (!count || element.nextElementSibling?.matches(".learned-count")) return;
    const badge = document.createElement("small");
    badge.className = "learned-count";
    badge.textContent = `${count}/${under[id].length}`;
    badge.title = document.getElementById("page.tools").dataset.learned;
    element.after(" ", badge);
  };
  for (const link of document.querySelectorAll(COUNTED)) addBadge(link, conceptOf(link)?.id);
  for (const tools of document.querySelectorAll(".tools[data-concept]")) {
    addBadge(tools.lastElementChild, tools.dataset.concept);
  }
}
