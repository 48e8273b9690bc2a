// The map: moved by dragging, wheel, two fingers, keys and buttons. The sheet is moved by a transform alone; what
// changes on the way is which sizes of names are large enough to be read.

const SIZES = 20; // .f0 to .f19 of map.css
const READABLE = 11; // pixels
const CLOSEST = 12;
const STEP = 1.5;
const FILLS = 0.55; // of the stage: land this large is not come closer to, its page is opened
const SETTLED = 160; // milliseconds

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Stage {
  constructor(root) {
    this.root = root;
    this.sheet = root.querySelector(".map-sheet");
    this.map = root.querySelector(".map");
    this.here = root.querySelector(".map-here");
    const box = this.map.viewBox.baseVal;
    this.corner = [box.x / 10, box.y / 10];
    this.size = [box.width / 10, box.height / 10];
    this.sizes = this.namesSizes();
    this.pointers = new Map();
    this.measure();
    this.wake();
    this.all();
    // On a phone all of it is too small to read: the height decides.
    if (this.frame.width < 600) this.zoom(this.frame.height / (this.size[1] * this.k));
    this.listen();
    if (location.hash) this.toHash();
  }

  // What the script adds to the page; a live preview that patches the page takes it away again.
  wake() {
    this.level = -1;
    this.map.classList.add("live");
    this.map.style.width = `${this.size[0]}px`;
    this.root.classList.add("live");
    this.root.querySelector(".map-tools").hidden = false;
  }

  // How large names of each size are at scale 1, read from the style sheet; a size that nothing has can always be read.
  namesSizes() {
    return Array.from({ length: SIZES }, (_, index) => {
      const named = this.map.querySelector(`.f${index}`);
      return named ? parseFloat(getComputedStyle(named).fontSize) / 10 : Infinity;
    });
  }

  measure() {
    this.frame = this.root.getBoundingClientRect();
    const [width, height] = this.size;
    const fit = Math.min(this.frame.width / width, this.frame.height / height);
    this.least = fit;
  }

  show(x, y, scale, { smooth = false } = {}) {
    const k = Math.min(Math.max(scale, this.least), CLOSEST);
    const free = (length, room, at) =>
      length * k <= room ? (room - length * k) / 2 : Math.min(0, Math.max(room - length * k, at));
    this.k = k;
    this.x = free(this.size[0], this.frame.width, x);
    this.y = free(this.size[1], this.frame.height, y);
    this.sheet.style.transition = smooth && !reduced.matches ? "transform 180ms ease-out" : "";
    this.sheet.style.transform = `translate3d(${this.x}px, ${this.y}px, 0) scale(${k})`;
    const unreadable = this.sizes.findIndex((size) => size * k < READABLE);
    const level = unreadable < 0 ? SIZES : unreadable;
    if (level !== this.level) this.name(level);
  }

  // Only the names that are large enough are there: the others cost nothing.
  name(level) {
    for (let index = 0; index < SIZES; index++) this.map.classList.toggle(`h${index}`, index >= level);
    this.level = level;
  }

  zoom(factor, at = [this.frame.width / 2, this.frame.height / 2], options) {
    const k = Math.min(Math.max(this.k * factor, this.least), CLOSEST);
    const ratio = k / this.k;
    this.show(at[0] - (at[0] - this.x) * ratio, at[1] - (at[1] - this.y) * ratio, k, options);
  }

  pan(dx, dy, options) {
    this.show(this.x + dx, this.y + dy, this.k, options);
  }

  all(options) {
    const [width, height] = this.size;
    this.show(
      (this.frame.width - width * this.least) / 2,
      (this.frame.height - height * this.least) / 2,
      this.least,
      options,
    );
  }

  // The box of a link in pixels of the sheet at scale 1.
  boxOf(link) {
    const { x, y, width, height } = (link.querySelector("path") ?? link.querySelector("text")).getBBox();
    return [x / 10 - this.corner[0], y / 10 - this.corner[1], width / 10, height / 10];
  }

  flyTo(link, options = { smooth: true }) {
    const isLand = Boolean(link.querySelector("path"));
    if (!isLand) {
      const size = this.sizes[Number(/\bf(\d+)/.exec(link.parentNode.getAttribute("class"))[1])];
      this.name(SIZES); // what is not shown has no place
      const [x, y, width, height] = this.boxOf(link);
      this.level = -1;
      const k = Math.max(this.k, 15 / size);
      this.show(this.frame.width / 2 - (x + width / 2) * k, this.frame.height / 2 - (y + height / 2) * k, k, options);
      return;
    }
    const [x, y, width, height] = this.boxOf(link);
    const k = Math.min(0.9 * Math.min(this.frame.width / width, this.frame.height / height), CLOSEST);
    this.show(this.frame.width / 2 - (x + width / 2) * k, this.frame.height / 2 - (y + height / 2) * k, k, options);
  }

  fills(link) {
    const [, , width, height] = this.boxOf(link);
    return width * this.k > FILLS * this.frame.width || height * this.k > FILLS * this.frame.height;
  }

  enter(link) {
    this.flyTo(link);
    history.replaceState(null, "", `#${this.first(link).id.replace(/^_/, "")}`);
    this.tell(link, true);
  }

  toHash() {
    const id = decodeURIComponent(location.hash.slice(1));
    const link = document.getElementById(id) ?? document.getElementById(`_${id}`); // no XML name begins with a digit
    if (!link || !this.map.contains(link)) return;
    scrollTo(0, 0);
    // The browser looks for the fragment itself, once more after all has come.
    addEventListener("load", () => requestAnimationFrame(() => scrollTo(0, 0)), { once: true });
    this.flyTo(link, {});
    this.tell(link, true);
    this.light(link);
  }

  // All places of a concept; the first one has its id.
  twins(link) {
    return [...this.map.querySelectorAll(`a[href="${CSS.escape(link.getAttribute("href"))}"]`)];
  }

  first(link) {
    return this.twins(link)[0];
  }

  light(link) {
    for (const lit of this.map.querySelectorAll(".twin")) lit.classList.remove("twin");
    const twins = link ? this.twins(link) : [];
    if (twins.length > 1) for (const twin of twins) twin.classList.add("twin");
  }

  // What one is over, or in, with the way down to it.
  tell(link, isIn = false) {
    if (isIn) {
      this.map.querySelector(".here")?.classList.remove("here");
      if (link.querySelector("path")) link.classList.add("here");
    }
    const name = document.createElement("a");
    name.href = link.href.baseVal;
    name.textContent = this.nameOf(link);
    const entry = document.querySelector(`.map-list a[href="${CSS.escape(link.getAttribute("href"))}"]`);
    const way = [];
    for (let item = entry?.closest("li, .branch")?.parentElement?.closest("li, .branch"); item; ) {
      way.unshift(item.querySelector("a").textContent);
      item = item.parentElement.closest("li, .branch");
    }
    const count = entry?.parentElement.querySelector(":scope > small, :scope > details > summary")?.textContent;
    this.here.replaceChildren(...way.flatMap((step) => [step, " › "]), name, ...(count ? [` ${count}`] : []));
    this.here.hidden = false;
  }

  nameOf(link) {
    return link.querySelector("text:last-of-type").textContent.trim();
  }

  // While it grows or shrinks it is a picture; at rest it is drawn anew, so that it is sharp.
  scaling() {
    this.sheet.style.willChange = "transform";
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.sheet.style.willChange = "";
    }, SETTLED);
  }

  at(event) {
    return [event.clientX - this.frame.left, event.clientY - this.frame.top];
  }

  listen() {
    const { root } = this;
    new ResizeObserver(() => {
      const [x, y] = [(this.frame.width / 2 - this.x) / this.k, (this.frame.height / 2 - this.y) / this.k];
      const wasWhole = this.k === this.least;
      this.measure();
      if (wasWhole) this.all();
      else this.show(this.frame.width / 2 - x * this.k, this.frame.height / 2 - y * this.k, this.k);
    }).observe(root);
    addEventListener("scroll", () => (this.frame = root.getBoundingClientRect()), { passive: true });
    addEventListener("hashchange", () => this.toHash());
    root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, (event) => this.up(event));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("pointerover", (event) => this.over(event.target.closest(".map a")));
    root.addEventListener("focusin", (event) => this.focus(event.target.closest(".map a")));
  }

  over(link) {
    if (this.pointers.size) return;
    this.light(link);
    if (link) this.tell(link);
  }

  focus(link) {
    if (!link?.matches(":focus-visible")) return;
    const [x, y, width, height] = this.boxOf(link);
    const [middle, centre] = [this.x + (x + width / 2) * this.k, this.y + (y + height / 2) * this.k];
    const isOff = middle < 0 || centre < 0 || middle > this.frame.width || centre > this.frame.height;
    if (isOff) this.pan(this.frame.width / 2 - middle, this.frame.height / 2 - centre);
    this.over(link);
  }

  // Where it cannot grow smaller, the wheel moves the page.
  wheel(event) {
    const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.002));
    if (event.deltaY === 0 || (factor < 1 && this.k <= this.least * 1.001)) return;
    event.preventDefault();
    this.scaling();
    this.zoom(factor, this.at(event));
  }

  down(event) {
    if (event.button !== 0 || event.target.closest(".map-tools, .map-here")) return;
    this.pointers.set(event.pointerId, this.at(event));
    this.dragged = this.pointers.size > 1;
    this.from = this.at(event);
  }

  move(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const now = this.at(event);
    if (!this.dragged) {
      if (Math.hypot(now[0] - this.from[0], now[1] - this.from[1]) < 5) return;
      this.dragged = true;
    }
    if (!this.root.hasPointerCapture(event.pointerId)) this.root.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      this.scaling();
      const [, other] = [...this.pointers].find(([id]) => id !== event.pointerId);
      const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
      this.zoom(Math.hypot(now[0] - other[0], now[1] - other[1]) / before, middle);
      this.pan((now[0] - last[0]) / 2, (now[1] - last[1]) / 2);
    } else {
      this.pan(now[0] - last[0], now[1] - last[1]);
    }
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
  }

  click(event) {
    const tool = event.target.closest("[data-zoom]");
    if (tool) return this.tool(tool.dataset.zoom);
    const link = event.target.closest(".map a");
    if (!link) return;
    if (this.dragged && event.detail) {
      event.preventDefault();
      return;
    }
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!link.querySelector("path") || this.fills(link)) return;
    event.preventDefault();
    this.enter(link);
  }

  tool(what) {
    if (what === "all") this.all({ smooth: true });
    else this.zoom(what === "in" ? STEP : 1 / STEP, undefined, { smooth: true });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 80;
    const acts = {
      ArrowLeft: () => this.pan(step, 0),
      ArrowRight: () => this.pan(-step, 0),
      ArrowUp: () => this.pan(0, step),
      ArrowDown: () => this.pan(0, -step),
      "+": () => this.tool("in"),
      "=": () => this.tool("in"),
      "-": () => this.tool("out"),
      0: () => this.tool("all"),
      Escape: () => this.tool("all"),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  }
}

let stage = null;

function start() {
  const root = document.querySelector(".map-stage");
  if (root === null) return;
  if (stage?.root === root && stage.map.isConnected) {
    stage.wake();
    stage.show(stage.x, stage.y, stage.k);
  } else {
    stage = new Stage(root);
  }
}

start();
document.addEventListener("dlmap:morphed", start);
