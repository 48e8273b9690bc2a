// Turns the page into a newer one in place. What the server sent has two versions, the last and the fresh one; only
// what differs between them is changed in the page, so what readers and scripts did to it stays: open branches, typed
// words, the theme, the focus.

import { Idiomorph } from "./idiomorph.js";

const styleMilliseconds = 2000;
const needsReload = /\.(?:m?js|json|wasm|woff2?|ttf|otf)$/i;
const isPicture = /\.(?:svg|png|jpe?g|gif|webp|avif|ico)$/i;

// For each node of the page, the node that the server last sent for it.
const sent = new WeakMap();
// For each asset that has changed since the page was loaded, the build that brought it.
const versions = new Map();
// This runs before the other scripts of the page do anything to it, but for those that block the parser.
let last = document.documentElement.cloneNode(true);
pair(document.documentElement, last);
// The preview's own script is no part of the page.
sent.delete(document.querySelector("script[data-build]"));

/** Whether the page could be brought up to date; else it has to be loaded anew. */
export async function morph(fresh, base, assets, build) {
  for (const path of assets) versions.set(path, build);
  if (mustReload(fresh, base, assets)) return false;
  refresh(fresh, base);
  const next = fresh.documentElement;
  const outdated = await replaceHead(next.querySelector("head"));
  for (const name of ["lang", "dir"]) {
    const value = next.getAttribute(name);
    if (value !== null && value !== document.documentElement.getAttribute(name)) {
      document.documentElement.setAttribute(name, value);
    }
  }
  for (const element of outdated) element.remove();
  const body = next.querySelector("body");
  if (!sent.get(document.body)?.isEqualNode(body)) Idiomorph.morph(document.body, body, { callbacks });
  last = next;
  // For the scripts of the page: elements may be new, and so may be what they have fetched.
  document.dispatchEvent(new CustomEvent("dlmap:morphed"));
  return true;
}

function pair(live, served) {
  sent.set(live, served);
  for (let a = live.firstChild, b = served.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) pair(a, b);
}

// Idiomorph finds which nodes belong together, and asks here before it touches one.

let added = null;
const targets = new WeakMap();

const callbacks = {
  beforeNodeMorphed(live, fresh) {
    targets.set(live, fresh);
    return !sent.get(live)?.isEqualNode(fresh);
  },
  afterNodeMorphed(live, fresh) {
    sent.set(live, fresh);
  },
  beforeAttributeUpdated(name, live) {
    const before = sent.get(live);
    return !before || before.getAttribute(name) !== targets.get(live).getAttribute(name);
  },
  beforeNodeAdded(fresh) {
    added = fresh;
  },
  afterNodeAdded(live) {
    if (!sent.has(live)) pair(live, added);
  },
  beforeNodeRemoved(live) {
    return hasBeenSent(live);
  },
};

// What a script has put into the page by itself stays, unless it holds something that the server sent.
function hasBeenSent(node) {
  return sent.has(node) || [...node.childNodes].some(hasBeenSent);
}

// The head is no tree to be matched: its elements stay, come or go as wholes. Style sheets come before the old ones go,
// so that the page is never without.
async function replaceHead(fresh) {
  const key = (element) => sent.get(element)?.outerHTML;
  const liveByKey = new Map();
  const outdated = new Set();
  for (const live of document.head.children) {
    if (!sent.has(live)) continue;
    outdated.add(live);
    liveByKey.set(key(live), [...(liveByKey.get(key(live)) ?? []), live]);
  }
  const loading = [];
  let place = null;
  for (const element of fresh.children) {
    let live = liveByKey.get(element.outerHTML)?.shift();
    if (!live) {
      live = document.importNode(element, true);
      if (live.matches("link[rel~=stylesheet]")) loading.push(styled(live));
      if (place) place.after(live);
      else document.head.prepend(live);
    }
    outdated.delete(live);
    sent.set(live, element);
    place = live;
  }
  await Promise.all(loading);
  return outdated;
}

function styled(link) {
  return new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    setTimeout(resolve, styleMilliseconds);
  });
}

// Changed files under the same address: the browser fetches them again under an address that is new to it.

function refresh(fresh, base) {
  const using = { img: "src", "link[rel~=stylesheet]": "href", "link[rel~=icon]": "href" };
  for (const [selector, attribute] of Object.entries(using)) {
    for (const element of fresh.querySelectorAll(selector)) {
      const address = element.getAttribute(attribute);
      const version = versions.get(sitePath(address, base));
      if (!version) continue;
      const url = new URL(address, location.href);
      url.searchParams.set("v", version);
      element.setAttribute(attribute, url.href);
    }
  }
}

function sitePath(address, base) {
  const url = URL.canParse(address ?? "", location.href) ? new URL(address, location.href) : null;
  if (url?.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return null;
  try {
    return decodeURIComponent(url.pathname.slice(base.pathname.length));
  } catch {
    return null;
  }
}

function mustReload(fresh, base, assets) {
  const linked = new Set(
    [...document.querySelectorAll("link[rel~=stylesheet]")].map((link) => sitePath(link.href, base)),
  );
  return (
    fixed(last) !== fixed(fresh.documentElement) ||
    [...fresh.documentElement.attributes].some(
      ({ name, value }) => !["lang", "dir"].includes(name) && last.getAttribute(name) !== value,
    ) ||
    assets.some(
      (path) =>
        needsReload.test(path) ||
        (path.endsWith(".css") && !linked.has(path) && rulesOf((rule) => rule instanceof CSSImportRule)) ||
        (isPicture.test(path) && isUsedByStyle(path.split("/").at(-1))),
    )
  );
}

// What the browser takes into account only while it loads a page: scripts and policies.
function fixed(page) {
  const scripts = [...page.querySelectorAll("script")].filter(
    ({ type, dataset }) => !dataset.build && /^$|javascript|module|importmap/.test(type),
  );
  return [...scripts, ...page.querySelectorAll("meta[http-equiv], base")].map((each) => each.outerHTML).join("\n");
}

function isUsedByStyle(name) {
  const attributes = ["style", "srcset", "poster", "data"].map((each) => `[${each}*="${CSS.escape(name)}"]`);
  return Boolean(document.querySelector(attributes.join())) || rulesOf((rule) => rule.cssText.includes(name));
}

function rulesOf(test) {
  return [...document.styleSheets].some((sheet) => {
    try {
      return [...sheet.cssRules].some(test);
    } catch {
      return false; // the sheet of another host
    }
  });
}
