// The map: zoomed and panned by dragging, Ctrl + wheel, two fingers, keys and buttons. Wheel and one finger scroll the page.

import { MapView } from "./map-view.js";

const STEP = 1.6;
const FILLS = 0.55; // of the frame: a land this large is not zoomed in to, a click opens its page
const HINT = 1800; // milliseconds
const PRINT_WIDTH = 960; // pixels of a landscape A4 page

class Stage extends MapView {
  constructor(root) {
    super(root);
    this.here = root.querySelector(".map-here");
    this.hint = root.querySelector(".map-hint");
    this.pointers = new Map();
    this.abort = new AbortController();
    this.listen();
    if (location.hash) this.showHash();
  }

  close() {
    this.abort.abort();
    this.observer.disconnect();
  }

  // Back zooms out: zooming in from the whole map, and entering a land, each add an entry to the history.
  onLeaveWhole() {
    this.pushState(location.href);
  }

  pushState(address) {
    history.pushState({ map: true }, "", address);
  }

  fills(link) {
    const [, , width, height] = this.boxOf(link);
    return width * this.scale > FILLS * this.frame.width || height * this.scale > FILLS * this.frame.height;
  }

  enter(link) {
    const hash = `#${this.placesOf(link)[0].id.replace(/^_/, "")}`;
    if (hash !== location.hash) this.pushState(hash);
    this.flyTo(link);
    this.describe(link, true);
  }

  showHash(options = {}) {
    const id = location.hash.slice(1); // ids are ASCII: what is escaped is none
    const link = document.getElementById(id) ?? document.getElementById(`_${id}`); // no XML name begins with a digit
    if (!link || !this.map.contains(link)) return;
    scrollTo(0, 0);
    // The browser scrolls to the fragment once more when the page has loaded.
    addEventListener("load", () => requestAnimationFrame(() => scrollTo(0, 0)), { once: true });
    this.flyTo(link, options);
    this.describe(link, true);
    this.highlight(link);
  }

  /** All places of a concept; the first one has its id. */
  placesOf(link) {
    return [...this.map.querySelectorAll(`a[href="${CSS.escape(link.getAttribute("href"))}"]`)];
  }

  // A concept with several places is highlighted in all of them.
  highlight(link) {
    for (const other of this.map.querySelectorAll(".same-concept")) other.classList.remove("same-concept");
    const places = link ? this.placesOf(link) : [];
    if (places.length > 1) for (const place of places) place.classList.add("same-concept");
  }

  // Names what is hovered or entered, with its path in the map.
  describe(link, isEntered = false) {
    if (isEntered) {
      this.map.querySelector(".entered")?.classList.remove("entered");
      if (link.querySelector("path")) link.classList.add("entered");
    }
    const name = document.createElement("a");
    name.href = link.href.baseVal;
    name.textContent = this.labelOf.get(link).words.join("");
    const entry = document.querySelector(`.map-list a[href="${CSS.escape(link.getAttribute("href"))}"]`);
    const path = [];
    for (let item = entry?.closest("li, .branch")?.parentElement?.closest("li, .branch"); item; ) {
      path.unshift(item.querySelector("a").textContent);
      item = item.parentElement.closest("li, .branch");
    }
    const count = entry?.parentElement.querySelector(":scope > small, :scope > details > summary")?.textContent;
    this.here.replaceChildren(...path.flatMap((step) => [step, " › "]), name, ...(count ? [` ${count}`] : []));
  }

  showHint(kind) {
    if (siteStorage.read("map-hint") || !this.hint) return;
    siteStorage.write("map-hint", "shown");
    this.hint.textContent = this.hint.dataset[kind];
    this.hint.classList.add("shown");
    setTimeout(() => this.hint.classList.remove("shown"), HINT);
  }

  pointOf(event) {
    return [event.clientX - this.frame.left, event.clientY - this.frame.top];
  }

  listen() {
    const { root } = this;
    const { signal } = this.abort;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
    const on = (target, handlers, options = {}) => {
      for (const [name, handler] of Object.entries(handlers))
        target.addEventListener(name, handler, { signal, ...options });
    };
    on(window, { scroll: () => this.measure() }, { passive: true });
    on(window, {
      popstate: () => (location.hash ? this.showHash({ smooth: true }) : this.showAll({ smooth: true })),
      beforeprint: () => this.print(),
      afterprint: () => this.resize(),
    });
    // Two fingers move the map, so the browser must not scroll or zoom the page with them.
    const hold = (event) => event.touches.length > 1 && event.cancelable && event.preventDefault();
    on(root, { wheel: (event) => this.onWheel(event), touchstart: hold, touchmove: hold }, { passive: false });
    on(root, {
      pointerdown: (event) => this.onPointerDown(event),
      pointermove: (event) => this.onPointerMove(event),
      pointerup: (event) => this.pointers.delete(event.pointerId),
      pointercancel: (event) => this.pointers.delete(event.pointerId),
      click: (event) => this.onClick(event),
      dragstart: (event) => event.preventDefault(),
      keydown: (event) => this.onKey(event),
      pointerover: (event) => this.onHover(event.target.closest(".map a")),
      focusin: (event) => this.onFocus(event.target.closest(".map a")),
    });
  }

  resize() {
    const wasWhole = this.isWhole;
    const middle = [(this.frame.width / 2 - this.x) / this.scale, (this.frame.height / 2 - this.y) / this.scale];
    this.measure();
    const isRedrawn = this.fitDrawing();
    if (wasWhole || isRedrawn) this.showAll();
    else
      this.show(
        this.frame.width / 2 - middle[0] * this.scale,
        this.frame.height / 2 - middle[1] * this.scale,
        this.scale,
      );
  }

  // The whole map, with the labels that fit on a page; the style sheet makes it as wide as the page.
  print() {
    this.measure(PRINT_WIDTH, (PRINT_WIDTH * this.box[3]) / this.box[2]);
    this.fitDrawing();
    this.showAll();
  }

  onHover(link) {
    if (this.pointers.size) return;
    this.highlight(link);
    if (link) this.describe(link);
  }

  onFocus(link) {
    if (!link?.matches(":focus-visible")) return;
    const [x, y, width, height] = this.boxOf(link);
    const [middleX, middleY] = [this.x + (x + width / 2) * this.scale, this.y + (y + height / 2) * this.scale];
    const isOutside = middleX < 0 || middleY < 0 || middleX > this.frame.width || middleY > this.frame.height;
    if (isOutside) this.pan(this.frame.width / 2 - middleX, this.frame.height / 2 - middleY);
    this.onHover(link);
  }

  onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return this.showHint("wheel");
    event.preventDefault();
    if (event.deltaY) this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.004)), this.pointOf(event));
  }

  onPointerDown(event) {
    if (event.button !== 0 || event.target.closest(".map-bar")) return;
    this.pointers.set(event.pointerId, this.pointOf(event));
    this.isDragged = this.pointers.size > 1;
    this.dragStart = this.pointOf(event);
  }

  onPointerMove(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const point = this.pointOf(event);
    const isOneFinger = event.pointerType === "touch" && this.pointers.size === 1;
    if (!this.isDragged) {
      if (Math.hypot(point[0] - this.dragStart[0], point[1] - this.dragStart[1]) < 5) return;
      this.isDragged = true;
      if (isOneFinger) this.showHint("touch");
    }
    if (isOneFinger) return;
    if (!this.root.hasPointerCapture(event.pointerId)) this.root.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      const [, other] = [...this.pointers].find(([id]) => id !== event.pointerId);
      const middle = [(point[0] + other[0]) / 2, (point[1] + other[1]) / 2];
      const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
      this.zoom(Math.hypot(point[0] - other[0], point[1] - other[1]) / before, middle);
      this.draw(this.x + (point[0] - last[0]) / 2, this.y + (point[1] - last[1]) / 2, this.scale, false);
    } else {
      this.pan(point[0] - last[0], point[1] - last[1]);
    }
    this.pointers.set(event.pointerId, point);
  }

  onClick(event) {
    const button = event.target.closest("[data-zoom]");
    if (button) return this.useButton(button.dataset.zoom);
    const link = event.target.closest(".map a");
    if (!link) return undefined;
    if (this.isDragged && event.detail) return event.preventDefault();
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
    if (!link.querySelector("path") || this.fills(link)) return undefined;
    event.preventDefault();
    return this.enter(link);
  }

  useButton(name) {
    if (name === "all") this.showAll({ smooth: true });
    else this.zoom(name === "in" ? STEP : 1 / STEP, undefined, { smooth: true });
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 80;
    const actions = {
      ArrowLeft: () => this.pan(step, 0),
      ArrowRight: () => this.pan(-step, 0),
      ArrowUp: () => this.pan(0, step),
      ArrowDown: () => this.pan(0, -step),
      "+": () => this.useButton("in"),
      "=": () => this.useButton("in"),
      "-": () => this.useButton("out"),
      0: () => this.useButton("all"),
      Escape: () => this.useButton("all"),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }
}

let stage = null;

function start() {
  const root = document.querySelector(".map-stage");
  if (root === null) return;
  const before = stage?.root === root ? stage : null;
  stage?.close();
  stage = new Stage(root);
  if (before) stage.show(before.x, before.y, before.scale);
}

start();
// The live preview has restored the page as it was built.
document.addEventListener("dlmap:morphed", start);
