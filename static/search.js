// Opens the search: by its links, `/` and Ctrl-K. The dialog and its index are loaded when they are first wanted.
const load = () => import("./search-dialog.js");
const LINK = "a[data-search]";
let typed = null; // while the dialog is being loaded: the letters that are meant for it

async function open(link = document.querySelector(LINK), query = "") {
  if (typed !== null) return;
  typed = query;
  try {
    const dialog = await load();
    await dialog.open(() => typed);
  } catch {
    location.href = link.href; // the page of the search names indexes that need no script
  } finally {
    typed = null;
  }
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    open(link);
  }
});

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (typed !== null && isPlain && (event.key.length === 1 || event.key === "Enter")) {
    typed += event.key === "Enter" ? "\n" : event.key;
    event.preventDefault();
    return;
  }
  const isSlash = event.key === "/" && isPlain && !isTyping(event.target);
  const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if ((isSlash || isK) && !event.isComposing && document.querySelector(LINK)) {
    event.preventDefault();
    open();
  }
});

// Who points at the link will mostly click it.
document.addEventListener("pointerover", (event) => event.target.closest?.(LINK) && load().catch(() => {}));

// A search from outside: the browser's address bar leads here (opensearch.xml).
if (document.body.classList.contains("search-page")) {
  open(undefined, new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "");
}
