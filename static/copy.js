// Copies formulas as TeX, citations as BibTeX, sections as links; a selection takes its formulas along as TeX.

const CONFIRMATION_MS = 1600;

function texOf(formula) {
  return formula.querySelector("annotation[encoding='application/x-tex']")?.textContent ?? "";
}

function linkOf(button) {
  const address = new URL(location.href);
  address.hash = button.closest("[id]").id;
  return address.href;
}

const SOURCES = {
  tex: (button) => texOf(button.previousElementSibling),
  bibtex: (button) => button.previousElementSibling.textContent,
  link: linkOf,
};

/** Copies what belongs to a button, and confirms it on the button and to screen readers. */
export async function copy(button) {
  await write(SOURCES[button.dataset.copy](button));
  button.dataset.words ??= button.textContent;
  button.textContent = button.dataset.done;
  announce(button.dataset.done);
  setTimeout(() => (button.textContent = button.dataset.words), CONFIRMATION_MS);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context there is no clipboard API: copy a selection instead.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
  }
}

function announce(words) {
  let status = document.getElementById("page.copy-status");
  if (!status) {
    status = document.createElement("p");
    status.id = "page.copy-status";
    status.className = "unseen";
    status.role = "status";
    document.body.append(status);
  }
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = words));
}

/** Puts the selection on the clipboard, with every formula as its TeX source. */
export function copySelection(event) {
  const selection = getSelection();
  if (selection.isCollapsed || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formulaAround = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".katex");
  const first = formulaAround(range.startContainer);
  const last = formulaAround(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const fragment = range.cloneContents();
  const formulas = fragment.querySelectorAll(".katex");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const display = formula.parentElement?.matches(".katex-display");
    formula.replaceWith(display ? `\n$$${texOf(formula)}$$\n` : `$${texOf(formula)}$`);
  }
  for (const button of fragment.querySelectorAll("button")) button.remove();
  event.clipboardData.setData("text/plain", textOf(fragment));
  event.preventDefault();
}

/** The text of a fragment, each block on its own line. */
function textOf(fragment) {
  for (const block of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, tr")) block.append("\n");
  return fragment.textContent.replace(/\n{3,}/g, "\n\n").trim();
}
