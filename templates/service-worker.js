// Keeps the picked films' pages and the schedule of their days readable without a network. Every page is asked
// of the network first; what was kept comes only when it gives no answer, and says from when it is.
const KEPT = "kept-1";
const STAMP = "X-Kept-At";
const PATIENCE = 3000; // How long a network may take (milliseconds) before what was kept is shown.
const FAILURE = 500; // From this status on it is the site that fails, and what was kept is better.
const FRESH = 30 * 60 * 1000; // A copy younger than this (milliseconds) is not fetched again.
const STAFF_AND_GUESTS = /^(\/[a-z]{2})?\/(admin|as-at|preview|box-office)\//; // Nothing of these is ever kept.
const NAMED_BY_CONTENT = /^\/(static\/.*\.[0-9a-f]{12}\.|media\/)/; // Never changes what it shows.
const GONE = [404, 410]; // Any other refusal may be over soon.
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
  // Of others' plans nothing is kept, and what is kept is not about them.
  if (request.cache === "no-store") return answer;
  // An answer that comes too late to be shown is kept all the same.
  event.waitUntil(answer.then((response) => response.ok && keepAnew(request, response.clone())).catch(() => {}));
  const outOfPatience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const response = await Promise.race([answer, outOfPatience]);
    return response?.status < FAILURE ? response : ((await keptOf(request)) ?? (await answer));
  } catch {
    return withoutNetwork(request);
  }
}

/** What was kept of this address, a page with its age; undefined when nothing was. */
async function keptOf(request) {
  const kept = await keptAt(await caches.open(KEPT), keyOf(new URL(request.url)));
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
  const key = keyOf(new URL(request.url));
  if (isTruth(new URL(request.url))) await put(cache, key, response);
  else if (request.mode === "navigate" && (await keptAt(cache, key))) await putPage(cache, key, response);
}

const keptAt = (cache, address) => cache.match(address, { ignoreVary: true });

async function put(cache, key, response) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(STAMP, new Date().toISOString());
  await cache.put(key, new Response(await response.blob(), { headers }));
}

/** Keeps a page after all that it is made of, so that none is ever kept without its stylesheets. Throws when a part fails. */
async function putPage(cache, address, response, wanted = new Set()) {
  await keepParts(cache, address, await response.clone().text(), PARTS_OF_PAGE, wanted);
  await put(cache, address, response);
}

/** Keeps these and what they are made of, and lets go of all else. */
async function keepAll({ answer, pages, pictures }) {
  const cache = await caches.open(KEPT);
  // The first answer came before there was a service worker.
  await put(cache, answer.address, new Response(answer.json, { headers: { "Content-Type": "application/json" } }));
  const wanted = new Set();
  for (const page of new Set(pages)) await keepPage(cache, page, wanted);
  for (const picture of new Set(pictures)) await keepPart(cache, picture, wanted).catch(() => {});
  for (const key of await cache.keys()) {
    const url = new URL(key.url);
    if (!isTruth(url) && !wanted.has(keyOf(url))) await cache.delete(key);
  }
}

/** Keeps a page as it now is; when that, or a part of it, is not to be had, the old copy stays with the old parts. */
async function keepPage(cache, address, wanted) {
  wanted.add(address);
  const kept = await keptAt(cache, address);
  try {
    if (!isFresh(kept)) {
      const response = await fetch(address);
      if (response.ok) return await putPage(cache, address, response, wanted);
      if (GONE.includes(response.status)) return wanted.delete(address);
    }
  } catch {
    // Without a network, or with too bad a one.
  }
  if (kept) await keepParts(cache, address, await kept.text(), PARTS_OF_PAGE, wanted).catch(() => {});
}

/** Keeps all of these parts that it can, and throws if one is missing. */
async function keepParts(cache, address, text, pattern, wanted) {
  let missing = null;
  for (const [, part] of text.matchAll(pattern)) {
    const path = new URL(part, new URL(address, location.origin)).pathname;
    await keepPart(cache, path, wanted).catch((error) => (missing = error));
  }
  if (missing) throw missing;
}

async function keepPart(cache, path, wanted) {
  const isSeen = wanted.has(path);
  wanted.add(path);
  let kept = await keptAt(cache, path);
  if (!kept || !(isSeen || NAMED_BY_CONTENT.test(path) || isFresh(kept))) {
    const response = await fetch(path).catch(() => null);
    if (response?.ok) await put(cache, path, response);
    kept = await keptAt(cache, path);
    if (!kept) throw new Error(`Not to be had: ${path}`);
  }
  if (!isSeen && path.endsWith(".js")) await keepParts(cache, path, await kept.text(), PARTS_OF_SCRIPT, wanted);
}

const isFresh = (kept) => Boolean(kept) && Date.now() - Date.parse(kept.headers.get(STAMP)) < FRESH;
