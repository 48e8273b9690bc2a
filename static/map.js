// The map: zoomed and panned by dragging, Ctrl + wheel, two fingers, keys and buttons. Wheel and one finger scroll the page.

import { drawLabel, moveLabel, placeLabels, projectLabels, readLabels } from "./map-labels.js";

const CLOSEST = 14;
const STEP = 1.6;
const FILLS = 0.55; // of the frame: a land this large is not zoomed in to, a click opens its page
const MOST_STRETCH = 1.5; // of the drawing, to fill the frame
const FLIGHT = 180; // milliseconds
const HINT = 1800; // milliseconds
const PLACE_EVERY = 90; // milliseconds, while the scale changes
const PRINT_WIDTH = 960; // pixels of a landscape A4 page

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

class Stage {
  constructor(root) {
    this.root = root;
    this.sheet = root.querySelector(".map-sheet");
    this.map = root.querySelector(".map");
    this.bar = root.querySelector(".map-bar");
    this.here = root.querySelector(".map-here");
    this.hint = root.querySelector(".map-hint");
    const { x, y, width, height } = this.map.viewBox.baseVal;
    this.box = [x, y, width, height];
    this.paths = [...this.map.querySelectorAll("path")].map((path) => [path, path.getAttribute("d")]);
    this.labels = readLabels(this.map);
    this.labelOf = new Map(this.labels.map((label) => [label.link, label]));
    this.pointers = new Map();
    this.root.classList.add("live");
    this.map.classList.add("live");
    this.bar.hidden = false;
    this.abort = new AbortController();
    this.measure();
    this.fitDrawing();
    this.showAll();
    this.listen();
    if (location.hash) this.showHash();
  }

  close() {
    this.abort.abort();
    this.observer.disconnect();
  }

  measure(width = this.root.clientWidth, height = this.root.clientHeight - this.bar.offsetHeight) {
    const { left, top } = this.root.getBoundingClientRect();
    this.frame = { left, top, width, height };
  }

  // Turns the drawing on its side for an upright frame and stretches it, so that the map fills the frame.
  fitDrawing() {
    const [left, top, width, height] = this.box;
    const frame = this.frame.width / this.frame.height;
    const [lying, upright] = [frame / (width / height), frame / (height / width)];
    const isUpright = Math.abs(Math.log(upright)) < Math.abs(Math.log(lying));
    const stretch = Math.min(Math.max(isUpright ? upright : lying, 1 / MOST_STRETCH), MOST_STRETCH);
    const key = `${isUpright} ${stretch.toFixed(2)}`;
    if (key === this.drawing) return false;
    this.drawing = key;
    const [scaleX, scaleY] = [Math.sqrt(stretch), 1 / Math.sqrt(stretch)];
    const turn = (x, y) => (isUpright ? [y * scaleX, x * scaleY] : [x * scaleX, y * scaleY]);
    const [drawnWidth, drawnHeight] = turn(width, height);
    for (const [path, data] of this.paths) {
      path.setAttribute(
        "d",
        data.replace(/([Ml])([^Mlhz]+)/g, (_, command, numbers) => {
          const from = command === "M" ? [left, top] : [0, 0];
          const values = numbers.match(/-?\d+/g).map(Number);
          const pairs = [];
          for (let index = 0; index < values.length; index += 2) {
            pairs.push(
              turn(values[index] - from[0], values[index + 1] - from[1])
                .map(Math.round)
                .join(" "),
            );
          }
          return command + pairs.join(" ");
        }),
      );
    }
    this.map.setAttribute("viewBox", `0 0 ${drawnWidth} ${drawnHeight}`);
    this.size = [drawnWidth / 10, drawnHeight / 10];
    this.map.style.width = `${this.size[0]}px`;
    const project = (x, y) => turn(x - left, y - top).map((value) => value / 10);
    projectLabels(this.labels, project);
    this.placedScale = 0;
    return true;
  }

  get wholeScale() {
    return Math.min(this.frame.width / this.size[0], this.frame.height / this.size[1]);
  }

  get isWhole() {
    return this.scale <= this.wholeScale * 1.001;
  }

  show(x, y, scale, { smooth = false, first = null } = {}) {
    const target = Math.min(Math.max(scale, this.wholeScale), CLOSEST);
    cancelAnimationFrame(this.flight);
    this.first = first;
    if (!smooth || reducedMotion.matches) return this.draw(x, y, target);
    this.goal = { x, y, scale: target };
    const from = [this.x, this.y, this.scale];
    const begin = performance.now();
    const step = (now) => {
      const part = Math.min((now - begin) / FLIGHT, 1);
      const eased = 1 - (1 - part) ** 3;
      const ratio = target / from[2];
      const current = from[2] * ratio ** eased;
      // The point that stays in place while the scale changes.
      const share = ratio === 1 ? eased : (current / from[2] - 1) / (ratio - 1);
      this.draw(from[0] + (x - from[0]) * share, from[1] + (y - from[1]) * share, current, part === 1);
      if (part < 1) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }

  draw(x, y, scale, isAtRest = true) {
    const within = (length, room, at) =>
      length * scale <= room ? (room - length * scale) / 2 : Math.min(0, Math.max(room - length * scale, at));
    if (isAtRest) this.goal = null;
    const isScaled = scale !== this.scale;
    this.scale = scale;
    this.x = within(this.size[0], this.frame.width, x);
    this.y = within(this.size[1], this.frame.height, y);
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) scale(${scale})`;
    this.map.style.setProperty("--scale", scale);
    clearTimeout(this.settling);
    const now = performance.now();
    if (!isScaled && this.placedScale === scale) this.showVisible();
    else if (isAtRest || now - this.placedAt > PLACE_EVERY) this.place(now);
    else {
      for (const label of this.visible) moveLabel(label, this.placedScale, scale);
      this.settling = setTimeout(() => this.place(performance.now()), PLACE_EVERY);
    }
  }

  place(now) {
    placeLabels(this.labels, this.scale, this.size, this.first);
    this.placedScale = this.scale;
    this.placedAt = now;
    this.visible = [];
    for (const label of this.labels) if (!label.place) drawLabel(label, this.scale);
    this.showVisible();
  }

  // Draws the labels in the frame and around it; the others cost nothing until the map is panned to them.
  showVisible() {
    const { width, height } = this.frame;
    this.visible = this.labels.filter(({ place }) => {
      if (!place) return false;
      const [x, y] = [place.x + this.x, place.y + this.y];
      return x > -width / 2 && x < width * 1.5 && y > -height / 2 && y < height * 1.5;
    });
    const visible = new Set(this.visible);
    for (const label of this.labels) {
      if (label.place && !visible.has(label)) label.link.classList.remove("shown");
    }
    for (const label of this.visible) drawLabel(label, this.scale);
  }

  zoom(factor, at = [this.frame.width / 2, this.frame.height / 2], options = {}) {
    // A second step while the first is still animated goes on from where that one ends.
    const from = this.goal ?? this;
    const scale = Math.min(Math.max(from.scale * factor, this.wholeScale), CLOSEST);
    const ratio = scale / from.scale;
    if (!this.goal && this.isWhole && ratio > 1.01) this.pushState(location.href);
    const [x, y] = [at[0] - (at[0] - from.x) * ratio, at[1] - (at[1] - from.y) * ratio];
    if (options.smooth) this.show(x, y, scale, options);
    else this.draw(x, y, scale, false);
  }

  pan(dx, dy) {
    cancelAnimationFrame(this.flight);
    this.goal = null;
    this.draw(this.x + dx, this.y + dy, this.scale);
  }

  showAll(options) {
    this.show(0, 0, this.wholeScale, options);
  }

  // Back zooms out: zooming in from the whole map, and entering a land, each add an entry to the history.
  pushState(address) {
    history.pushState({ map: true }, "", address);
  }

  /** The box of a link in pixels of the sheet at scale 1, as [left, top, width, height]. */
  boxOf(link) {
    const label = this.labelOf.get(link);
    if (!label.polygon) return [...label.anchor, 0, 0];
    const [xs, ys] = [label.polygon.map(([x]) => x), label.polygon.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
  }

  flyTo(link, options = { smooth: true }) {
    const [x, y, width, height] = this.boxOf(link);
    const label = this.labelOf.get(link);
    const scale = label.polygon
      ? 0.9 * Math.min(this.frame.width / width, this.frame.height / height)
      : Math.max(this.scale, (label.style.size * 1.2) / label.fit);
    const bounded = Math.min(Math.max(scale, this.wholeScale), CLOSEST);
    const middle = [
      this.frame.width / 2 - (x + width / 2) * bounded,
      this.frame.height / 2 - (y + height / 2) * bounded,
    ];
    this.show(...middle, bounded, { ...options, first: label.polygon ? null : label });
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
    const id = decodeURIComponent(location.hash.slice(1));
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
