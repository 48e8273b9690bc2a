// Opens the search: by its links, `/` and Ctrl-K. The dialog and its index are loaded when they are first wanted.
const load = () => import("./search-dialog.js");
const LINK = "a[data-search]";

async function open(link) {
  try {
    (await load()).open();
  } catch {
    link ??= document.querySelector(LINK);
    if (link) location.href = link.href; // the index of methods, which needs no script
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
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
  const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if ((isSlash || isK) && !event.isComposing && document.querySelector(LINK)) {
    event.preventDefault();
    open();
  }
});

// Who points at the link will mostly click it.
document.addEventListener("pointerover", (event) => event.target.closest?.(LINK) && load().catch(() => {}));
