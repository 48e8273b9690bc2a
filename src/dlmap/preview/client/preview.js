// Runs in every previewed page: shows each good build in place, and what is wrong over the page after a failed one.

import "./explanations.js";
import { morph } from "./morph.js";
import { hide, show } from "./overlay.js";

const own = new URL("./", import.meta.url);
const retryMilliseconds = 500;
const { build, status } = tagIn(document).dataset;

let shown = Number(build);
let newest = null;
let catchingUp = false;
let source = null;
let retry = 0;

function tagIn(page) {
  return page.querySelector("script[data-build]");
}

function connect() {
  clearTimeout(retry);
  // A browser opens only some six connections to one server: pages that nobody sees must not use them up.
  if (source || document.hidden) return;
  source = new EventSource(new URL("events", own));
  source.onmessage = (event) => receive(JSON.parse(event.data));
  // Not every browser tries again by itself when the server is gone.
  source.onerror = reconnect;
}

function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function reconnect() {
  disconnect();
  retry = setTimeout(connect, retryMilliseconds);
}

async function receive(news) {
  newest = news;
  if (catchingUp) return;
  catchingUp = true;
  try {
    await catchUp();
  } catch {
    // The server went away in the middle; the next connection tells again what there is to show.
    reconnect();
  } finally {
    catchingUp = false;
  }
}

async function catchUp() {
  let news;
  // Another build may be announced while one is fetched.
  while (news !== newest) {
    news = newest;
    if (news.build !== shown) await update();
    if (news === newest && news.ok) hide();
    else if (news === newest) await show(() => news === newest);
  }
}

async function update() {
  const [answer, changes] = await Promise.all([
    fetch(location.pathname + location.search, { cache: "no-store" }),
    fetch(new URL(`changes.json?since=${shown}`, own)).then((answer) => answer.json()),
  ]);
  // If a page cannot be built, the last good one stays.
  if (answer.status >= 500) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const tag = tagIn(fresh);
  const isSamePage = tag?.dataset.status === status && !answer.redirected && changes.assets;
  tag?.remove();
  if (!isSamePage || !(await morph(fresh, new URL("../", own), changes.assets, tag.dataset.build))) {
    disconnect();
    location.reload();
  }
  shown = Number(tag?.dataset.build);
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
// A page that the browser keeps for its back button must not hold a connection.
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);
connect();
