// Light or dark: sets the remembered choice before the first paint and runs the switch in the bar.
// Also closes the tree sheet with Escape and takes scroll boxes that need no scrolling out of the tab order.
(function () {
  "use strict";
  var KEY = "dlmap-theme";
  var root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch (error) {
      return null;
    }
  }

  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    // The browser's own frame takes the colour of the first of these whose condition holds.
    document.querySelectorAll('meta[name="theme-color"]').forEach(function (meta, index) {
      var name = index ? "dark" : "light";
      meta.media = root.dataset.theme ? (root.dataset.theme === name ? "all" : "not all") : "(prefers-color-scheme: " + name + ")";
    });
  }

  // From "system" the first step is always the one that can be seen.
  function next() {
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    var order = dark ? ["", "light", "dark"] : ["", "dark", "light"];
    return order[(order.indexOf(root.dataset.theme || "") + 1) % 3];
  }

  function choose(theme) {
    show(theme);
    try {
      if (theme) localStorage.setItem(KEY, theme);
      else localStorage.removeItem(KEY);
    } catch (error) {
      // Without storage the choice lasts as long as the page.
    }
  }

  // Closing goes back in history, which keeps the place in the text; the link alone leads to its top.
  var opened = false;
  function closeSheet(event) {
    if (location.hash !== "#tree" || !opened) return;
    event.preventDefault();
    opened = false;
    history.back();
    document.querySelector(".to-tree").focus({ preventScroll: true });
  }

  function showSwitch() {
    var button = document.querySelector(".theme-switch");
    if (button) button.hidden = false;
  }

  function spareTabStops() {
    document.querySelectorAll(".formula, .scroll").forEach(function (box) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    });
  }

  show(remembered());
  addEventListener("pageshow", function (event) {
    if (event.persisted) show(remembered());
  });
  addEventListener("storage", function (event) {
    if (event.key === KEY) show(event.newValue);
  });
  // On the document, so that they outlive elements that a preview replaces.
  document.addEventListener("click", function (event) {
    if (event.target.closest(".theme-switch")) choose(next());
    if (event.target.closest(".to-tree")) opened = true;
    if (event.target.closest(".tree .close")) closeSheet(event);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") closeSheet(event);
  });
  ["DOMContentLoaded", "dlmap:morphed"].forEach(function (name) {
    document.addEventListener(name, showSwitch);
  });
  document.addEventListener("dlmap:morphed", spareTabStops);
  addEventListener("load", spareTabStops);
  addEventListener("resize", spareTabStops);
})();
