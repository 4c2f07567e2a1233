/* Beside a text: how long it is, and what the page will make of it. */

import { announce, element, say } from "./words.js";

const PATIENCE = 400; // ms without a key before anything is said or asked

function patiently(act) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, PATIENCE);
  };
}

function count(field) {
  const limit = field.maxLength;
  // A browser would cut off in silence what is pasted beyond the limit; here it stays, and is counted.
  field.removeAttribute("maxlength");
  const shown = element("p", { class: "help count" });
  const box = field.closest(".flex-container, td");
  (box.matches("td") ? box : box.parentElement).append(shown);
  const tell = () => {
    const length = [...field.value].length;
    const left = limit - length;
    shown.textContent = left < 0 ? say("over", -left) : say("left", left);
    shown.classList.toggle("count-over", left < 0);
    return left;
  };
  tell();
  const aloud = patiently(() => {
    if (tell() < limit / 10) announce(shown.textContent);
  });
  field.addEventListener("input", () => {
    tell();
    aloud();
  });
}

function measure(field, shown) {
  const words = field.value.split(/\s+/).filter(Boolean).length;
  shown.textContent = say("length", words, [...field.value].length);
}

function preview(field) {
  const address = say("markdown");
  const length = element("p", { class: "help count" });
  const page = element("div", { class: "prose-page" });
  const box = element("section", { class: "prose-preview", "aria-label": say("preview") },
    element("p", { class: "prose-heading", "aria-hidden": "true" }, say("preview")), page);
  const pair = element("div", { class: "prose-pair" });
  field.before(pair);
  pair.append(field, box);
  field.closest(".flex-container").parentElement.append(length);
  let asked = 0;
  const show = async () => {
    measure(field, length);
    const turn = ++asked;
    const body = new URLSearchParams({ text: field.value });
    const token = field.form.elements.csrfmiddlewaretoken.value;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const html = await answer.text();
      if (turn === asked) page.innerHTML = html;
    } catch {
      if (turn === asked) page.textContent = say("unseen");
    }
  };
  show();
  field.addEventListener("input", patiently(show));
}

function countIn(place) {
  for (const field of place.querySelectorAll("[data-count]"))
    if (field.maxLength > 0 && !field.closest(".empty-form")) count(field);
}

export function prose() {
  countIn(document);
  document.addEventListener("formset:added", ({ target }) => countIn(target));
  for (const field of document.querySelectorAll("textarea[data-markdown]")) preview(field);
}
