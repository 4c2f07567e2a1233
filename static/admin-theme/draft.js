/* What is typed is kept in this tab until a save has succeeded: through a login that ran out, a broken connection,
   a page that was left. Files cannot be kept. */

import { arrange } from "./order.js";
import { announce, element, say } from "./words.js";

const SENT = "desk:sent", NOT_OURS = new Set(["csrfmiddlewaretoken", "_popup", "_to_field"]);
// Which state of the film was on the page: each page has its own, and it goes with what was typed there.
const VERSION = "form_version";
const PATIENCE = 700; // ms without a key

const keyOf = () => `desk:${say("user")}:${location.pathname}`;

/** What the form holds, [value, its words] by name; with `asSent`, what it held when the page came. */
function stateOf(form, asSent = false) {
  const state = {};
  for (const field of form.elements) {
    const { name, type } = field;
    if (!name || NOT_OURS.has(name) || name.includes("__prefix__") || /file|submit|button|image|reset/.test(type)) continue;
    state[name] ??= [];
    if (field.options) {
      let chosen = [...field.options].filter((option) => (asSent ? option.defaultSelected : option.selected));
      if (!chosen.length && !field.multiple && field.options.length) chosen = [field.options[0]];
      state[name].push(...chosen.map((option) => [option.value, option.textContent]));
    } else if (type === "checkbox" || type === "radio") {
      if (asSent ? field.defaultChecked : field.checked) state[name].push([field.value]);
    } else state[name].push([(asSent && type !== "hidden" ? field.defaultValue : field.value).replaceAll("\r\n", "\n")]);
  }
  return state;
}

const same = (one, other) => {
  const values = (state) => JSON.stringify(Object.entries(state)
    .filter(([name]) => name !== VERSION).map(([name, some]) => [name, some.map(([value]) => value)]).sort());
  return values(one) === values(other);
};

/** Rows stand under the number that they have on this page, which may be another than when they were typed. */
function renumbering(form, state) {
  const now = stateOf(form), renamed = new Map();
  for (const name of Object.keys(state).filter((some) => some.endsWith("-TOTAL_FORMS"))) {
    const prefix = name.slice(0, -"-TOTAL_FORMS".length);
    if (!now[name]) continue;
    const [total, initial] = ["TOTAL", "INITIAL"].map((part) => Number(state[`${prefix}-${part}_FORMS`][0][0]));
    const here = Number(now[`${prefix}-INITIAL_FORMS`][0][0]);
    const wanted = here + total - initial;
    const more = document.querySelector(`#${prefix}-group .add-row a`);
    const present = () => Number(form.elements[name].value);
    while (more && present() < wanted) {
      const before = present();
      more.click();
      if (present() === before) break;
    }
    for (let row = 0; row < total; row++) {
      const id = state[`${prefix}-${row}-id`]?.[0]?.[0];
      const found = id && [...Array(here).keys()].find((place) => form.elements[`${prefix}-${place}-id`]?.value === id);
      renamed.set(`${prefix}-${row}-`, id ? found ?? null : row - initial + here);
    }
  }
  return (name) => {
    for (const [prefix, row] of renamed)
      if (name.startsWith(prefix)) return row === null ? null : prefix.replace(/\d+-$/, `${row}-`) + name.slice(prefix.length);
    return name;
  };
}

function fill(field, values) {
  const wanted = values.map(([value]) => value);
  if (field.options) {
    for (const [value, words] of values)
      if (![...field.options].some((option) => option.value === value)) field.add(new Option(words, value));
    for (const option of field.options) option.selected = wanted.includes(option.value);
    window.django?.jQuery(field).trigger("change");
  } else if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
  else field.value = wanted[0] ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function restore(form, state) {
  const rename = renumbering(form, state);
  for (const [name, values] of Object.entries(state)) {
    const here = rename(name);
    // How many rows there are, and which is which, is the page's own to know.
    const fields = [...form.elements].filter((field) => field.name === here
      && !(field.type === "hidden" && field.closest(".inline-group")));
    for (const field of fields) fill(field, values);
  }
  document.querySelectorAll(".rows-ordered").forEach(arrange);
}

function notice(form, sentence, ...choices) {
  const box = element("div", { class: "desk-notice", role: "status", tabindex: "-1" }, element("p", {}, sentence));
  for (const [words, act] of choices) {
    const button = element("button", { type: "button", class: "button" }, words);
    button.addEventListener("click", () => { box.remove(); act(); });
    box.append(button);
  }
  form.before(box);
  return box;
}

/** The one form of the page. */
export function draft() {
  const form = document.querySelector("#content-main form[method=post][id$=_form]");
  if (!form) return;
  const key = keyOf(), isPopup = Boolean(form.elements._popup), cameBack = Boolean(say("bound"));
  const asSent = stateOf(form, true);
  let leaving = false, asked = false, waiting;
  const isTouched = () => cameBack || !same(stateOf(form), asSent) || Boolean(form.querySelector("input[type=file]")?.value);
  const keep = (sent = false) => {
    clearTimeout(waiting);
    if (isPopup || (asked && !sent)) return;
    if (isTouched()) put(key, JSON.stringify({ at: Date.now(), sent, state: stateOf(form) }));
    else sessionStorage.removeItem(key);
  };
  const forget = () => { sessionStorage.removeItem(key); asked = false; };

  const kept = isPopup || cameBack ? null : JSON.parse(sessionStorage.getItem(key));
  if (kept && same(kept.state, stateOf(form))) forget();
  else if (kept?.sent) {
    restore(form, kept.state);
    notice(form, say("back"), [say("discard"), () => { leaving = true; forget(); location.reload(); }]).focus();
  } else if (kept) {
    asked = true;
    const time = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    notice(form, say("unsaved", time),
      [say("restore"), () => { restore(form, kept.state); asked = false; announce(say("restored")); }],
      [say("forget"), forget]);
  }

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PATIENCE);
  };
  form.addEventListener("input", later);
  window.django?.jQuery(form).on("change", later);
  form.addEventListener("submit", () => {
    // Who logged in again in another tab has another token there.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) form.elements.csrfmiddlewaretoken.value = token;
    leaving = true;
    keep(true);
    if (!isPopup) put(SENT, key);
  });
  addEventListener("pagehide", () => { if (!leaving) keep(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && isTouched()) event.preventDefault();
  });
}

/** A full store is no reason to stop anybody from typing. */
function put(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    sessionStorage.removeItem(key);
  }
}
