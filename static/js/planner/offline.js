// Asks the service worker to keep the picked pages, and the schedule of their days, for reading offline.
const link = document.querySelector("[data-my-schedule]");
const MOST_PAGES = 80;

/** Keeps what an answer to the own plan leads to; everything kept before and not named now is let go. */
export async function keep(answer) {
  if (!("serviceWorker" in navigator) || location.pathname.startsWith("/as-at/")) return;
  const days = answer.days.filter((day) => !day.is_over);
  const showing = days.flatMap((day) => day.ids.map((id) => answer.screenings[id]));
  const pages = [...days.map((day) => day.url), ...showing.flatMap((each) => each.films.map((film) => film.url))];
  if (showing.length) await navigator.serviceWorker.register("/service-worker.js", { scope: "/" });
  else if (!(await navigator.serviceWorker.getRegistration("/"))) return;
  const worker = (await navigator.serviceWorker.ready).active;
  worker.postMessage({
    keep: {
      answer: { address: link.dataset.truth, json: JSON.stringify(answer) },
      pages: [link.pathname, link.dataset.offline, ...pages].slice(0, MOST_PAGES),
      pictures: showing.map((screening) => screening.picture).filter(Boolean),
    },
  });
}
