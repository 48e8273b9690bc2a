// The overlay that tells what is wrong with the last build.

import { element, open, panel, place } from "./panel.js";

const own = new URL("./", import.meta.url);

let overlay = null;
let shown = "";

/** Fetch what is wrong and show it, if `isStillNews` when it has come. */
export async function show(isStillNews) {
  const answer = await fetch(new URL("diagnostics.json", own));
  const text = await answer.text();
  const report = JSON.parse(text);
  // The fix may have arrived before the report; and what the reader has put away stays away.
  if (!isStillNews() || report.ok || text === shown) return;
  hide();
  shown = text;
  const fresh = overlayWith(report);
  overlay = fresh;
  reveal(await open(fresh, () => overlay !== fresh));
}

export function hide() {
  overlay?.remove();
  overlay = null;
  shown = "";
}

// Of a long line, show the part that matters.
function reveal(part) {
  for (const mark of part.querySelectorAll("mark")) {
    const line = mark.closest("pre");
    line.scrollLeft = mark.offsetLeft + mark.offsetWidth - line.clientWidth / 2;
  }
}

function overlayWith(report) {
  const errors = report.problems.filter((problem) => problem.severity === "error");
  const others = report.problems.filter((problem) => problem.severity !== "error");
  const content = [element("p", "summary", report.summary)];
  if (errors.length) content.push(listOf(errors));
  if (others.length) {
    const details = element("details");
    details.open = !errors.length;
    details.addEventListener("toggle", () => reveal(details));
    details.append(element("summary", "", `${others.length} warning${others.length > 1 ? "s" : ""}`), listOf(others));
    content.push(details);
  }
  if (report.more) content.push(element("p", "", `and ${report.more} more, not shown here`));
  content.push(element("p", "note", "This goes away by itself as soon as a build goes well. Escape hides it."));
  return panel("dlmap-overlay", "The build failed", content);
}

function listOf(problems) {
  const list = element("ol");
  list.append(...problems.map(item));
  return list;
}

function item(problem) {
  const entry = element("li", problem.severity);
  if (problem.path) entry.append(place(problem), " ");
  entry.append(element("span", "code", `${problem.severity}[${problem.code}]`), " ");
  entry.append(element("span", "message", problem.message));
  if (problem.line) entry.append(excerpt(problem));
  if (problem.help) entry.append(element("p", "help", `help: ${problem.help}`));
  return entry;
}

// The style draws the caret line below the mark, so it is as wide as the marked text in every font and script.
function excerpt(problem) {
  const line = element("pre");
  line.tabIndex = 0;
  line.append(element("span", "number", `${problem.line} `));
  line.append(problem.before, element("mark", "", problem.marked), problem.after);
  return line;
}
