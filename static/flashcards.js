// Flashcards from the map, by keyboard or button, and the list of learned concepts as a file.

import { factsAbout, fetchData, root } from "./concept-data.js";

const form = document.querySelector(".deck");
const card = document.querySelector(".card");
const [question, answer] = [card.querySelector(".question"), card.querySelector(".answer")];
const result = document.querySelector(".result");
const progress = document.querySelector(".progress");
const status = progress.querySelector(".notice-line");

let deck = [];
let deckSize = 0;
let correctFirstTime = 0;
const missedIds = new Set();

const button = (name) => document.querySelector(`[data-do='${name}']`);

async function start() {
  const { methods = [], under = {} } = await fetchData("data/members.json");
  const learned = new Set(form.elements.new.checked ? siteStorage.readList("learned") : []);
  deck = shuffled(
    (under[form.elements.from.value] ?? []).map((index) => methods[index]).filter((id) => !learned.has(id)),
  );
  deckSize = deck.length;
  correctFirstTime = 0;
  missedIds.clear();
  result.textContent = deckSize ? "" : result.dataset.none;
  await showNextCard();
}

function shuffled(ids) {
  const mixed = [...ids];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

/** Shows the question of the next card that has both sides. */
async function showNextCard() {
  const [questionSide, answerSide] = form.elements.ask.value.split("-");
  let sides;
  while (deck.length) {
    const facts = await factsAbout(deck[0]);
    sides = facts && { name: facts.label, text: facts.text, place: facts.places?.join("\n"), ...facts };
    if (sides?.[questionSide] && sides[answerSide]) break;
    deck.shift();
    deckSize--;
  }
  card.hidden = !deck.length;
  if (!deck.length) return finish();
  const count = card.querySelector(".count");
  count.textContent = count.dataset.of.replace("{n}", deck.length);
  card.style.setProperty("--hue", sides.hue);
  // A definition often contains the name that it explains.
  fill(
    question,
    questionSide === "text" ? sides.text.replaceAll(sides.label, "…") : sides[questionSide],
    questionSide,
    sides,
  );
  answer.replaceChildren();
  card.dataset.answer = answerSide;
  setFlippable(true);
  question.focus({ preventScroll: true });
}

function fill(box, text, side, sides) {
  box.replaceChildren(
    ...text.split("\n").map((line) => Object.assign(document.createElement("p"), { textContent: line })),
  );
  box.lang = (side === "name" ? sides.lang : side === "text" ? sides.textLang : "") || document.documentElement.lang;
}

function setFlippable(isFlippable) {
  button("turn").hidden = !isFlippable;
  button("again").hidden = isFlippable;
  button("known").hidden = isFlippable;
}

async function flip() {
  const facts = await factsAbout(deck[0]);
  const answerSide = card.dataset.answer;
  const link = Object.assign(document.createElement("a"), {
    href: new URL(facts.path, root).href,
    textContent: facts.label,
  });
  if (answerSide === "name") answer.replaceChildren(link);
  else fill(answer, answerSide === "text" ? facts.text : facts.places.join("\n"), answerSide, facts);
  setFlippable(false);
  button("known").focus({ preventScroll: true });
}

function grade(isCorrect) {
  const [id] = deck.splice(0, 1);
  if (isCorrect) correctFirstTime += !missedIds.has(id);
  else {
    missedIds.add(id);
    deck.push(id);
  }
  return showNextCard();
}

function finish() {
  if (!deckSize) {
    result.textContent = result.dataset.none;
    return;
  }
  result.textContent = result.dataset.words.replace("{n}", deckSize).replace("{known}", correctFirstTime);
  form.querySelector("[type='submit']").focus();
}

const ACTIONS = {
  turn: flip,
  again: () => grade(false),
  known: () => grade(true),
  export: download,
  import: () => progress.querySelector("[type='file']").click(),
  erase,
};

function download() {
  const file = new Blob([JSON.stringify({ site: root.href, learned: siteStorage.readList("learned") }, null, 1)], {
    type: "application/json",
  });
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(file),
    download: "dlmap-progress.json",
  });
  link.click();
  URL.revokeObjectURL(link.href);
}

async function upload(file) {
  try {
    const { learned } = JSON.parse(await file.text());
    if (!Array.isArray(learned)) throw new TypeError("no list");
    siteStorage.writeList("learned", [
      ...new Set([...siteStorage.readList("learned"), ...learned.filter((id) => typeof id === "string")]),
    ]);
    status.textContent = "";
  } catch {
    status.textContent = status.dataset.wrong;
  }
  showLearned();
}

/** The button asks for confirmation first; any other action cancels it. */
function erase() {
  const eraser = button("erase");
  if (eraser.dataset.words) {
    siteStorage.writeList("learned", []);
    cancelErase();
    showLearned();
  } else {
    eraser.dataset.words = eraser.textContent;
    eraser.textContent = eraser.dataset.sure;
  }
}

function cancelErase() {
  const eraser = button("erase");
  if (eraser.dataset.words) eraser.textContent = eraser.dataset.words;
  delete eraser.dataset.words;
}

function showLearned() {
  const line = progress.querySelector(".learned");
  line.textContent = line.dataset.words.replace("{n}", siteStorage.readList("learned").length);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action !== "erase") cancelErase();
  ACTIONS[action]?.();
});
document.addEventListener("keydown", (event) => {
  if (card.hidden || event.ctrlKey || event.altKey || event.metaKey || !card.contains(event.target)) return;
  const isFlipped = button("turn").hidden;
  const action = isFlipped ? { 1: "again", 2: "known" }[event.key] : event.key === " " ? "turn" : undefined;
  if (!action) return;
  event.preventDefault();
  ACTIONS[action]();
});
progress.querySelector("[type='file']").addEventListener("change", (event) => {
  if (event.target.files.length) upload(event.target.files[0]);
  event.target.value = "";
});
addEventListener("storage", (event) => {
  if (event.key === siteStorage.key("learned")) showLearned();
});
showLearned();
