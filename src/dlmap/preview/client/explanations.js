// The panel that explains what the outline was read as: one key opens it, Escape or the same key closes it.

import { element, open, panel, place } from "./panel.js";

const client = new URL("./", import.meta.url);
const KEY = "e";

let host = null;

document.addEventListener("keydown", (event) => {
  if (event.key !== KEY || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.composedPath()[0];
  if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) return;
  if (host) close();
  else if (!document.querySelector("dialog[open]")) show();
});

async function show() {
  const response = await fetch(new URL("explanations.json", client));
  if (!response.ok || host) return;
  const { explanations, more } = await response.json();
  const opened = panel("dlmap-explanations", "What the outline was read as", content(explanations, more));
  host = opened;
  opened.shadowRoot.querySelector("dialog").addEventListener("close", close);
  await open(opened, () => host !== opened);
}

function close() {
  host?.remove();
  host = null;
}

function content(explanations, more) {
  const doubtful = explanations.filter((explanation) => explanation.doubtful).length;
  const list = element("ol");
  list.append(...explanations.map(item));
  const summary = `${explanations.length + more} decisions, ${doubtful} doubtful; doubtful ones come first`;
  return [
    element("p", "summary", summary),
    list,
    ...(more ? [element("p", "", `and ${more} more: dlmap check --explain`)] : []),
    element("p", "note", "Press e or Escape to close."),
  ];
}

function item(explanation) {
  const entry = element("li", explanation.doubtful ? "warning" : "");
  const certainty = Math.round(100 * explanation.confidence);
  entry.append(
    place(explanation),
    " ",
    element("span", "code", `${explanation.subject} → ${explanation.outcome} (${certainty} %)`),
    " ",
    element("span", "message", explanation.words),
    element("p", "help", `why: ${explanation.reason} [${explanation.rule}]`),
  );
  if (explanation.doubtful && explanation.mark) {
    entry.append(element("p", "help", `to decide it yourself: ${explanation.mark}`));
  }
  return entry;
}
