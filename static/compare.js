// Comparing methods: the selection stored in the browser, and the table on the comparison page.

import { factsAbout, lang, root } from "./concept-data.js";

const MAX_SELECTED = 4;
const page = document.getElementById("page.tools");

/** Adds a method to the selection or removes it. */
export function toggleCompared(id) {
  const selection = siteStorage.readList("compare");
  const isSelected = selection.includes(id);
  const isFull = !isSelected && selection.length === MAX_SELECTED;
  if (isSelected)
    siteStorage.writeList(
      "compare",
      selection.filter((other) => other !== id),
    );
  else if (!isFull) siteStorage.writeList("compare", [...selection, id]);
  showSelection(isFull ? id : "");
}

/** Marks the buttons of selected methods and links to the comparison. `rejected` is the id of one too many. */
export function showSelection(rejected = "") {
  const selection = siteStorage.readList("compare");
  for (const button of document.querySelectorAll("[data-tool='compare']")) {
    const place = button.closest("[data-concept]");
    const id = place.dataset.concept;
    button.ariaPressed = String(selection.includes(id));
    button.parentElement.querySelector(".to-compare")?.remove();
    if (!selection.length || !(place.matches(".tools") || selection.includes(id) || id === rejected)) continue;
    const link = page.content.querySelector(".to-compare").cloneNode(true);
    link.href = addressOf(selection);
    link.textContent = id === rejected ? link.dataset.full : link.dataset.words.replace("{n}", selection.length);
    button.after(" ", link);
  }
}

function addressOf(ids) {
  const address = new URL(`${lang}/compare/`, root);
  address.searchParams.set("ids", ids.join(","));
  return address.href;
}

/** The ids in the address, or else the stored selection. */
function requestedIds() {
  const parameter = new URL(location.href).searchParams.get("ids");
  const ids = parameter === null ? siteStorage.readList("compare") : parameter.split(",");
  return [...new Set(ids)].filter((id) => /^[a-z0-9-]+$/.test(id)).slice(0, MAX_SELECTED);
}

const CELLS = {
  year: (facts) => facts.year ?? "",
  text: (facts) => textElement("span", facts.text, facts.textLang),
  places: (facts) => lines(facts.places),
  basedOn: (facts) => (facts.basedOn ?? []).join(lang === "zh" ? "、" : ", "),
  paper: (facts) => paperLink(facts.paper),
};

function textElement(name, text = "", code = "") {
  const element = document.createElement(name);
  element.textContent = text;
  if (code) element.lang = code;
  return element;
}

function lines(texts = []) {
  const list = document.createDocumentFragment();
  for (const text of texts) list.append(textElement("p", text));
  return list;
}

function paperLink(paper) {
  if (!paper) return "";
  const element = textElement(paper.url ? "a" : "span", paper.title, "en");
  if (paper.url) Object.assign(element, { href: paper.url, rel: "noopener", className: "external" });
  return element;
}

async function showTable() {
  const box = document.querySelector(".compare-page .scroll");
  const ids = requestedIds();
  const entries = (await Promise.all(ids.map(async (id) => [id, await factsAbout(id)]))).filter(([, facts]) => facts);
  const validIds = entries.map(([id]) => id);
  const head = box.querySelector("thead tr");
  head.replaceChildren(head.firstElementChild);
  for (const [id, facts] of entries) head.append(headCell(id, facts, validIds));
  for (const row of box.querySelectorAll("[data-fact]")) {
    row.replaceChildren(row.firstElementChild);
    for (const [, facts] of entries) row.insertCell().append(CELLS[row.dataset.fact](facts));
  }
  box.hidden = !entries.length;
  document.querySelector("[data-clear]").hidden = !entries.length;
  // The page in the other language compares the same methods.
  for (const other of document.querySelectorAll(".bar a[hreflang]"))
    other.search = new URLSearchParams({ ids: validIds.join(",") });
}

function headCell(id, facts, validIds) {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.style.setProperty("--hue", facts.hue);
  const link = textElement("a", facts.label, facts.lang);
  link.href = new URL(facts.path, root).href;
  const button = document.querySelector("[data-remove]").cloneNode(true);
  button.hidden = false;
  button.setAttribute("aria-label", `${button.textContent} ${facts.label}`);
  button.addEventListener("click", () => change(validIds.filter((other) => other !== id)));
  cell.append(link, button);
  return cell;
}

async function change(ids) {
  siteStorage.writeList("compare", ids);
  history.replaceState(history.state, "", ids.length ? addressOf(ids) : new URL(`${lang}/compare/`, root));
  await showTable();
  document.querySelector(".compare-page :is([data-clear]:not([hidden]), .nothing a)")?.focus();
}

if (document.querySelector(".compare-page")) {
  document.querySelector("[data-clear]").addEventListener("click", () => change([]));
  document.addEventListener("dlmap:morphed", showTable);
  showTable();
}
