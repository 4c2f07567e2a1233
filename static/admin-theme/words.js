/* What the scripts of a form say, as the page brought it along; and one voice for all of them. */

const words = document.getElementById("desk-words")?.dataset ?? {};

/** The sentence `name`, with what fills it: %s or %1 %2 %3. */
export function say(name, ...values) {
  return (words[name] ?? "").replace(/%([s1-9])/g, (_, key) => values[key === "s" ? 0 : key - 1] ?? "");
}

let voice;

/** Tell it to those who do not see it happen. */
export function announce(sentence) {
  if (!voice) {
    voice = document.createElement("p");
    voice.className = "visually-hidden";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = "";
  setTimeout(() => { voice.textContent = sentence; }, 50);
}

export function element(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}
