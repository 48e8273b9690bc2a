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
  for (const heading of document.querySelectorAll("main :is([id] > :is(h2, h3, h4, h5, h6), :is(h2, h3, h4, h5, h6)[id])")) {
    if (!heading.querySelector("[data-copy]")) heading.append(" ", button("[data-copy='link']"));
  }
  for (const citation of document.querySelectorAll("pre.bibtex")) {
    if (!citation.nextElementSibling) citation.after(button("[data-copy='bibtex']"));
  }
}

function begin() {
  addCopyButtons();
}

document.addEventListener("click", (event) => {
  const copied = event.target.closest?.("[data-copy]");
  if (copied) import("./copy.js").then(({ copy }) => copy(copied));
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

document.addEventListener("dlmap:morphed", begin);
begin();
