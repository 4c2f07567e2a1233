// The rows of the board: put where they belong as they come, counted, searched, and their waits kept true.
import { say } from "./words.js";

const MINUTE = 60_000;
const groups = document.querySelector("[data-groups]");
const said = document.querySelector("[data-said]");
const sources = new WeakMap(); // The HTML that a row was made of.
let sought = "";
let ahead = 0; // Milliseconds by which the server's clock is ahead of this one.

export function keepTime(response) {
  const date = Date.parse(response.headers.get("Date"));
  if (date) ahead = date - Date.now();
}

const now = () => Date.now() + ahead;

/** The rows that time alone has made read otherwise, or stand elsewhere, by the server's clock. */
export function turned() {
  return rowsNow().filter(({ dataset }) => dataset.turns && Date.parse(dataset.turns) + 1000 <= now()).map((row) => row.dataset.id);
}

const rowsNow = () => [...groups.querySelectorAll(".row")];

/** Puts rows as the server sends them in place of those that are here; `focus` is the key of the control to keep. */
export function place(answer, { tell = false, focus } = {}) {
  for (const id of answer.gone ?? []) document.getElementById(`b${id}`)?.remove();
  const sent = answer.rows ?? {};
  if (answer.all) for (const row of rowsNow()) if (!(row.dataset.id in sent)) row.remove();
  for (const [id, html] of Object.entries(sent)) replace(id, html, tell, focus);
  order();
  recount(sought);
  tick();
}

function replace(id, html, tell, focus) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.firstElementChild;
  const old = document.getElementById(`b${id}`);
  if (old) {
    if (sources.get(old) === html) return;
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const key = focus ?? held?.dataset.key;
    if (old.dataset.group === row.dataset.group) old.replaceWith(row);
    else old.remove();
    if (old.dataset.group !== row.dataset.group) listOf(row).append(row);
    if (held) (row.querySelector(`[data-key="${key}"]`) ?? row).focus({ preventScroll: true });
    if (tell && old.dataset.state !== row.dataset.state) announce(row);
  } else {
    listOf(row).append(row);
  }
  sources.set(row, html);
  // What was not saved stays said until somebody has dealt with it, or it stands there all the same.
  const stop = tell ? old?.querySelector('.msg[data-kind="stop"]') : null;
  const isSo = stop?.querySelector("button")?.value.endsWith(`.${row.dataset.state}`);
  if (stop && !isSo && !row.querySelector(".msg")) row.append(stop);
  if (tell && reads(row) !== (old && reads(old))) row.dataset.fresh = "";
}

/** What of a row somebody may have changed; the rest turns with the clock. */
const reads = (row) => [".what", ".also", ".by"].map((name) => row.querySelector(name)?.textContent).join() + row.dataset.state;

const listOf = (row) => groups.querySelector(`[data-part="${row.dataset.group}"] .rows`);

/** Rows stand by their start. */
function order() {
  for (const part of groups.querySelectorAll("[data-part]")) {
    const list = part.querySelector(".rows");
    const rows = [...list.children];
    const sorted = [...rows].sort((a, b) => Date.parse(a.dataset.starts) - Date.parse(b.dataset.starts));
    if (sorted.some((row, number) => row !== rows[number])) {
      const held = document.activeElement;
      list.append(...sorted);
      if (list.contains(held)) held.focus({ preventScroll: true });
    }
  }
}

function announce(row) {
  const text = (name) => row.querySelector(name)?.textContent.trim() ?? "";
  said.textContent = say("setBy", { title: text(".what b"), state: text(".by span"), who: text(".by b") });
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Shows the rows with these words in them, and counts how those to come stand. */
export function recount(search) {
  sought = search;
  const needle = fold(search.trim());
  const found = {};
  for (const row of rowsNow()) {
    row.hidden = needle !== "" && !row.dataset.find.includes(needle) && !fold(row.dataset.find).includes(needle);
    if (Date.parse(row.dataset.starts) > now()) found[row.dataset.state] = (found[row.dataset.state] ?? 0) + 1;
  }
  for (const part of groups.querySelectorAll("[data-part]")) part.hidden = !part.querySelector(".row:not([hidden])");
  groups.querySelector("[data-none]").hidden = Boolean(groups.querySelector(".row:not([hidden])"));
  if (needle || location.search.match(/[?&](venue|room|state|next|q)=[^&]/)) return;
  for (const count of document.querySelectorAll("[data-count]")) count.textContent = found[count.dataset.count] ?? 0;
}

/** Once a second: how long it is to each start, and which offer to undo has run out. */
export function tick() {
  for (const row of rowsNow()) {
    const minutes = Math.ceil((Date.parse(row.dataset.starts) - now()) / MINUTE);
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    const words = hours ? say("inHours", { hours, minutes: rest }) : say("inMinutes", { minutes });
    const wait = row.querySelector("[data-wait]");
    const wanted = minutes > 0 && minutes <= 180 ? words : "";
    if (wait.textContent !== wanted) wait.textContent = wanted;
  }
  for (const message of groups.querySelectorAll("[data-until]")) {
    if (Date.parse(message.dataset.until) <= now()) message.remove();
  }
}
