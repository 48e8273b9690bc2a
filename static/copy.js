// Copies formulas as TeX, citations as BibTeX, sections as links; a selection takes its formulas along as TeX.

const SHOWN_MS = 1600;

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

/** Copies what a button stands for, and says so on the button and to screen readers. */
export async function copy(button) {
  await write(SOURCES[button.dataset.copy](button));
  const words = (button.dataset.words ??= button.textContent);
  button.textContent = button.dataset.done;
  announce(button.dataset.done);
  setTimeout(() => (button.textContent = words), SHOWN_MS);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Outside of a secure context there is no clipboard but that of a selection.
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
  let status = document.getElementById("reading-status");
  if (!status) {
    status = document.createElement("p");
    status.id = "reading-status";
    status.className = "unseen";
    status.role = "status";
    document.body.append(status);
  }
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = words));
}

/** Puts the selection into the clipboard with every formula as the TeX it was written in. */
export function copySelection(event) {
  const selection = getSelection();
  if (selection.isCollapsed || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  const whole = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".katex");
  const first = whole(range.startContainer);
  const last = whole(range.endContainer);
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

/** The text of a fragment with its blocks on lines of their own. */
function textOf(fragment) {
  for (const block of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, tr")) block.append("\n");
  return fragment.textContent.replace(/\n{3,}/g, "\n\n").trim();
}
