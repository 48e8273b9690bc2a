// Answers queries beside the page, so that typing never waits: {query, lang, number} in, {result, number, isWhole} out.
"use strict";

importScripts("search-engine.js");

const FOLDER = new URL("../search/", self.location);
let asked = null;
let isScheduled = false;
let missing = Infinity;
const wanted = new Set(); // texts, which are loaded when somebody asks

const engine = json("names.json").then((data) => {
  const index = new Engine(data);
  missing = Object.values(index.texts).flat().length;
  return index;
});

async function json(name) {
  const answer = await fetch(new URL(name, FOLDER));
  if (!answer.ok) {
    throw new Error(`${name}: ${answer.status}`);
  }
  return answer.json();
}

// The reader's language first; what comes later adds to what is shown.
async function loadTexts(lang) {
  const index = await engine;
  for (const code of [lang, ...index.languages.filter((other) => other !== lang)]) {
    for (const name of index.texts[code]) {
      if (!wanted.has(name)) {
        wanted.add(name);
        index.add(await json(name));
        missing -= 1;
        schedule();
      }
    }
  }
}

function schedule() {
  if (!isScheduled) {
    isScheduled = true;
    setTimeout(answer); // letters typed meanwhile count
  }
}

async function answer() {
  const index = await engine;
  isScheduled = false;
  if (asked?.query.trim()) {
    postMessage({ number: asked.number, result: index.search(asked.query, asked.lang), isWhole: missing === 0 });
  }
}

engine.catch(() => postMessage({ isBroken: true }));

self.addEventListener("message", ({ data }) => {
  asked = data;
  schedule();
  if (data.query.trim()) {
    loadTexts(data.lang).catch(() => {}); // without texts, names are still found
  }
});
