// What the site knows of its concepts: which one a link leads to, and the facts on it, fetched once for each shard.

const SHARDS = 64;
const page = document.getElementById("reading");
const shards = new Map();

/** The address of the site's root, and the language of this page. */
export const root = new URL(page.dataset.root, location.href);
export const lang = page.dataset.lang;

/** The concept that a link of the site leads to, as {id, lang}; null where it leads elsewhere. */
export function conceptOf(link) {
  if (link.origin !== root.origin || !link.pathname.startsWith(root.pathname)) return null;
  const match = /^([a-z-]+)\/([a-z0-9-]+)\/$/.exec(link.pathname.slice(root.pathname.length));
  if (!match) return null;
  const [, code, id] = match;
  return { lang: code, id: link.hash ? `${id}-${link.hash.slice(1)}` : id };
}

/** The facts on a concept in a language; undefined where there are none. */
export async function factsOn(id, code = lang) {
  return (await shard(`data/facts/${code}/${shardOf(id)}.json`))[id];
}

/** A JSON file of the site, fetched once; an empty object where it cannot be had. */
export function shard(path) {
  if (!shards.has(path)) {
    const answer = fetch(new URL(path, root)).then((response) => (response.ok ? response.json() : {}));
    shards.set(path, answer.catch(() => (shards.delete(path), {})));
  }
  return shards.get(path);
}

// FNV-1a, as the build does.
function shardOf(id) {
  let value = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) value = Math.imul(value ^ id.charCodeAt(index), 0x01000193) >>> 0;
  return value % SHARDS;
}

/** A list of ids that the browser remembers for this site. */
export function remembered(name) {
  try {
    const ids = JSON.parse(localStorage.getItem(key(name)) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers such a list; without storage it is forgotten with the page. */
export function remember(name, ids) {
  try {
    if (ids.length) localStorage.setItem(key(name), JSON.stringify(ids));
    else localStorage.removeItem(key(name));
  } catch {
    // A browser that stores nothing still shows the page.
  }
}

/** The name under which a list is stored: sites of one host do not share theirs. */
export function key(name) {
  return `dlmap-${name}:${root.pathname}`;
}
