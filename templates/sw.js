{# The service worker: what was read stays readable without a network. Takes `version`, `shell`, `offline_page` (HTML). #}
// Everything is asked of the network first, so that no reader is ever shown an old page while there is a network;
// only without one the copy of the last time is shown. Each build has a cache of its own.
"use strict";
// Other sites at the same host share the store of caches.
const OWN = `dlmap ${registration.scope} `;
const CACHE = `${OWN}{{ version }}`;
const SHELL = {{ shell|tojson }};
const OFFLINE = {{ offline_page|tojson }};
// What was read before the last build is fetched again, as far as that costs little.
const KEPT_PAGES = 60;

async function carryOver() {
  const cache = await caches.open(CACHE);
  const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE);
  for (const name of old) {
    const requests = await (await caches.open(name)).keys();
    for (const { url } of requests.slice(-KEPT_PAGES)) {
      if (!(await cache.match(url))) await keep(cache, url, await fetch(url).catch(() => null));
    }
    await caches.delete(name);
  }
}

async function keep(cache, url, response) {
  if (response?.ok && response.type === "basic" && !response.redirected) await cache.put(url, response);
  else if (response?.status === 404 || response?.status === 410) await cache.delete(url);
}

async function answer(event) {
  const { request } = event;
  try {
    const response = (await event.preloadResponse) ?? (await fetch(request));
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => keep(cache, request.url, copy)).catch(() => {}));
    return response;
  } catch (error) {
    const cached = await caches.match(request.url, { ignoreVary: true });
    if (cached) return cached;
    if (request.mode !== "navigate") throw error;
    return new Response(OFFLINE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await registration.navigationPreload?.enable();
      await clients.claim();
      await carryOver();
    })(),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range") || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(event));
});
