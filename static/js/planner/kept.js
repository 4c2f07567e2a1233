// Says of a page that the service worker had kept how old it is.
const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function ago(instant) {
  const seconds = Math.max(0, (Date.now() - Date.parse(instant)) / 1000);
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? ["minute", 60];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  return words.format(-Math.floor(seconds / length), unit);
}

/** Shows that what is on the page dates from `instant`; without one, that it is of now. */
export function showAge(instant) {
  document.querySelector("[data-kept]")?.remove();
  if (!instant) return;
  const template = document.getElementById("kept");
  const banner = template.content.firstElementChild.cloneNode(true);
  const time = banner.querySelector("time");
  time.dateTime = instant;
  time.textContent = ago(instant);
  template.after(banner);
}

if (document.documentElement.dataset.keptAt) showAge(document.documentElement.dataset.keptAt);
