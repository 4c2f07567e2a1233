// The star beside a screening: keeps it in the visitor's schedule. On the page of a film or a venue it is drawn hidden
// and appears here; where screenings stand close together the page only says which they are, and a star is put there.
import "./kept.js";
import { keep } from "./offline.js";
import * as store from "./store.js";
import { ask, memorables } from "./truth.js";

const star = document.getElementById("star").content.firstElementChild;

/** A star for each screening that has none and can still be gone to: the page says which. */
function put(root) {
  for (const place of root.querySelectorAll("[data-showing]")) {
    if (place.querySelector("[data-star]")) continue;
    const about = place.closest("article, li");
    const copy = star.cloneNode(true);
    copy.dataset.star = place.dataset.showing;
    const [title, time] = [".title", "time"].map((part) => about.querySelector(part).textContent.trim());
    copy.querySelector("bdi").textContent = `${title}, ${time}`;
    place.append(copy);
  }
}

/** What the page calls the screening of a star: without a network it is all that is known of it. */
function nameAt(star) {
  const about = star.closest("article, li");
  const parts = [about.querySelector(".title, .what") ?? document.querySelector("h1"), about.querySelector("time")];
  return parts.map((part) => part.textContent.trim()).join(", ");
}

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
  put(document);
  light();
  store.onChange(() => light());
  document.addEventListener("htmx:load", ({ target }) => {
    put(target);
    light(target);
  });
  document.addEventListener("click", (event) => {
    const star = event.target.closest("[data-star]");
    if (!star) return;
    const id = Number(star.dataset.star);
    if (store.isPicked(id)) store.remove(id);
    else store.add({ id, must: false, name: nameAt(star) });
    catchUp();
  });
}
