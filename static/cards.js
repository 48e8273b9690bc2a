// Self-test cards drawn from the map, by keyboard or by button; and the reader's progress as a file.

import { factsOn, key, remember, remembered, root, shard } from "./concepts.js";

const form = document.querySelector(".deck");
const card = document.querySelector(".card");
const [question, answer] = [card.querySelector(".question"), card.querySelector(".answer")];
const result = document.querySelector(".result");
const progress = document.querySelector(".progress");
const status = progress.querySelector(".notice-line");

let deck = [];
let drawn = 0;
let knownAtOnce = 0;
const missed = new Set();

const button = (name) => document.querySelector(`[data-do='${name}']`);

async function start() {
  const { methods = [], under = {} } = await shard("data/members.json");
  const learned = new Set(form.elements.new.checked ? remembered("learned") : []);
  deck = shuffled((under[form.elements.from.value] ?? []).map((index) => methods[index]).filter((id) => !learned.has(id)));
  drawn = deck.length;
  knownAtOnce = 0;
  missed.clear();
  result.textContent = drawn ? "" : result.dataset.none;
  await draw();
}

function shuffled(ids) {
  const mixed = [...ids];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

/** Shows the question of the next card that can be asked. */
async function draw() {
  const [asked, told] = form.elements.ask.value.split("-");
  let sides;
  while (deck.length) {
    const facts = await factsOn(deck[0]);
    sides = facts && { name: facts.label, text: facts.text, place: facts.places?.join("\n"), ...facts };
    if (sides?.[asked] && sides[told]) break;
    deck.shift();
    drawn--;
  }
  card.hidden = !deck.length;
  if (!deck.length) return finish();
  const count = card.querySelector(".count");
  count.textContent = count.dataset.of.replace("{n}", deck.length);
  card.style.setProperty("--hue", sides.hue);
  // A definition often begins with the name it explains.
  fill(question, asked === "text" ? sides.text.replaceAll(sides.label, "…") : sides[asked], asked, sides);
  answer.replaceChildren();
  card.dataset.told = told;
  turnable(true);
  question.focus({ preventScroll: true });
}

function fill(box, text, side, sides) {
  box.replaceChildren(...text.split("\n").map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  box.lang = (side === "name" ? sides.lang : side === "text" ? sides.textLang : "") || document.documentElement.lang;
}

function turnable(isTurned) {
  button("turn").hidden = !isTurned;
  button("again").hidden = button("known").hidden = isTurned;
}

async function turn() {
  const facts = await factsOn(deck[0]);
  const told = card.dataset.told;
  const link = Object.assign(document.createElement("a"), { href: new URL(facts.path, root).href, textContent: facts.label });
  if (told === "name") answer.replaceChildren(link);
  else fill(answer, told === "text" ? facts.text : facts.places.join("\n"), told, facts);
  turnable(false);
  button("known").focus({ preventScroll: true });
}

function judge(isKnown) {
  const [id] = deck.splice(0, 1);
  if (isKnown) knownAtOnce += !missed.has(id);
  else {
    missed.add(id);
    deck.push(id);
  }
  return draw();
}

function finish() {
  if (!drawn) {
    result.textContent = result.dataset.none;
    return;
  }
  result.textContent = result.dataset.words.replace("{n}", drawn).replace("{known}", knownAtOnce);
  form.querySelector("[type='submit']").focus();
}

const ACTIONS = {
  turn,
  again: () => judge(false),
  known: () => judge(true),
  export: download,
  import: () => progress.querySelector("[type='file']").click(),
  erase,
};

function download() {
  const file = new Blob([JSON.stringify({ site: root.href, learned: remembered("learned") }, null, 1)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "dlmap-progress.json" });
  link.click();
  URL.revokeObjectURL(link.href);
}

async function upload(file) {
  try {
    const { learned } = JSON.parse(await file.text());
    if (!Array.isArray(learned)) throw new TypeError("no list");
    remember("learned", [...new Set([...remembered("learned"), ...learned.filter((id) => typeof id === "string")])]);
    status.textContent = "";
  } catch {
    status.textContent = status.dataset.wrong;
  }
  showLearned();
}

/** Asks once more on the button itself; any other action takes the question back. */
function erase() {
  const eraser = button("erase");
  if (eraser.dataset.words) {
    remember("learned", []);
    spareErase();
    showLearned();
  } else {
    eraser.dataset.words = eraser.textContent;
    eraser.textContent = eraser.dataset.sure;
  }
}

function spareErase() {
  const eraser = button("erase");
  if (eraser.dataset.words) eraser.textContent = eraser.dataset.words;
  delete eraser.dataset.words;
}

function showLearned() {
  const line = progress.querySelector(".learned");
  line.textContent = line.dataset.words.replace("{n}", remembered("learned").length);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action !== "erase") spareErase();
  ACTIONS[action]?.();
});
document.addEventListener("keydown", (event) => {
  if (card.hidden || event.ctrlKey || event.altKey || event.metaKey || !card.contains(event.target)) return;
  const isTurned = button("turn").hidden;
  const action = isTurned ? { 1: "again", 2: "known" }[event.key] : event.key === " " ? "turn" : undefined;
  if (!action) return;
  event.preventDefault();
  ACTIONS[action]();
});
progress.querySelector("[type='file']").addEventListener("change", (event) => {
  if (event.target.files.length) upload(event.target.files[0]);
  event.target.value = "";
});
addEventListener("storage", (event) => {
  if (event.key === key("learned")) showLearned();
});
showLearned();
