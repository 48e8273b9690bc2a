// Concept data that pages fetch on demand: which concept a link leads to, and the facts about it, one request per shard.

const page = document.getElementById("page.tools");
const files = new Map();

/** The address of the site's root, and the language of this page. */
export const root = new URL(page.dataset.root, location.href);
export const lang = page.dataset.lang;

/** The concept that a link of the site leads to, as {id, lang}; null if it leads elsewhere. */
export function conceptOf(link) {
  if (link.origin !== root.origin || !link.pathname.startsWith(root.pathname)) return null;
  const match = /^([a-z-]+)\/([a-z0-9-]+)\/$/.exec(link.pathname.slice(root.pathname.length));
  if (!match) return null;
  const [, code, id] = match;
  return { lang: code, id: link.hash ? `${id}-${link.hash.slice(1)}` : id };
}

/** The facts about a concept in a language; undefined if there are none. */
export async function factsAbout(id, code = lang) {
  return (await fetchData(`data/facts/${code}/${shardOf(id, Number(page.dataset.factShards))}.json`))[id];
}

/** A JSON file of the site, fetched once; an empty object if it cannot be fetched. */
export function fetchData(path) {
  if (!files.has(path)) {
    const data = fetch(new URL(path, root)).then((response) => (response.ok ? response.json() : {}));
    files.set(
      path,
      data.catch(() => {
        files.delete(path);
        return {};
      }),
    );
  }
  return files.get(path);
}

// FNV-1a, as in the build.
function shardOf(id, shards) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  return hash % shards;
}
