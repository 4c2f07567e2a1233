// Lists that follow their form in place. htmx fetches the page that the form would lead to and takes the list out of
// it; this keeps what the server cannot know (which groups stand open, how far the day strip was scrolled), keeps
// empty fields out of the address, and says so when the site cannot be reached.

const KEPT_OPEN = "details[id]";
const unreachable = document.querySelector("[data-unreachable]");
let opened = new Map();
let scrolled = 0;

function strip() {
  return document.querySelector(".days");
}

function showUnreachable(isShown) {
  if (unreachable) unreachable.hidden = !isShown;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const names = new Set(detail.formData.keys());
  for (const name of names) {
    const values = detail.formData.getAll(name).filter((value) => value !== "");
    detail.formData.delete(name);
    for (const value of values) detail.formData.append(name, value);
  }
});

document.addEventListener("htmx:beforeSwap", () => {
  showUnreachable(false);
  opened = new Map([...document.querySelectorAll(KEPT_OPEN)].map((group) => [group.id, group.open]));
  scrolled = strip()?.scrollLeft ?? 0;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, isOpen] of opened) {
    const group = document.getElementById(id);
    if (group && isOpen) group.open = true;
  }
  if (strip()) strip().scrollLeft = scrolled;
});

// The control that shows the filters on a narrow screen narrows nothing itself.
document.getElementById("more")?.addEventListener("change", (event) => event.stopPropagation());

// On a narrow screen the filters cover the list: whoever asks for the films is taken to them.
document.addEventListener("submit", () => {
  const more = document.getElementById("more");
  if (!more?.checked) return;
  more.checked = false;
  document.getElementById("found").scrollIntoView();
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => showUnreachable(true));
}
