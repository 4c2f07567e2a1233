// The star beside a screening: keeps it in the visitor's schedule. Stars are drawn hidden and appear here.
import "./kept.js";
import { keep } from "./offline.js";
import * as store from "./store.js";
import { ask, memorables } from "./truth.js";

function light(root = document) {
  const picked = new Set(store.picks().map((pick) => pick.id));
  for (const star of root.querySelectorAll("[data-star]")) {
    star.hidden = false;
    star.setAttribute("aria-pressed", String(picked.has(Number(star.dataset.star))));
  }
}

async function catchUp() {
  try {
    const { answer, keptAt } = await ask(store.picks().map((pick) => pick.id), store.settled());
    if (keptAt) return;
    store.remember(memorables(answer));
    await keep(answer);
  } catch {
    // Offline the pick itself is kept; what is true of it is remembered at the next visit.
  }
}

if (store.canKeep()) {
  light();
  store.onChange(() => light());
  document.addEventListener("htmx:load", (event) => light(event.target));
  document.addEventListener("click", (event) => {
    const star = event.target.closest("[data-star]");
    if (!star) return;
    const id = Number(star.dataset.star);
    if (store.isPicked(id)) store.remove(id);
    else store.add({ id, must: false });
    catchUp();
  });
}
