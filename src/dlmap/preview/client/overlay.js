// The overlay that tells what is wrong with the last build.

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
  document.documentElement.append(overlay);
  const dialog = overlay.shadowRoot.querySelector("dialog");
  await styled(overlay.shadowRoot.querySelector("link"));
  if (overlay === fresh && !dialog.open) dialog.showModal();
  reveal(dialog);
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

function styled(link) {
  if (link.sheet) return Promise.resolve();
  return new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
  });
}

// The overlay lives in a shadow tree, where the theme of the site and its own style leave each other alone.
// All text goes in as text: a policy of the page that forbids inline scripts and styles stays kept.
function overlayWith(report) {
  const host = element("dlmap-overlay");
  const root = host.attachShadow({ mode: "open" });
  const style = element("link");
  style.rel = "stylesheet";
  style.href = new URL("overlay.css", own);

  const dialog = element("dialog");
  dialog.lang = "en";
  dialog.setAttribute("aria-labelledby", "title");
  const title = element("h1", "title", "The build failed");
  title.id = "title";
  const close = element("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const head = element("header");
  head.append(title, close);
  dialog.append(head, element("p", "summary", report.summary));

  const errors = report.problems.filter((problem) => problem.severity === "error");
  const others = report.problems.filter((problem) => problem.severity !== "error");
  if (errors.length) dialog.append(listOf(errors));
  if (others.length) {
    const details = element("details");
    details.open = !errors.length;
    details.addEventListener("toggle", () => reveal(details));
    details.append(element("summary", "", `${others.length} warning${others.length > 1 ? "s" : ""}`), listOf(others));
    dialog.append(details);
  }
  if (report.more) dialog.append(element("p", "", `and ${report.more} more, not shown here`));
  dialog.append(element("p", "note", "This goes away by itself as soon as a build goes well. Escape hides it."));
  root.append(style, dialog);
  return host;
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

function place(problem) {
  const text = [problem.path, problem.line, problem.column].filter((part) => part).join(":");
  if (!problem.editor) return element("code", "place", text);
  const link = element("a", "place", text);
  link.href = problem.editor;
  link.title = "open in the editor";
  return link;
}

// The style draws the caret line below the mark, so it is as wide as the marked text in every font and script.
function excerpt(problem) {
  const line = element("pre");
  line.tabIndex = 0;
  line.append(element("span", "number", `${problem.line} `));
  line.append(problem.before, element("mark", "", problem.marked), problem.after);
  return line;
}

function element(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
