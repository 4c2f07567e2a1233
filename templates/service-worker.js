// Keeps the picked films' pages and the schedule of their days readable without a network. Every page is asked
// of the network first; what was kept comes only when it gives no answer, and says from when it is.
const KEPT = "kept-1";
const STAMP = "X-Kept-At";
const PATIENCE = 3000; // How long a network may take (milliseconds) before what was kept is shown.
const FRESH = 30 * 60 * 1000; // A copy younger than this (milliseconds) is not fetched again.
const STAFF_AND_GUESTS = /^(\/[a-z]{2})?\/(admin|as-at|preview|box-office)\//; // Nothing of these is ever kept.
const NAMED_BY_CONTENT = /^\/(static\/.*\.[0-9a-f]{12}\.|media\/)/; // Never changes what it shows.
const PARTS_OF_PAGE = /(?:href|src)="(\/static\/[^"#?]+)/g;
const PARTS_OF_SCRIPT = /(?:from|import)\s*"(\.[^"]+)"/g;

let keeping = Promise.resolve();

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const old = async () => (await caches.keys()).filter((name) => name !== KEPT);
  event.waitUntil(old().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (!event.data?.keep) return;
  // One after the other: each lets go of what it does not name itself.
  keeping = keeping.then(() => keepAll(event.data.keep)).catch(() => {});
  event.waitUntil(keeping);
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || STAFF_AND_GUESTS.test(url.pathname)) return;
  event.respondWith(NAMED_BY_CONTENT.test(url.pathname) ? keptFirst(event.request) : networkFirst(event));
});

async function keptFirst(request) {
  const kept = await (await caches.open(KEPT)).match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function networkFirst(event) {
  const { request } = event;
  const answer = fetch(request);
  // An answer that comes too late to be shown is kept all the same.
  event.waitUntil(answer.then((response) => response.ok && keepAnew(request, response.clone())).catch(() => {}));
  const outOfPatience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    return (await Promise.race([answer, outOfPatience])) ?? (await keptOf(request)) ?? (await answer);
  } catch {
    return withoutNetwork(request);
  }
}

/** What was kept of this address, a page with its age; undefined when nothing was. */
async function keptOf(request) {
  const kept = await (await caches.open(KEPT)).match(keyOf(new URL(request.url)), { ignoreVary: true });
  return kept && request.mode === "navigate" ? withItsAge(kept) : kept;
}

async function withoutNetwork(request) {
  const kept = await keptOf(request);
  if (kept) return kept;
  if (request.mode !== "navigate") return Response.error();
  const cache = await caches.open(KEPT);
  const offline = (await cache.keys()).find((key) => new URL(key.url).pathname.endsWith("/my-schedule/offline/"));
  return offline ? cache.match(offline, { ignoreVary: true }) : Response.error();
}

const isTruth = (url) => url.pathname.endsWith("/my-schedule/screenings.json");

/** Of the answers about the own plan the last is kept, whatever was asked; everything else by its whole address. */
function keyOf(url) {
  return isTruth(url) ? url.pathname : url.pathname + url.search;
}

/** A page that says to its script from when it is. */
async function withItsAge(kept) {
  const page = (await kept.text()).replace("<html ", `<html data-kept-at="${kept.headers.get(STAMP)}" `);
  return new Response(page, { headers: kept.headers });
}

/** What is kept already, and the answer about the own plan, is kept as it now is. */
async function keepAnew(request, response) {
  const cache = await caches.open(KEPT);
  const url = new URL(request.url);
  const isOwnTruth = isTruth(url) && request.cache !== "no-store";
  const wasKept = !isTruth(url) && (await cache.match(keyOf(url), { ignoreVary: true }));
  if (isOwnTruth || wasKept) await put(cache, keyOf(url), response);
}

async function put(cache, key, response) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(STAMP, new Date().toISOString());
  await cache.put(key, new Response(await response.blob(), { headers }));
}

/** Keeps these and what they are made of, and lets go of all else. */
async function keepAll({ pages, pictures }) {
  const cache = await caches.open(KEPT);
  const wanted = new Set();
  for (const page of pages) await keepOne(cache, page, wanted, PARTS_OF_PAGE);
  for (const picture of pictures) await keepOne(cache, picture, wanted);
  for (const key of await cache.keys()) {
    const url = new URL(key.url);
    if (!isTruth(url) && !wanted.has(keyOf(url))) await cache.delete(key);
  }
}

async function keepOne(cache, address, wanted, parts = null) {
  if (wanted.has(address)) return;
  wanted.add(address);
  const kept = await current(cache, address);
  if (!kept || !parts) return;
  for (const [, part] of (await kept.text()).matchAll(parts)) {
    const path = new URL(part, new URL(address, location.origin)).pathname;
    await keepOne(cache, path, wanted, path.endsWith(".js") ? PARTS_OF_SCRIPT : null);
  }
}

/** The kept copy, fetched first when there is none or it is old; without a network the old one. */
async function current(cache, address) {
  const kept = await cache.match(address, { ignoreVary: true });
  const age = kept ? Date.now() - Date.parse(kept.headers.get(STAMP)) : Infinity;
  if (age < FRESH || (kept && NAMED_BY_CONTENT.test(address))) return kept;
  try {
    const response = await fetch(address);
    if (response.ok) await put(cache, address, response);
    else await cache.delete(address); // The page is gone; its copy goes with it.
  } catch {
    return kept;
  }
  return cache.match(address, { ignoreVary: true });
}
