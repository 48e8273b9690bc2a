// The dialog of the search: one box, groups of results below it, all of it by keyboard. search.js loads it.
const MAX_RECENT = 8;
const CHINESE = /\p{Script=Han}/u;

let view = null; // the dialog and its parts; rebuilt when the live preview replaces the page
let worker = null;
let number = 0; // of the latest query: answers to earlier ones are late
let listed = 0; // the number of the query that the list answers
let isChosen = false; // by the reader, among what is listed
let isPressed = false; // a pointer on the list: what it is about to pick must not be replaced
let late = null; // the answer that came meanwhile
let entered = null; // the modifiers of an Enter that came before the answer

// `typed` tells what has been typed since the dialog was called for, Enter as a line's end.
export async function open(typed) {
  view = view?.dialog.isConnected ? view : await build();
  if (!view.dialog.open) {
    view.dialog.showModal();
    view.box.value = typed() || view.box.value;
    if (!typed()) {
      view.box.select();
    }
    ask();
    entered = typed().endsWith("\n") ? {} : null;
  }
}

async function build() {
  await style();
  const dialog = document.getElementById("page.search").content.firstElementChild.cloneNode(true);
  const [box, list, note, status, forget] = ["input", "[role=listbox]", ".search-note", "[role=status]", ".forget"].map(
    (selector) => dialog.querySelector(selector),
  );
  document.body.append(dialog);
  box.addEventListener("input", ask);
  box.addEventListener("keydown", onKey);
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  forget.addEventListener("click", () => {
    siteStorage.writeList("searches", []);
    ask();
    box.focus();
  });
  list.addEventListener("click", onPick);
  list.addEventListener("pointerdown", () => (isPressed = true));
  list.addEventListener("pointermove", (event) => choose(event.target.closest("[role=option]"), false));
  // A click on the ground outside is on the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return { dialog, box, list, note, status, forget, words: dialog.dataset };
}

function style() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("search.css", import.meta.url);
  if ([...document.styleSheets].some(({ href }) => href === sheet.href)) {
    return undefined;
  }
  return new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
}

function ask() {
  const query = view.box.value.trim();
  number += 1;
  isChosen = false;
  entered = null;
  if (!worker) {
    worker = new Worker(new URL("search-worker.js", import.meta.url));
    worker.addEventListener("message", ({ data }) => (data.isBroken ? fail() : data.number === number && show(data)));
    worker.addEventListener("error", fail);
  }
  worker.postMessage({ query, lang: view.words.lang, number });
  if (!query) {
    showRecent();
  }
}

function fail() {
  worker?.terminate();
  worker = null;
  fill([]);
  say(view.words.broken);
}

function say(words) {
  view.note.textContent = words;
  view.note.hidden = !words;
}

function show(answer) {
  if (isPressed) {
    late = answer;
    return;
  }
  const { result, isWhole } = answer;
  const { words } = view;
  const isLost = !result.groups.length;
  if (isLost && !isWhole) {
    return; // what is still being loaded may have it
  }
  const suggested = [{ kind: "suggestions", hits: result.suggestions }].filter(({ hits }) => hits.length);
  const groups = isLost ? suggested : result.groups;
  // Texts that come later add to the list.
  const chosen = isChosen ? view.list.querySelector("[aria-selected=true]")?.getAttribute("href") : "";
  listed = number;
  fill(groups.map(({ kind, hits }) => ({ name: words[kind], options: hits.map(optionOf) })));
  say(isLost ? words.nothing : "");
  const count = groups.reduce((sum, { hits }) => sum + hits.length, 0);
  view.status.textContent = isLost ? words.nothing : words.count.replace("#", count);
  activate(options().find((option) => option.getAttribute("href") === chosen) ?? (isLost ? null : options()[0]), false);
  if (entered) {
    pick(entered);
  }
}

function showRecent() {
  listed = number;
  const queries = siteStorage.readList("searches");
  const options = queries.map((query) => element("div", { className: "recent-search" }, query));
  fill(queries.length ? [{ name: view.words.recent, options }] : []);
  say("");
  view.status.textContent = "";
  view.forget.hidden = !queries.length;
}

function fill(groups) {
  view.forget.hidden = true;
  view.list.replaceChildren(
    ...groups.map(({ name, options }, place) => {
      const head = element("p", { id: `page.search-group-${place}`, className: "search-head" }, name);
      head.setAttribute("role", "presentation");
      const group = element("div", {}, head, ...options);
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", head.id);
      return group;
    }),
  );
  options().forEach((option, place) => {
    option.id = `page.search-option-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.tabIndex = -1;
  });
  view.box.setAttribute("aria-expanded", String(options().length > 0));
  view.box.removeAttribute("aria-activedescendant");
}

function optionOf({ path, kind, hue, title, other, place, passage, lang }) {
  const link = element("a", { href: new URL(view.words.root + encodeURI(path), document.baseURI) });
  if (hue !== undefined) {
    link.style.setProperty("--hue", hue);
  }
  link.append(element("span", { className: "hit" }, text("b", title), other?.join("") ? text("span", other) : ""));
  const steps = [view.words[kind], ...place].map((words) => element("span", {}, words));
  link.append(element("span", { className: "where" }, ...steps));
  if (passage.length) {
    const words = text("span", passage);
    words.className = "passage";
    words.lang = languageOf(lang);
    link.append(words);
  }
  return link;
}

// [plain, hit, plain, …] as an element in the language of its script.
function text(name, pieces) {
  const node = element(name, { lang: languageOf(CHINESE.test(pieces.join("")) ? "zh" : "en") });
  node.append(...pieces.map((piece, place) => (place % 2 ? element("mark", {}, piece) : piece)));
  return node;
}

function languageOf(code) {
  return code === "zh" ? "zh-Hans" : code;
}

function element(name, properties, ...content) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...content);
  return node;
}

function options() {
  return [...view.list.querySelectorAll("[role=option], [role=group] > :not(p)")];
}

function activate(option, isScrolled = true) {
  const before = view.list.querySelector("[aria-selected=true]");
  if (!option || option === before) {
    return;
  }
  before?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  view.box.setAttribute("aria-activedescendant", option.id);
  if (isScrolled) {
    option.scrollIntoView({ block: "nearest" });
  }
}

function choose(option, isScrolled) {
  isChosen ||= Boolean(option);
  activate(option, isScrolled);
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) {
    return; // the keys choose Chinese characters; Safari tells the last of them by its code alone
  }
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1;
    choose(all[(step + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const { ctrlKey, metaKey, shiftKey } = event;
    entered = { ctrlKey, metaKey, shiftKey };
    if (listed === number) {
      pick(entered);
    }
  } else if (event.key === "Escape" && view.box.value) {
    event.preventDefault(); // first the words, then the dialog
    view.box.value = "";
    ask();
  }
}

// Opens the active option, if there is one.
function pick(modifiers) {
  entered = null;
  view.list
    .querySelector("[aria-selected=true]")
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...modifiers }));
}

function onPick(event) {
  const option = event.target.closest("[role=option]");
  if (!option) {
    return;
  }
  if (option.className === "recent-search") {
    view.box.value = option.textContent;
    view.box.focus();
    ask();
    return;
  }
  const query = view.box.value.trim();
  const earlier = siteStorage.readList("searches").filter((other) => other !== query);
  siteStorage.writeList("searches", [query, ...earlier].filter(Boolean).slice(0, MAX_RECENT));
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
    view.dialog.close();
  }
}

for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    // The click comes after it.
    setTimeout(() => {
      isPressed = false;
      const answer = late;
      late = null;
      if (answer?.number === number) {
        show(answer);
      }
    });
  });
}

// The preview has replaced the page: the index may be another one.
document.addEventListener("dlmap:morphed", () => {
  worker?.terminate();
  worker = null;
});
