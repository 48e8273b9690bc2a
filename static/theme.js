// Light or dark: applies the stored theme before the first paint and runs the theme button in the bar.
// Also closes the contents sheet with Escape, and removes scroll boxes that do not scroll from the tab order.
(() => {
  const root = document.documentElement;

  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    // The browser colours its own frame with the first of these whose media query matches.
    document.querySelectorAll('meta[name="theme-color"]').forEach((meta, index) => {
      const name = index ? "dark" : "light";
      const chosen = root.dataset.theme;
      meta.media = chosen ? (chosen === name ? "all" : "not all") : `(prefers-color-scheme: ${name})`;
    });
  }

  // The first step away from "auto" is the theme that looks different.
  function nextTheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const order = dark ? ["", "light", "dark"] : ["", "dark", "light"];
    return order[(order.indexOf(root.dataset.theme || "") + 1) % 3];
  }

  // Closing the sheet goes back in history, which keeps the scroll position; its link alone goes to the top.
  let isSheetOpen = false;
  function closeSheet(event) {
    if (location.hash !== "#page.tree" || !isSheetOpen) return;
    event.preventDefault();
    isSheetOpen = false;
    history.back();
    document.querySelector(".to-tree").focus({ preventScroll: true });
  }

  function showThemeButton() {
    const button = document.querySelector(".theme-switch");
    if (button) button.hidden = false;
  }

  // Only boxes that scroll are tab stops. On paper nothing scrolls: formulas wider than the page are printed smaller.
  const PRINTED_WIDTH = 640; // pixels of an A4 page, less its margins
  const PRINTED_SIZE = 0.875; // of text, beside its size on the screen
  function updateScrollBoxes() {
    const boxes = [...document.querySelectorAll(".formula, .scroll")];
    const widths = boxes.map((box) => [box.scrollWidth, box.clientWidth]);
    boxes.forEach((box, index) => {
      const [width, visibleWidth] = widths[index];
      box.tabIndex = width > visibleWidth ? 0 : -1;
      const scale = PRINTED_WIDTH / (width * PRINTED_SIZE);
      if (box.matches(".formula") && scale < 1) box.style.setProperty("--print-scale", scale.toFixed(3));
    });
  }

  apply(siteStorage.read("theme"));
  addEventListener("pageshow", (event) => {
    if (event.persisted) apply(siteStorage.read("theme"));
  });
  addEventListener("storage", (event) => {
    if (event.key === siteStorage.key("theme")) apply(event.newValue);
  });
  // Listeners are on the document, so they survive when the live preview replaces elements.
  document.addEventListener("click", (event) => {
    if (event.target.closest(".theme-switch")) {
      const theme = nextTheme();
      apply(theme);
      siteStorage.write("theme", theme);
    }
    if (event.target.closest(".to-tree")) isSheetOpen = true;
    if (event.target.closest(".tree .close")) closeSheet(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeSheet(event);
  });
  for (const name of ["DOMContentLoaded", "dlmap:morphed"]) document.addEventListener(name, showThemeButton);
  document.addEventListener("dlmap:morphed", updateScrollBoxes);
  addEventListener("load", updateScrollBoxes);
  addEventListener("resize", updateScrollBoxes);
})();
