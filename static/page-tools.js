// Tools on every page: copy buttons, learned, compare, side by side, previews. Each tool loads on first use.

const page = document.getElementById("page.tools");

/** A copy of a button from the template of the page, which has it in the language of the page. */
function button(selector) {
  return page.content.querySelector(selector).cloneNode(true);
}

function addCopyButtons() {
  for (const formula of document.querySelectorAll("main .formula")) {
    if (!formula.nextElementSibling?.matches("[data-copy]")) formula.after(button("[data-copy='tex']"));
  }
  for (const heading of document.querySelectorAll(
    "main article :is([id] > :is(h2, h3, h4, h5, h6), :is(h2, h3, h4, h5, h6)[id])",
  )) {
    if (!heading.querySelector("[data-copy]")) heading.append(" ", button("[data-copy='link']"));
  }
  for (const citation of document.querySelectorAll("pre.bibtex")) {
    if (!citation.nextElementSibling) citation.after(button("[data-copy='bibtex']"));
  }
}

/** In tables the button shows when its row is hovered or focused; its accessible name includes the method. */
function addCompareButtons() {
  for (const cell of document.querySelectorAll("main tr[data-concept] > th")) {
    if (cell.querySelector("[data-tool]")) continue;
    const compareButton = button("[data-tool='compare']");
    compareButton.ariaLabel = `${compareButton.textContent} ${cell.textContent}`;
    cell.append(" ", compareButton);
  }
}

/** With scripts, the link to the other language toggles both languages on this page. */
function makeToggles() {
  for (const link of document.querySelectorAll("a[data-tool='side-by-side']:not([role])")) {
    link.role = "button";
    link.ariaPressed = "false";
  }
}

function setUp() {
  addCopyButtons();
  addCompareButtons();
  makeToggles();
  if (siteStorage.read("learned")) import("./learned.js").then(({ showLearned }) => showLearned());
  if (siteStorage.read("compare") && document.querySelector("[data-tool='compare']")) {
    import("./compare.js").then(({ showSelection }) => showSelection());
  }
}

const TOOLS = {
  learned: (id) => import("./learned.js").then(({ toggleLearned }) => toggleLearned(id)),
  compare: (id) => import("./compare.js").then(({ toggleCompared }) => toggleCompared(id)),
};

function useTool(event, tool) {
  const use = TOOLS[tool.dataset.tool];
  if (use) return use(tool.closest("[data-concept]").dataset.concept);
  // The link opens the page in the other language if both cannot be shown side by side.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined;
  event.preventDefault();
  return import("./side-by-side.js")
    .then(({ toggle }) => toggle(tool))
    .then(
      (isShown) => isShown || location.assign(tool.href),
      () => location.assign(tool.href),
    );
}

document.addEventListener("click", (event) => {
  const copyButton = event.target.closest?.("[data-copy]");
  if (copyButton) import("./copy.js").then(({ copy }) => copy(copyButton));
  const tool = event.target.closest?.("[data-tool]");
  if (tool) useTool(event, tool);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.("a[role='button']")) return;
  event.preventDefault();
  event.target.click();
});
document.addEventListener("copy", (event) => {
  // A copy event accepts data only while its listeners run, so the module must be loaded before.
  if (selectionCopy) selectionCopy(event);
});

let selectionCopy;
document.addEventListener(
  "selectionchange",
  () => {
    if (!selectionCopy && document.querySelector(".katex")) {
      import("./copy.js").then((module) => (selectionCopy = module.copySelection));
    }
  },
  { once: true },
);

function previewLink(event) {
  const link = event.target.closest?.("main a[href]:not([data-tool]), .rail a[href], .tree a[href]");
  if (link && link.host === location.host) import("./previews.js").then(({ schedulePreview }) => schedulePreview(link));
}
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "touch") previewLink(event);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches(":focus-visible")) previewLink(event);
});

// Switching the language keeps the place in the text: the section at the top of the window, or else the share scrolled.
const SECTIONS = "main article [id]";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".bar a[hreflang]");
  if (!link || scrollY < 100) return;
  const section = [...document.querySelectorAll(SECTIONS)].findLast((one) => one.getBoundingClientRect().top < 120);
  const share = scrollY / (document.documentElement.scrollHeight - innerHeight);
  const top = section?.getBoundingClientRect();
  const passed = top && (120 - top.top) / top.height;
  siteStorage.handOver("place", { path: new URL(link.href).pathname, id: section?.id, passed, share });
});

function restorePlace(place) {
  const section = place.id && document.getElementById(place.id);
  const box = section?.getBoundingClientRect();
  const top = box
    ? box.top + scrollY + Math.min(place.passed, 1) * box.height - 120
    : place.share * (document.documentElement.scrollHeight - innerHeight);
  scrollTo({ top, behavior: "instant" });
}

const place = siteStorage.takeOver("place");
if (place?.path === location.pathname && !location.hash) {
  restorePlace(place);
  // Fonts and formulas change heights while the page loads.
  addEventListener("load", () => restorePlace(place), { once: true });
}
document.addEventListener("dlmap:morphed", setUp);
setUp();
