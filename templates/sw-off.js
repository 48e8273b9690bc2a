{# In the place of the service worker of a site that has none: it ends the one that an earlier build has left. #}
"use strict";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(`dlmap ${registration.scope} `)) await caches.delete(name);
      await registration.unregister();
    })(),
  );
});
