// The schedule page beyond plain HTML: the “now” line walks on, the strip of days starts at the day shown and a wide
// grid at the line, and a button prints. Without it the line stands where it was drawn.
const FIVE_MINUTES = 300_000;
const COLUMNS_IN_AN_HOUR = 12;

function walk(line) {
  const column = Math.floor((Date.now() - Date.parse(line.dataset.now)) / FIVE_MINUTES);
  const hour = Math.floor(column / COLUMNS_IN_AN_HOUR);
  line.hidden = column < 0 || hour >= Number(line.dataset.hours);
  line.dataset.h = hour;
  line.dataset.m = column % COLUMNS_IN_AN_HOUR;
}

const line = document.querySelector("[data-now]");
if (line) {
  walk(line);
  setInterval(() => document.hidden || walk(line), 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || walk(line));
}

/** Scrolls what is wider than its place until `part` stands in the middle. */
function bringIntoView(scroller, part) {
  const place = part.getBoundingClientRect().left - scroller.getBoundingClientRect().left;
  scroller.scrollLeft += place - (scroller.clientWidth - part.offsetWidth) / 2;
}

const strip = document.querySelector("[data-days]");
const current = strip?.querySelector("[aria-current]");
if (current) bringIntoView(strip, current);
// An address that names a show is about that one.
if (line && !line.hidden && !location.hash) bringIntoView(document.querySelector(".tl-scroll"), line);

const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
