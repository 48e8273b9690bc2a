// What the browser remembers for this site: the theme, recent searches, learned and compared concepts.
// A classic script, loaded first: the theme is read before the first paint. Sites that share a host share
// localStorage, so every key ends with the path of the site.
(() => {
  const { pathname } = new URL("../", document.currentScript.src);

  function key(name) {
    return `dlmap-${name}:${pathname}`;
  }

  /** The stored text; null if there is none, or no storage. */
  function read(name) {
    try {
      return localStorage.getItem(key(name));
    } catch {
      return null;
    }
  }

  /** Stores a text, or removes it if it is empty. Without storage it lasts as long as the page. */
  function write(name, text) {
    try {
      if (text) localStorage.setItem(key(name), text);
      else localStorage.removeItem(key(name));
    } catch {
      // The browser blocks storage, or it is full.
    }
  }

  /** The stored list of strings; empty if there is none or it is damaged. */
  function readList(name) {
    try {
      const list = JSON.parse(read(name) ?? "[]");
      return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
    } catch {
      return [];
    }
  }

  function writeList(name, list) {
    write(name, list.length ? JSON.stringify(list) : "");
  }

  /** Hands an object over to the next page of this tab. */
  function handOver(name, value) {
    try {
      sessionStorage.setItem(key(name), JSON.stringify(value));
    } catch {
      // The next page does without it.
    }
  }

  /** The object that the page before handed over; null if there is none. */
  function takeOver(name) {
    try {
      const value = JSON.parse(sessionStorage.getItem(key(name)));
      sessionStorage.removeItem(key(name));
      return value;
    } catch {
      return null;
    }
  }

  globalThis.siteStorage = Object.freeze({ key, read, write, readList, writeList, handOver, takeOver });
})();
