// Labels of the map: each has one size on the screen at every zoom. The most important labels take their places first;
// a label that would collide with one of them is left out until the map is zoomed in further.

const CELL = 48; // pixels; of the grid that finds collisions
const GAP = [5, 2]; // pixels between labels
const DOT = 5; // pixels from a dot to its label
const ROOMY = 4000; // square pixels per label: a small map names everything at once
const OVERHANG = 10; // pixels by which a label may cross the border of its land

// Per kind: the order in which labels take their places, the most lines, and how much smaller than the label the
// room may be that the build measured for it. Parts and types are always named.
const KINDS = {
  part: { rank: 0, lines: 4, always: true },
  type: { rank: 0, lines: 4, always: true },
  family: { rank: 2, lines: 4, tolerance: 0 },
  approach: { rank: 3, lines: 3, tolerance: 0.55 },
  method: { rank: 4, lines: 2, tolerance: 0.5 },
};

const canvas = document.createElement("canvas").getContext("2d");

/** Reads the labels that the build wrote, the most important first. */
export function readLabels(map) {
  const [line, capital, dot] = ["lineHeight", "capitalHeight", "dotHeight"].map((name) => Number(map.dataset[name]));
  const labels = [...map.querySelectorAll("a")].map((link) => readLabel(link, { line, capital, dot }));
  // What is always named goes from the smallest land, which has the fewest places for its label, to the largest.
  labels.sort((a, b) => a.kind.rank - b.kind.rank || (a.kind.always ? a.weight - b.weight : b.weight - a.weight));
  return labels;
}

function readLabel(link, em) {
  const text = link.querySelector("text");
  const land = link.querySelector("path");
  const kindName = land ? link.classList[0] : link.parentNode.classList.contains("approach") ? "approach" : "method";
  const lines = text.querySelectorAll("tspan");
  const [x, baseline] = ["x", "y"].map((name) => Number((lines[0] ?? text).getAttribute(name)));
  const size = Number(text.getAttribute("font-size"));
  // The build draws the dot of a method above its label.
  const middle = baseline + ((Math.max(lines.length, 1) - 1) * em.line * size) / 2 - (em.capital / 2) * size;
  const drawn = { point: [x, kindName === "method" ? baseline - em.dot * size : middle] };
  if (text.dataset.closeUp) {
    const [nearX, nearY, nearSize] = text.dataset.closeUp.split(" ").map(Number);
    drawn.closeUp = { point: [nearX, nearY], fit: nearSize / 10 };
  }
  drawn.lines = Math.max(lines.length, 1);
  drawn.corners = land && cornersOf(land);
  const weight = Number(text.dataset.weight ?? 0);
  return { link, text, em, drawn, kindName, kind: KINDS[kindName], weight, fit: size / 10, words: wordsOf(text) };
}

/** Sets where labels may be; `project` takes a point of the drawing to one of the sheet at scale 1. */
export function projectLabels(labels, project) {
  const styles = new Map();
  for (const label of labels) {
    const { drawn, kindName, text } = label;
    if (!styles.has(kindName)) styles.set(kindName, styleOf(text));
    label.style = styles.get(kindName);
    label.shapes = null;
    label.anchor = project(...drawn.point);
    label.closeUp = drawn.closeUp && { anchor: project(...drawn.closeUp.point), fit: drawn.closeUp.fit };
    label.polygon = drawn.corners?.map((corner) => project(...corner));
    label.room = label.kind.always ? roomOf(label, project) : null;
  }
}

// The room that the build measured for the lines that it chose, at scale 1.
function roomOf(label, project) {
  const { lines } = label.drawn;
  const shape = shapesOf(label).findLast((shape) => shape.lines.length <= lines);
  const size = label.fit * 10;
  const [left, top] = project(0, 0);
  const [right, bottom] = project((shape.width / label.style.size) * size, lines * label.em.line * size);
  return [right - left, bottom - top];
}

function styleOf(text) {
  const { fontSize, fontWeight, fontFamily } = getComputedStyle(text);
  return { size: parseFloat(fontSize), font: `${fontWeight} ${fontSize} ${fontFamily}` };
}

/** The corners of a land, as the build drew it. */
function cornersOf(path) {
  const [x, y, ...steps] = path.getAttribute("d").match(/-?\d+/g).map(Number);
  const corners = [[x, y]];
  for (let index = 0; index < steps.length; index += 2) {
    const [lastX, lastY] = corners.at(-1);
    corners.push([lastX + steps[index], lastY + steps[index + 1]]);
  }
  return corners;
}

function wordsOf(text) {
  const label = text.textContent.replace(/\s+/g, " ").trim();
  if (!text.dataset.breaks) return label.split(/(?<=-)|(?= )/);
  const ends = [...text.dataset.breaks.split(" ").map(Number), label.length];
  return ends.map((end, index) => label.slice(index ? ends[index - 1] : 0, end));
}

/** The ways to set a label: on one line, on two … each as {lines, width, height}, in pixels. */
function shapesOf(label) {
  if (label.shapes !== null) return label.shapes;
  canvas.font = label.style.font;
  const widths = label.words.map((word) => canvas.measureText(word).width);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const shapes = [];
  for (let count = 1; count <= Math.min(label.kind.lines, label.words.length); count++) {
    let [low, high] = [Math.max(...widths), total];
    let lines = fill(label.words, widths, high);
    for (let round = 0; count > 1 && round < 8; round++) {
      const limit = (low + high) / 2;
      const tried = fill(label.words, widths, limit);
      if (tried.length <= count) [lines, high] = [tried, limit];
      else low = limit;
    }
    if (count > 1 && lines.length <= shapes.at(-1).lines.length) continue;
    const width = Math.max(...lines.map((line) => canvas.measureText(line.trim()).width));
    shapes.push({ lines, width, height: lines.length * label.em.line * label.style.size });
  }
  label.shapes = shapes;
  return shapes;
}

function fill(words, widths, limit) {
  const lines = [];
  let [line, used] = ["", 0];
  words.forEach((word, index) => {
    if (line && used + widths[index] > limit + 0.01) {
      lines.push(line);
      [line, used] = ["", 0];
    }
    line += word;
    used += widths[index];
  });
  return [...lines, line];
}

/** Boxes on the screen, indexed by the cells of a grid. */
class Grid {
  cells = new Map();

  *cellsOf([left, top, right, bottom]) {
    for (let x = Math.floor(left / CELL); x <= right / CELL; x++) {
      for (let y = Math.floor(top / CELL); y <= bottom / CELL; y++) yield x * 65536 + y;
    }
  }

  isFree(box) {
    const [left, top, right, bottom] = box;
    for (const cell of this.cellsOf(box)) {
      for (const other of this.cells.get(cell) ?? []) {
        if (left < other[2] && other[0] < right && top < other[3] && other[1] < bottom) return false;
      }
    }
    return true;
  }

  add(box) {
    for (const cell of this.cellsOf(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(box);
    }
  }
}

/** Sets `place` of each label to {x, y, shape}, in pixels of the sheet at that scale, or null. `first` must be placed. */
export function placeLabels(labels, scale, size, first = null) {
  const grid = new Grid();
  const bounds = [size[0] * scale, size[1] * scale];
  const isRoomy = (bounds[0] * bounds[1]) / labels.length > ROOMY;
  const order = first ? [first, ...labels.filter((label) => label !== first)] : labels;
  for (const label of order) {
    const isRequired = label.kind.always || label === first;
    label.place = null;
    const { closeUp, style, kind } = label;
    const fit = Math.max(label.fit, closeUp?.fit ?? 0) * scale;
    if (!isRequired && !isRoomy && fit < style.size * kind.tolerance) continue;
    label.place = findPlace(label, scale, bounds, grid, isRequired);
    if (label.place) grid.add(boxOf(label.place.x, label.place.y, label.place.shape));
  }
}

function findPlace(label, scale, bounds, grid, isRequired) {
  const shapes = [...shapesOf(label)];
  if (label.kindName === "method")
    return (
      firstFree(besideDot(label, scale, shapes), bounds, grid) ??
      (isRequired ? besideDot(label, scale, shapes).next().value : null)
    );
  const polygon = label.polygon?.map(([x, y]) => [x * scale, y * scale]);
  const anchors = anchorsOf(label, scale, polygon);
  if (!polygon)
    return firstFree(
      candidates(shapes, anchors, () => true),
      bounds,
      grid,
    );
  if (label.room) {
    const [roomWidth, roomHeight] = label.room.map((length) => length * scale * 1.15);
    const excess = ({ width, height }) => Math.max(width - roomWidth, 0) + Math.max(height - roomHeight, 0);
    shapes.sort((a, b) => excess(a) - excess(b) || a.lines.length - b.lines.length);
    const place = firstFree(nudged(shapes, anchors[0]), bounds, grid);
    if (place) return place;
  }
  const isInside =
    (overhang) =>
    (x, y, { width, height }) =>
      contains(polygon, x, y, width / 2 - overhang, height / 2 - overhang);
  return (
    firstFree(candidates(shapes, anchors, isInside(-2)), bounds, grid) ??
    firstFree(candidates(shapes, anchors, isInside(OVERHANG)), bounds, grid) ??
    (isRequired ? firstFree(candidates([...shapes].reverse(), anchors, isInside(1000)), bounds, grid) : null) ??
    (isRequired ? firstFree(around(shapes, anchors[0]), bounds, grid) : null)
  );
}

// Close enough for its own room, a label leaves the middle of its land to what lies there.
function anchorsOf(label, scale, polygon) {
  const anchors = [label.anchor.map((value) => value * scale)];
  const { closeUp } = label;
  if (closeUp) {
    const near = closeUp.anchor.map((value) => value * scale);
    if (closeUp.fit * scale >= label.style.size * 0.9) anchors.unshift(near);
    else anchors.push(near);
  }
  if (!polygon) {
    const [x, y] = anchors[0];
    return [...anchors, [x, y - 8], [x, y + 8]];
  }
  const [x, y] = anchors[0];
  const ring = [];
  for (const radius of [0.25, 0.5, 0.75]) {
    for (const [cornerX, cornerY] of polygon) ring.push([x + (cornerX - x) * radius, y + (cornerY - y) * radius]);
  }
  return [...anchors, ...ring];
}

function* candidates(shapes, anchors, isAllowed) {
  for (const [x, y] of anchors) {
    for (const shape of shapes) if (isAllowed(x, y, shape)) yield { x, y, shape };
  }
}

// A label with room of its own stays near the middle of it.
function* nudged(shapes, [x, y]) {
  for (const shift of [0, 8, 16, 24]) {
    for (const shape of shapes.slice(0, 2)) {
      for (const [dx, dy] of shift
        ? [
            [0, 1],
            [0, -1],
            [1, 0],
            [-1, 0],
            [1, 1],
            [-1, -1],
            [1, -1],
            [-1, 1],
          ]
        : [[0, 0]]) {
        yield { x: x + dx * shift, y: y + dy * shift, shape };
      }
    }
  }
}

function* besideDot({ anchor, style }, scale, shapes) {
  const [x, y] = [anchor[0] * scale, anchor[1] * scale];
  for (const shape of shapes) {
    const down = DOT + shape.height / 2 - 0.1 * style.size;
    const aside = DOT + 3 + shape.width / 2;
    yield { x, y: y + down, shape };
    yield { x: x + aside, y, shape };
    yield { x, y: y - down, shape };
    yield { x: x - aside, y, shape };
  }
}

function* around(shapes, [x, y]) {
  for (let radius = 8; radius < 240; radius += 8) {
    for (let turn = 0; turn < 12; turn++) {
      const angle = (turn * Math.PI) / 6;
      for (const shape of shapes) yield { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), shape };
    }
  }
}

function firstFree(places, [width, height], grid) {
  for (const place of places) {
    const box = boxOf(place.x, place.y, place.shape);
    if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height) continue;
    if (grid.isFree(box)) return place;
  }
  return null;
}

function boxOf(x, y, { width, height }) {
  const [halfWidth, halfHeight] = [(width + GAP[0]) / 2, (height + GAP[1]) / 2];
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/** Whether a convex polygon contains a box around a point. */
function contains(polygon, x, y, halfWidth, halfHeight) {
  const [right, down] = [Math.max(halfWidth, 0), Math.max(halfHeight, 0)];
  let sign = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[j];
    const [edgeX, edgeY] = [polygon[i][0] - ax, polygon[i][1] - ay];
    const cross = edgeX * (y - ay) - edgeY * (x - ax);
    const reach = Math.abs(edgeX) * down + Math.abs(edgeY) * right;
    if (Math.abs(cross) < reach || (sign && Math.sign(cross) !== sign)) return false;
    sign = Math.sign(cross);
  }
  return true;
}

/** Draws a label at its place, or hides it. `origin` is the corner of the drawing that the sheet begins with. */
export function drawLabel(label, scale, origin = [0, 0]) {
  const { text, link, place, style } = label;
  link.classList.toggle("shown", place !== null);
  if (!place) return;
  // Between the labels of what lies in it, the label of a land is heavier.
  link.classList.toggle("close", (label.closeUp ?? label).fit * scale > 1.3 * style.size);
  if (label.shownShape !== place.shape) setLines(text, place.shape.lines, style.size, label.em);
  label.shownShape = place.shape;
  moveLabel(label, scale, scale, origin);
}

/** Keeps a label where it is on the map and as large as it is on the screen, at a scale other than it was placed at. */
export function moveLabel({ text, place }, placedScale, scale, [left, top] = [0, 0]) {
  const [x, y] = [left + (place.x / placedScale) * 10, top + (place.y / placedScale) * 10];
  text.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(10 / scale).toFixed(4)})`);
}

function setLines(text, lines, size, em) {
  const top = (em.capital / 2 - ((lines.length - 1) * em.line) / 2) * size;
  const spans = lines.flatMap((line, index) => {
    const span = tspan(line.trim(), { x: "0", y: (top + index * em.line * size).toFixed(1) });
    // The space between words is part of the label, but must not push a centred line aside.
    return line.startsWith(" ") ? [tspan(" ", { "font-size": "0" }), span] : [span];
  });
  text.removeAttribute("x");
  text.removeAttribute("y");
  text.replaceChildren(...spans);
}

function tspan(content, attributes) {
  const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
  for (const [name, value] of Object.entries(attributes)) span.setAttribute(name, value);
  span.textContent = content;
  return span;
}
