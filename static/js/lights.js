// House lights: the choice of a light or a dark room, kept in this browser. Runs before the first paint, so
// that a dark room never flashes white; without it the page follows the system.
const KEY = "lights";
const room = document.documentElement;

function choice() {
  try {
    return localStorage.getItem(KEY) || "auto";
  } catch {
    return "auto"; // Storage may be forbidden; then every page follows the system.
  }
}

function apply(lights) {
  if (lights === "auto") delete room.dataset.lights;
  else room.dataset.lights = lights;
}

function mark(buttons, lights) {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.lights === lights));
  }
}

apply(choice());

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-lights-switch]");
  const buttons = panel.querySelectorAll("button[data-lights]");
  panel.hidden = false;
  mark(buttons, choice());
  for (const button of buttons) {
    button.addEventListener("click", () => {
      apply(button.dataset.lights);
      mark(buttons, button.dataset.lights);
      try {
        localStorage.setItem(KEY, button.dataset.lights);
      } catch {
        // The choice then holds for this page only.
      }
    });
  }
});
