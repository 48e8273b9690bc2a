// What every page can do for a reader; all but the marks and buttons of the page itself loads on first use.

const page = document.getElementById("reading");

/** A fresh copy of a button that the page brings along in its own language. */
function button(selector) {
  return page.content.querySelector(selector).cloneNode(true);
}

function addCopyButtons() {
  for (const formula of document.querySelectorAll("main .formula")) {
    if (!formula.nextElementSibling?.matches("[data-copy]")) formula.after(button("[data-copy='tex']"));
  }
  for (const heading of document.querySelectorAll("main article :is([id] > :is(h2, h3, h4, h5, h6), :is(h2, h3, h4, h5, h6)[id])")) {
    if (!heading.querySelector("[data-copy]")) heading.append(" ", button("[data-copy='link']"));
  }
  for (const citation of document.querySelectorAll("pre.bibtex")) {
    if (!citation.nextElementSibling) citation.after(button("[data-copy='bibtex']"));
  }
}

/** Whether the browser remembers anything for a site of this host: else nothing needs to be loaded. */
function remembersSomething() {
  try {
    return Object.keys(localStorage).some((name) => /^dlmap-(learned|compare):/.test(name));
  } catch {
    return false;
  }
}

/** In tables the button waits in its cell until the row is pointed at or reached; its name tells the method. */
function addCompareButtons() {
  for (const cell of document.querySelectorAll("main tr[data-concept] > th")) {
    if (cell.querySelector("[data-tool]")) continue;
    const added = button("[data-tool='compare']");
    added.ariaLabel = `${added.textContent} ${cell.textContent}`;
    cell.append(" ", added);
  }
}

/** With scripts the link to the other language is a switch. */
function makeSwitches() {
  for (const link of document.querySelectorAll("a[data-tool='parallel']:not([role])")) {
    link.role = "button";
    link.ariaPressed = "false";
  }
}

function begin() {
  addCopyButtons();
  addCompareButtons();
  makeSwitches();
  if (!remembersSomething()) return;
  import("./progress.js").then(({ showProgress }) => showProgress());
  if (document.querySelector("[data-tool='compare']")) import("./compare.js").then(({ showChoice }) => showChoice());
}

const TOOLS = {
  learned: (id) => import("./progress.js").then(({ toggleLearned }) => toggleLearned(id)),
  compare: (id) => import("./compare.js").then(({ toggleCompared }) => toggleCompared(id)),
};

function useTool(event, tool) {
  const use = TOOLS[tool.dataset.tool];
  if (use) return use(tool.closest("[data-concept]").dataset.concept);
  // The link leads to the other language's page where both cannot be shown on this one.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined;
  event.preventDefault();
  return import("./parallel.js")
    .then(({ toggle }) => toggle(tool))
    .then((done) => done || location.assign(tool.href), () => location.assign(tool.href));
}

document.addEventListener("click", (event) => {
  const copied = event.target.closest?.("[data-copy]");
  if (copied) import("./copy.js").then(({ copy }) => copy(copied));
  const tool = event.target.closest?.("[data-tool]");
  if (tool) useTool(event, tool);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.("a[role='button']")) return;
  event.preventDefault();
  event.target.click();
});
document.addEventListener("copy", (event) => {
  // The clipboard of a copy event is closed once its listeners return: what it needs must be there already.
  if (selectionCopy) selectionCopy(event);
});

let selectionCopy;
document.addEventListener("selectionchange", () => {
  if (!selectionCopy && document.querySelector(".katex")) {
    import("./copy.js").then((module) => (selectionCopy = module.copySelection));
  }
}, { once: true });

function mayPreview(event) {
  const link = event.target.closest?.("main a[href]:not([data-tool]), .rail a[href], .tree a[href]");
  if (link && link.host === location.host) import("./previews.js").then(({ intend }) => intend(link));
}
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "touch") mayPreview(event);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches(":focus-visible")) mayPreview(event);
});

document.addEventListener("dlmap:morphed", begin);
begin();
