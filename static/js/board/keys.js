// The board by keys: an extra, which can be turned off for those whose speech or hands press keys by chance.
import { words } from "./words.js";

const KEPT = "board-keys";

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // Storage may be forbidden; keys are then on until the page is left.
  }
}

export function keys({ press, find }) {
  const panel = document.querySelector("[data-keys]");
  const dialog = document.querySelector("[data-keys-dialog]");
  const toggle = document.querySelector("[data-keys-switch]");
  let on = kept() !== "off";

  function show() {
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? words.keysOn : words.keysOff;
  }

  toggle.addEventListener("click", () => {
    on = !on;
    show();
    try {
      localStorage.setItem(KEPT, on ? "on" : "off");
    } catch {
      // The choice then holds for this page only.
    }
  });
  document.querySelector("[data-keys-help]").addEventListener("click", () => dialog.showModal());
  panel.hidden = false;
  show();

  const rows = () => [...document.querySelectorAll(".row")].filter((row) => row.checkVisibility());
  const current = () => document.activeElement?.closest?.(".row") ?? null;

  function step(way) {
    const all = rows();
    const at = all.indexOf(current());
    const next = at < 0 ? (way > 0 ? all[0] : all.at(-1)) : all[at + way];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function control(key) {
    return current()?.querySelector(`[data-key="${key}"]`);
  }

  const doing = {
    j: () => step(1),
    k: () => step(-1),
    m: () => control("m")?.click(),
    u: () => control("u") && press(control("u")),
    "/": () => find.focus(),
    "?": () => dialog.showModal(),
  };
  for (const key of "1234") doing[key] = () => control(key) && press(control(key));

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && event.target === find) find.blur();
    if (!on || isTyping || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = doing[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
