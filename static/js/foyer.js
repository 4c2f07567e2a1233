// The foyer's screen follows the festival by itself. While the festival cannot be reached it keeps what it has and
// says of when that is. Without JavaScript the page reloads every half minute.
const EVERY = 1_500;
const LOST_AFTER = 15_000;
const PATIENCE = 8_000;

let heard = Date.now();

const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href")).join();

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const screen = fresh.querySelector("[data-foyer]");
  if (!screen) throw new Error("That was not the foyer's page");
  if (styles(fresh) !== styles(document)) return location.reload();
  const shown = document.querySelector("[data-foyer]");
  if (screen.innerHTML !== shown.dataset.html) {
    screen.dataset.html = screen.innerHTML;
    shown.replaceWith(screen);
  }
}

async function follow() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`The festival answered ${answer.status}`);
    show(await answer.text());
    heard = Date.now();
  } catch {
    // Said on the screen below, once it has lasted.
  }
  const lost = Date.now() - heard > LOST_AFTER;
  document.body.toggleAttribute("data-stale", lost);
  document.querySelector("[data-lost]").hidden = !lost;
  setTimeout(follow, EVERY);
}
setTimeout(follow, EVERY);

const awake = () => navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", () => document.hidden || awake());
awake();

const full = document.querySelector("[data-full]");
if (document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
  document.addEventListener("fullscreenchange", () => (full.hidden = Boolean(document.fullscreenElement)));
}
