// Divides the plane among a tree: every node gets a convex cell as large as it weighs, its name a cell among those
// of its children. The cells are power diagrams (weighted Voronoi cells) whose weights are adapted until the areas
// are right, after Nocaj and Brandes, "Computing Voronoi Treemaps" (2012). d3-hierarchy sums the weights and gives
// the sites that it begins with, so that neighbours in the outline are neighbours on the map.

"use strict";

const ROUNDS = 60;
const ROUNDS_OF_LEAVES = 24;
const MOST_STEPS = 200_000; // pairs of sites looked at for one node: a node with 300 children gets fewer rounds
const MOST_FOR_NAME = 0.55; // of a cell
const LEAST = 1e-3;
const TALL = 2; // a step down counts as so many to the side squared: cells come out wide, as names are

function areaOf(polygon) {
  let sum = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    sum += polygon[j][0] * polygon[i][1] - polygon[i][0] * polygon[j][1];
  }
  return sum / 2;
}

function centroidOf(polygon) {
  const area = areaOf(polygon);
  let x = 0;
  let y = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const cross = polygon[j][0] * polygon[i][1] - polygon[i][0] * polygon[j][1];
    x += (polygon[j][0] + polygon[i][0]) * cross;
    y += (polygon[j][1] + polygon[i][1]) * cross;
  }
  return [x / (6 * area), y / (6 * area)];
}

// What of a convex polygon lies where a*x + b*y <= c.
function clip(polygon, a, b, c) {
  if (polygon.every(([x, y]) => a * x + b * y < c)) return polygon;
  const corners = [];
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [px, py] = polygon[j];
    const [qx, qy] = polygon[i];
    const before = a * px + b * py - c;
    const here = a * qx + b * qy - c;
    if (before < 0 !== here < 0) {
      const t = before / (before - here);
      corners.push([px + t * (qx - px), py + t * (qy - py)]);
    }
    if (here < 0) corners.push(polygon[i]);
  }
  return corners;
}

// A convex polygon without a border of that width; its corners run counter to y, so the inside is on the left.
function inset(polygon, width) {
  let result = polygon;
  for (let i = 0, j = polygon.length - 1; i < polygon.length && result.length; j = i++) {
    const dx = polygon[i][0] - polygon[j][0];
    const dy = polygon[i][1] - polygon[j][1];
    const length = Math.hypot(dx, dy);
    if (length < LEAST) continue;
    const a = dy / length;
    const b = -dx / length;
    result = clip(result, a, b, a * polygon[j][0] + b * polygon[j][1] - width);
  }
  return result.length > 2 && areaOf(result) > LEAST ? result : shrunk(polygon);
}

// For a polygon that is thinner than the border.
function shrunk(polygon) {
  const [x, y] = centroidOf(polygon);
  return polygon.map(([px, py]) => [x + (px - x) / 2, y + (py - y) / 2]);
}

function powerCell(polygon, sites, own) {
  const { x, y, w } = sites[own];
  let cell = polygon;
  for (let other = 0; other < sites.length && cell.length; other++) {
    if (other === own) continue;
    const site = sites[other];
    const a = 2 * (site.x - x);
    const b = 2 * TALL * (site.y - y);
    cell = clip(cell, a, b, site.x ** 2 + TALL * site.y ** 2 - site.w - x ** 2 - TALL * y ** 2 + w);
  }
  return cell.length > 2 && areaOf(cell) > LEAST ? cell : null;
}

function diagram(polygon, sites) {
  sites.forEach((site, index) => {
    site.cell = powerCell(polygon, sites, index);
  });
}

// The weight of a site is the square of a radius; no circle may hold another's site, or that one's cell could vanish.
function adapt(sites) {
  for (const site of sites) {
    let nearest = Infinity;
    for (const other of sites) {
      if (other !== site) nearest = Math.min(nearest, (other.x - site.x) ** 2 + TALL * (other.y - site.y) ** 2);
    }
    const ratio = site.cell ? site.target / areaOf(site.cell) : 2;
    const radius = Math.max(Math.sqrt(site.w), 1) * Math.min(Math.max(ratio, 0.5), 2);
    site.w = Math.min(radius ** 2, nearest * 0.98);
  }
}

function divide(polygon, sites) {
  const wanted = sites.some(({ node }) => node?.children) ? ROUNDS : ROUNDS_OF_LEAVES;
  const rounds = Math.max(8, Math.min(wanted, Math.floor(MOST_STEPS / sites.length ** 2)));
  diagram(polygon, sites);
  for (let round = 0; round < rounds; round++) {
    for (const site of sites) {
      if (site.cell) [site.x, site.y] = centroidOf(site.cell);
    }
    adapt(sites);
    diagram(polygon, sites);
  }
  if (sites.every((site) => site.cell)) return;
  for (const site of sites) site.w = 0;
  diagram(polygon, sites);
}

// Where the sites begin: a treemap of the box around the polygon, drawn in towards its middle.
function begin(polygon, sites) {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = [Math.max(...xs) - left, Math.max(...ys) - top];
  const [middle, centre] = centroidOf(polygon);
  const root = d3.hierarchy({ children: sites }).sum((site) => site.target ?? 0);
  d3.treemap().size(size).tile(d3.treemapSquarify)(root);
  for (const { data: site, x0, x1, y0, y1 } of root.leaves()) {
    site.x = middle + ((x0 + x1) / 2 + left - middle) * (site.name ? 0.15 : 0.8);
    site.y = centre + ((y0 + y1) / 2 + top - centre) * (site.name ? 0.15 : 0.8);
    site.w = 1;
  }
}

function lay(node, polygon, gaps) {
  node.polygon = node.name = inset(polygon, gaps[Math.min(node.depth, gaps.length - 1)]);
  const children = node.children ?? [];
  if (!children.length) return;
  const space = areaOf(node.polygon);
  const room = node.data.room && Math.min(node.data.room, MOST_FOR_NAME * space);
  const sites = children.map((child) => ({
    node: child,
    target: ((space - room) * child.value) / (node.value - node.data.weight),
  }));
  if (room) sites.splice(sites.length >> 1, 0, { name: true, target: room });
  if (sites.length === 1) {
    sites[0].cell = node.polygon;
  } else {
    begin(node.polygon, sites);
    divide(node.polygon, sites);
  }
  for (const site of sites) {
    const cell = site.cell ?? shrunk(node.polygon);
    if (site.name) node.name = cell;
    else lay(site.node, cell, gaps);
  }
}

// Where the middle of a box may lie for the box to lie in the polygon; empty where it does not fit.
function middles(polygon, [width, height]) {
  let result = polygon;
  for (let i = 0, j = polygon.length - 1; i < polygon.length && result.length; j = i++) {
    const a = polygon[i][1] - polygon[j][1];
    const b = polygon[j][0] - polygon[i][0];
    const reach = (Math.abs(a) * width + Math.abs(b) * height) / 2;
    result = clip(result, a, b, a * polygon[j][0] + b * polygon[j][1] - reach);
  }
  return result.length > 2 && areaOf(result) > 0 ? result : null;
}

// The place of a name in a polygon: [x, y, the index of its size, the index of its shape]. The largest size that fits
// is taken, and of the shapes (one for each number of lines) the first. Null where it does not fit.
function placed(polygon, [from, to], shapes, sizes) {
  for (let size = from; size <= to; size++) {
    for (const [index, shape] of shapes.entries()) {
      const where = middles(polygon, [shape[0] * sizes[size], shape[1] * sizes[size]]);
      if (where) return [...centroidOf(where).map(Math.round), size, index];
    }
  }
  return null;
}

// A name that has little room among what lies around it may, as long as one is too far away to see that, lie over it.
function places(node, shapes, sizes) {
  const smallest = node.data.sizes[1];
  const near = placed(node.name, node.data.sizes, shapes, sizes) ?? [
    ...centroidOf(node.name).map(Math.round),
    smallest,
    shapes.length - 1,
  ];
  const range = node.data.overview;
  const overview = range && near[2] > range[1] ? placed(node.polygon, range, shapes, sizes) : null;
  return overview ? [near, overview] : [near];
}

// A rectangle with round corners.
function plate(width, height, radius, steps = 8) {
  const corners = [
    [width - radius, radius, -90],
    [width - radius, height - radius, 0],
    [radius, height - radius, 90],
    [radius, radius, 180],
  ];
  return corners.flatMap(([x, y, from]) =>
    Array.from({ length: steps + 1 }, (_, step) => {
      const angle = ((from + (90 * step) / steps) * Math.PI) / 180;
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    }),
  );
}

// Takes {width, height, radius, gaps, sizes, tree}; a node of the tree is {weight, room, sizes, overview, shapes, children},
// with the shapes that its name can take in each language. Answers for each node, parents before children,
// [the corners of its cell, the places of its name in each language: near and, for some, overview].
function layMap(question) {
  const { width, height, radius, gaps, sizes, tree } = JSON.parse(question);
  const root = d3.hierarchy(tree).sum((node) => node.weight);
  lay(root, plate(width, height, radius), gaps);
  const cells = [];
  root.eachBefore((node) => {
    const names = node.data.shapes.map((shapes) => places(node, shapes, sizes));
    cells.push([node.polygon.flat().map(Math.round), names]);
  });
  return JSON.stringify(cells);
}
