// Both languages on one page: fetches the page in the other language and shows its blocks beside those of this page.

const BLOCKS = "p, ul, ol, .formula, .scroll, table, blockquote, pre, h2, h3, h4, h5, h6";
let originalText = null;

/** Shows both languages side by side, or this one alone again. */
export async function toggle(link) {
  const text = document.querySelector("article > .text");
  if (originalText) {
    text.replaceWith(originalText);
    originalText = null;
  } else {
    const other = await fetchPage(link.href);
    const otherText = other.querySelector("article > .text");
    if (!otherText) return false;
    addStyleSheets(other, link.href);
    prepare(otherText, other.documentElement.lang, link.href);
    originalText = text;
    const both = text.cloneNode(true);
    for (const button of both.querySelectorAll(".copy")) button.remove();
    pairBlocks(both, otherText);
    text.replaceWith(both);
  }
  document.body.classList.toggle("side-by-side", Boolean(originalText));
  link.setAttribute("aria-pressed", String(Boolean(originalText)));
  return true;
}

async function fetchPage(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Adds style sheets that only the other page links to, such as the one for formulas. */
function addStyleSheets(other, address) {
  const linked = new Set([...document.querySelectorAll("link[rel='stylesheet']")].map((sheet) => sheet.href));
  for (const sheet of other.querySelectorAll("link[rel='stylesheet']")) {
    const href = new URL(sheet.getAttribute("href"), address).href;
    if (!linked.has(href))
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
}

/** Makes the other text fit into this page: sets its language, resolves its links, removes duplicate ids. */
function prepare(text, lang, address) {
  text.lang = lang;
  for (const link of text.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), address).href;
  for (const marked of text.querySelectorAll("[id]")) marked.removeAttribute("id");
}

/** The outermost blocks of a text in order, each with its section. A box of bare text is a block too. */
function blocksOf(text) {
  const blocks = [];
  const visit = (element, section) => {
    for (const child of element.children) {
      if (child.matches(BLOCKS) || isBareText(child)) blocks.push({ element: child, section, kind: kindOf(child) });
      else visit(child, child.matches("section.approach") ? `${section}/${sectionNumber(child)}` : section);
    }
  };
  visit(text, "");
  return blocks;
}

/** Whether an element has text of its own, outside any block: the prose of an approach is often one sentence. */
function isBareText(element) {
  return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
}

/** Sections have the same order in both languages, because the outline has one order. */
function sectionNumber(section) {
  return [...section.parentElement.children].filter((other) => other.matches("section.approach")).indexOf(section);
}

function kindOf(element) {
  if (/^H\d$/.test(element.tagName)) return "heading";
  if (element.matches("p, .prose")) return "text";
  return element.className.split(" ")[0] || element.tagName;
}

/** Puts each block into a pair with its counterpart. A block without one is alone on its side. */
function pairBlocks(text, otherText) {
  const own = group(blocksOf(text));
  const others = group(blocksOf(otherText));
  for (const [section, blocks] of own) {
    let last = null;
    for (const [mine, theirs] of align(blocks, others.get(section) ?? [])) {
      const pair = document.createElement("div");
      pair.className = "pair";
      if (mine) mine.element.before(pair);
      else last.after(pair);
      const isShared = mine && theirs && isSameFormula(mine.element, theirs.element);
      if (isShared) pair.append(mine.element);
      else pair.append(side(mine), side(theirs));
      last = pair;
    }
  }
}

function side(block) {
  const element = document.createElement("div");
  if (block) {
    const lang = block.element.closest("[lang]")?.lang;
    if (lang) element.lang = lang;
    element.append(block.element);
  }
  return element;
}

/** A formula that is the same in both languages is shown once. */
function isSameFormula(mine, theirs) {
  const [tex, other] = [mine, theirs].map((element) => element.querySelector("annotation")?.textContent);
  return mine.matches(".formula") && tex !== undefined && tex === other;
}

function group(blocks) {
  const groups = new Map();
  for (const block of blocks) groups.set(block.section, [...(groups.get(block.section) ?? []), block]);
  return groups;
}

/** Longest common subsequence of block kinds, so that a paragraph split in one language does not shift the rest. */
function align(mine, theirs) {
  const length = Array.from({ length: mine.length + 1 }, () => new Array(theirs.length + 1).fill(0));
  for (let i = mine.length - 1; i >= 0; i--) {
    for (let j = theirs.length - 1; j >= 0; j--) {
      const matched = mine[i].kind === theirs[j].kind ? length[i + 1][j + 1] + 1 : 0;
      length[i][j] = Math.max(matched, length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs = [];
  let i = 0;
  let j = 0;
  while (i < mine.length || j < theirs.length) {
    const canMatch = i < mine.length && j < theirs.length && mine[i].kind === theirs[j].kind;
    if (canMatch && length[i][j] === length[i + 1][j + 1] + 1) pairs.push([mine[i++], theirs[j++]]);
    else if (i < mine.length && (j === theirs.length || length[i + 1][j] >= length[i][j + 1] || !pairs.length)) {
      pairs.push([mine[i++], null]);
    } else pairs.push([null, theirs[j++]]);
  }
  return pairs;
}

document.addEventListener("dlmap:morphed", () => {
  // The live preview has restored the page.
  originalText = null;
  document.body.classList.remove("side-by-side");
});
