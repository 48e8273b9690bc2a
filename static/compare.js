// Comparing methods: the choice that the browser remembers, and the table of the comparison's own page.

import { factsOn, lang, remember, remembered, root } from "./concepts.js";

const MOST = 4;
const page = document.getElementById("reading");

/** Adds a method to the choice or takes it out, and tells beside its button what the choice is now. */
export function toggleCompared(id) {
  const chosen = remembered("compare");
  const isChosen = chosen.includes(id);
  const isFull = !isChosen && chosen.length === MOST;
  if (isChosen) remember("compare", chosen.filter((other) => other !== id));
  else if (!isFull) remember("compare", [...chosen, id]);
  showChoice(isFull ? id : "");
}

/** Marks the buttons of chosen methods, and links to the comparison beside them; `refused` is one too many. */
export function showChoice(refused = "") {
  const chosen = remembered("compare");
  for (const button of document.querySelectorAll("[data-tool='compare']")) {
    const place = button.closest("[data-concept]");
    const id = place.dataset.concept;
    button.ariaPressed = String(chosen.includes(id));
    button.parentElement.querySelector(".to-compare")?.remove();
    if (!chosen.length || !(place.matches(".tools") || chosen.includes(id) || id === refused)) continue;
    const link = page.content.querySelector(".to-compare").cloneNode(true);
    link.href = addressOf(chosen);
    link.textContent = id === refused ? link.dataset.full : link.dataset.words.replace("{n}", chosen.length);
    button.after(" ", link);
  }
}

function addressOf(ids) {
  const address = new URL(`${lang}/compare/`, root);
  address.searchParams.set("ids", ids.join(","));
  return address.href;
}

/** The ids in the address, else those chosen before. */
function wanted() {
  const asked = new URL(location.href).searchParams.get("ids");
  const ids = asked === null ? remembered("compare") : asked.split(",");
  return [...new Set(ids)].filter((id) => /^[a-z0-9-]+$/.test(id)).slice(0, MOST);
}

const CELLS = {
  year: (facts) => facts.year ?? "",
  text: (facts) => words("span", facts.text, facts.textLang),
  places: (facts) => lines(facts.places),
  basedOn: (facts) => (facts.basedOn ?? []).join(lang === "zh" ? "、" : ", "),
  paper: (facts) => paper(facts.paper),
};

function words(name, text = "", code = "") {
  const element = document.createElement(name);
  element.textContent = text;
  if (code) element.lang = code;
  return element;
}

function lines(texts = []) {
  const list = document.createDocumentFragment();
  for (const text of texts) list.append(words("p", text));
  return list;
}

function paper(found) {
  if (!found) return "";
  const element = words(found.url ? "a" : "span", found.title, "en");
  if (found.url) Object.assign(element, { href: found.url, rel: "noopener", className: "external" });
  return element;
}

async function showTable() {
  const box = document.querySelector(".compare-page .scroll");
  const ids = wanted();
  const found = (await Promise.all(ids.map(async (id) => [id, await factsOn(id)]))).filter(([, facts]) => facts);
  const kept = found.map(([id]) => id);
  const head = box.querySelector("thead tr");
  head.replaceChildren(head.firstElementChild);
  for (const [id, facts] of found) head.append(headCell(id, facts, kept));
  for (const row of box.querySelectorAll("[data-fact]")) {
    row.replaceChildren(row.firstElementChild);
    for (const [, facts] of found) row.insertCell().append(CELLS[row.dataset.fact](facts));
  }
  box.hidden = !found.length;
  document.querySelector("[data-clear]").hidden = !found.length;
  // The other language's page compares the same methods.
  for (const other of document.querySelectorAll(".bar a[hreflang]")) other.search = new URLSearchParams({ ids: kept.join(",") });
}

function headCell(id, facts, kept) {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.style.setProperty("--hue", facts.hue);
  const link = words("a", facts.label, facts.lang);
  link.href = new URL(facts.path, root).href;
  const button = document.querySelector("[data-remove]").cloneNode(true);
  button.hidden = false;
  button.setAttribute("aria-label", `${button.textContent} ${facts.label}`);
  button.addEventListener("click", () => change(kept.filter((other) => other !== id)));
  cell.append(link, button);
  return cell;
}

async function change(ids) {
  remember("compare", ids);
  history.replaceState(history.state, "", ids.length ? addressOf(ids) : new URL(`${lang}/compare/`, root));
  await showTable();
  document.querySelector(".compare-page :is([data-clear]:not([hidden]), .nothing a)")?.focus();
}

if (document.querySelector(".compare-page")) {
  document.querySelector("[data-clear]").addEventListener("click", () => change([]));
  document.addEventListener("dlmap:morphed", showTable);
  showTable();
}
