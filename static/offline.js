// Registers the service worker, which stands at the root of the site.
const root = new URL("../", import.meta.url);
navigator.serviceWorker
  ?.register(new URL("sw.js", root), { scope: root.pathname, updateViaCache: "none" })
  .catch(() => {
    // Without it the site works as before: a browser may refuse for many reasons, private windows among them.
  });
