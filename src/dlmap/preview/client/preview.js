// Runs in every previewed page: loads it anew after a good build, shows what is wrong after a failed one.

const own = new URL("./", import.meta.url);
const script = document.querySelector('script[src$="/_dlmap/preview.js"]');
const shownBuild = Number(script.dataset.build);
const retryMilliseconds = 500;

let source = null;
let retry = 0;
let overlay = null;
let newest = 0;

function connect() {
  clearTimeout(retry);
  // A browser opens only some six connections to one server: pages that nobody sees must not use them up.
  if (source || document.hidden) return;
  source = new EventSource(new URL("events", own));
  source.onmessage = (event) => receive(JSON.parse(event.data));
  // Not every browser tries again by itself when the server is gone.
  source.onerror = () => {
    disconnect();
    retry = setTimeout(connect, retryMilliseconds);
  };
}

function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function receive({ build, ok }) {
  const turn = ++newest;
  if (build !== shownBuild) {
    // The page on disk is another one: after a build, or after a restart of the server.
    disconnect();
    location.reload();
  } else if (ok) {
    hide();
  } else {
    show(turn).catch(() => {});
  }
}

async function show(turn) {
  const answer = await fetch(new URL("diagnostics.json", own));
  const report = await answer.json();
  // The fix may have arrived before the report of the fault.
  if (turn !== newest || report.ok) return;
  hide();
  const fresh = overlayWith(report);
  overlay = fresh;
  document.documentElement.append(overlay);
  const dialog = overlay.shadowRoot.querySelector("dialog");
  await styled(overlay.shadowRoot.querySelector("link"));
  if (overlay === fresh && !dialog.open) dialog.showModal();
  reveal(dialog);
}

// Of a long line, show the part that matters.
function reveal(part) {
  for (const mark of part.querySelectorAll("mark")) {
    const line = mark.closest("pre");
    line.scrollLeft = mark.offsetLeft + mark.offsetWidth - line.clientWidth / 2;
  }
}

function hide() {
  overlay?.remove();
  overlay = null;
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
  dialog.append(element("p", "note", "This goes away by itself as soon as a build goes well."));
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
  const place = [problem.path, problem.line, problem.column].filter((part) => part).join(":");
  if (place) entry.append(element("code", "place", place), " ");
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

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
// A page that the browser keeps for its back button must not hold a connection.
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);
connect();
