// The ticket board beyond plain forms: one press without a reload, what others change within a second or two,
// finding by typing, keys. Whatever it cannot do it says aloud, and never keeps a press to itself.
import { words, say } from "./words.js";
import { keys } from "./keys.js";
import { keepTime, place, recount, tick, turned } from "./rows.js";

const VISIBLE = 1000; // Milliseconds between two questions; slower while nobody looks.
const HIDDEN = 10_000;
const TOO_OLD = 15_000; // From this age on the board says that it is old.
const WHOLE = 300_000; // How often everything is asked for anew, whatever was heard,
const WHOLE_OF_SOME = 60_000; // and where time alone may bring rows in that were not here.
const PATIENCE = 8000; // An answer that takes longer is none.

const form = document.getElementById("press");
const line = document.querySelector("[data-live]");
const alarm = document.querySelector("[data-alarm]");
const asOf = document.querySelector("[data-as-of]");
let revision = Number(line.dataset.revision);
let wholeAt = nextWhole();
let tag = `"${revision}"`;
let heardAt = Date.now();
let paused = false;
let stopped = false; // The session has ended, or the account may not look any more.
let timer;
const waiting = new Map(); // The rows whose press is not answered yet, with the key of what was pressed meanwhile.

/** Not the same moment for all boards. */
function nextWhole() {
  const every = /[?&](next|state)=[^&]/.test(location.search) ? WHOLE_OF_SOME : WHOLE;
  return Date.now() + every * (0.8 + 0.4 * Math.random());
}

const clock = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" }).format(moment);

function sound(sentence, link) {
  if (alarm.dataset.sounds === sentence) return;
  alarm.dataset.sounds = sentence;
  alarm.textContent = sentence;
  if (link) {
    const way = document.createElement("a");
    Object.assign(way, { href: link, textContent: words.login });
    alarm.append(" ", way);
  }
  alarm.hidden = false;
}

function hush() {
  delete alarm.dataset.sounds;
  alarm.hidden = true;
}

function heard() {
  heardAt = Date.now();
  asOf.textContent = clock(heardAt);
  line.dataset.state = "";
  hush();
}

function loginHere() {
  return `${line.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
}

/** No answer, or one that says no: the board says so until it has heard better. */
function lost(response) {
  line.dataset.state = "lost";
  if (response?.status === 401) {
    stopped = true;
    sound(say("ended", { time: clock(heardAt) }), loginHere());
  } else if (response?.status === 403) {
    stopped = true;
    sound(words.refused);
  } else {
    sound(say("lost", { time: clock(heardAt) }));
  }
}

async function ask() {
  const everything = Date.now() >= wholeAt;
  const others = turned().join();
  const address = `${line.dataset.address}&since=${everything ? -1 : revision}&turned=${others}`;
  const headers = { Accept: "application/json" };
  if (!everything && !others) headers["If-None-Match"] = tag;
  const response = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  keepTime(response);
  if (response.status === 304) return heard();
  if (!response.ok) return lost(response);
  const answer = await response.json();
  revision = answer.revision;
  tag = response.headers.get("ETag");
  place(answer, { tell: true });
  if (answer.all) wholeAt = nextWhole();
  heard();
}

async function look() {
  clearTimeout(timer);
  if (!paused && !stopped) {
    try {
      await ask();
    } catch {
      lost();
    }
  }
  if (!stopped) timer = setTimeout(look, document.hidden ? HIDDEN : VISIBLE);
}

/** A press: saved, or said at its row why not, with the way to try again. */
async function press(button) {
  const { id } = button.closest(".row");
  // Whoever corrects a slip has not seen the row that the slip will be answered with: that row is pressed.
  if (waiting.has(id)) return waiting.set(id, button.dataset.key);
  waiting.set(id, null);
  document.getElementById(id).dataset.busy = "";
  const isSaved = await send(button, id);
  delete document.getElementById(id)?.dataset.busy;
  const key = waiting.get(id);
  waiting.delete(id);
  if (isSaved && key) document.querySelector(`#${id} [data-key="${key}"]`)?.click();
}

async function send(button, id) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, button),
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 401 || response.status === 403) {
      const said = response.headers.get("Content-Type")?.includes("json") ? (await response.json()).sentence : "";
      retry(id, button, said || words.notSaved);
      if (response.status === 401) sound(say("ended", { time: clock(heardAt) }), loginHere());
      return false;
    }
    const answer = await response.json();
    place(answer, { focus: button.dataset.key });
    const saved = document.querySelector(`#${id} .saved .vh`);
    document.querySelector("[data-said]").textContent = answer.sentence || saved?.textContent || "";
    return response.ok;
  } catch (error) {
    retry(id, button, error.name === "TimeoutError" ? words.notAnswered : words.notSaved);
    return false;
  }
}

/** The token as the cookie now has it: a login in another window changes it. */
function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
}

function retry(id, button, sentence) {
  const row = document.getElementById(id);
  if (!row) return sound(sentence);
  row.querySelector(".msg")?.remove();
  const message = document.createElement("p");
  message.className = "msg";
  message.dataset.kind = "stop";
  message.setAttribute("role", "alert");
  message.textContent = `${sentence} `;
  const again = document.createElement("button");
  again.className = "undo";
  again.setAttribute("form", "press");
  Object.assign(again, { name: button.name, value: button.value });
  const word = button.dataset.word ?? wordOf(button);
  again.dataset.word = word;
  again.textContent = say("again", { word });
  message.append(again);
  row.append(message);
  again.focus();
}

const wordOf = (button) =>
  [...button.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();

document.addEventListener("submit", (event) => {
  if (event.target !== form || !event.submitter) return;
  event.preventDefault();
  press(event.submitter);
});

document.addEventListener("visibilitychange", () => document.hidden || look());
addEventListener("online", look);
addEventListener("offline", () => lost());

const pause = document.querySelector("[data-reload]");
const button = document.createElement("button");
Object.assign(button, { type: "button", className: "tool", textContent: words.pause });
button.addEventListener("click", () => {
  paused = !paused;
  button.textContent = paused ? words.goOn : words.pause;
  if (paused) sound(say("paused", { time: clock(heardAt) }));
  else look();
});
pause.replaceWith(button);
asOf.previousSibling.data = `${words.upToDate} `;
asOf.textContent = clock(heardAt);

setInterval(() => {
  tick();
  const age = Date.now() - heardAt;
  if (age > TOO_OLD && !stopped && !paused) {
    line.dataset.state = "lost";
    sound(say("stale", { age: `${Math.round(age / 1000)} s` }));
  }
}, 1000);

const find = document.querySelector("[data-find-in-rows]");
find.addEventListener("input", () => recount(find.value));
find.form.addEventListener("change", (event) => event.target.matches("select, [type=checkbox]") && find.form.submit());
if (find.value) recount(find.value);

keys({ press, find });
timer = setTimeout(look, VISIBLE);
