// Draws the page's own <template>s: the words stay where they can be translated.
const icons = document.querySelector("[data-icons]")?.dataset.icons;

/** A copy of a template, its slots filled by text, an element or several.
 *
 * With true a slot says what the template says; without content it goes.
 */
export function draw(name, slots = {}) {
  const copy = document.getElementById(`plan-${name}`).content.firstElementChild.cloneNode(true);
  for (const slot of copy.querySelectorAll("[data-slot]")) {
    const content = [slots[slot.dataset.slot] ?? []].flat().filter((part) => part !== "" && part !== false);
    if (!content.length) slot.remove();
    else if (content[0] !== true) slot.replaceChildren(...content);
  }
  return copy;
}

/** Sets one of the sprite's drawings. */
export function setIcon(drawn, name) {
  drawn.querySelector("use").setAttribute("href", `${icons}#${name}`);
  return drawn;
}

export function status({ tone, word }) {
  const drawn = draw("status", { word });
  drawn.dataset.status = tone;
  return setIcon(drawn, `st-${tone}`);
}

/** A button of a template, for one screening or pair: it is found again by that after a new drawing. */
export function button(name, value, slots) {
  const drawn = draw(name, slots);
  const pressed = drawn.matches("[data-do]") ? drawn : drawn.querySelector("[data-do]");
  pressed.dataset.value = value;
  return drawn;
}

/** What presses do: `acts[name](value, pressed)` for each control with data-do. */
export function onPress(root, acts) {
  root.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed) acts[pressed.dataset.do](pressed.dataset.value, pressed);
  });
}

/** Replaces what `root` shows and leaves the keyboard where it was, and open what was opened. */
export function redraw(root, content) {
  const held = root.contains(document.activeElement) ? document.activeElement.dataset : {};
  const isOpen = root.querySelector("details")?.open;
  root.replaceChildren(...content);
  if (isOpen) root.querySelector("details")?.setAttribute("open", "");
  if (held.do) root.querySelector(`[data-do="${held.do}"][data-value="${held.value}"]`)?.focus();
}
