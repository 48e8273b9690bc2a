// The view of the map: which part of the drawing the frame shows and at what scale, and the labels on it.

import { drawLabel, moveLabel, placeLabels, projectLabels, readLabels } from "./map-labels.js";

const CLOSEST = 14;
const MOST_STRETCH = 1.5; // of the drawing, to fill the frame
const FLIGHT = 180; // milliseconds
const PLACE_EVERY = 90; // milliseconds, while the scale changes

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class MapView {
  /** Called before the view zooms in from the whole map. */
  onLeaveWhole() {}

  constructor(root) {
    this.root = root;
    this.sheet = root.querySelector(".map-sheet");
    this.map = root.querySelector(".map");
    this.bar = root.querySelector(".map-bar");
    const { x, y, width, height } = this.map.viewBox.baseVal;
    this.box = [x, y, width, height];
    this.paths = [...this.map.querySelectorAll("path")].map((path) => [path, path.getAttribute("d")]);
    this.labels = readLabels(this.map);
    this.labelOf = new Map(this.labels.map((label) => [label.link, label]));
    this.root.classList.add("live");
    this.map.classList.add("live");
    this.bar.hidden = false;
    this.measure();
    this.fitDrawing();
    this.showAll();
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
    if (!this.goal && this.isWhole && ratio > 1.01) this.onLeaveWhole();
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
}
