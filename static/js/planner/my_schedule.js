// My schedule: reads the picks, asks what holds of them now, and draws the plan.
import { agenda, remembered } from "./agenda.js";
import { draw, onPress, redraw } from "./draw.js";
import { showAge } from "./kept.js";
import { keep } from "./offline.js";
import { fragmentOf, picksIn } from "./share.js";
import * as store from "./store.js";
import { ask, memorables } from "./truth.js";

const page = document.querySelector("[data-plan]");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
part("no-script").hidden = true;
const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
const PATIENCE = 600; // milliseconds
const STALE = 60_000; // milliseconds
const SAID_FOR = 8000; // milliseconds
const UNDONE_FOR = 40_000; // milliseconds
let answer = null;
let answeredAt = 0;
let asked = 0;
let isUnanswered = false;
let isKept = false;
let putBack = () => {};
let hush = 0;

let shared = picksIn(location.hash);
const shown = () => shared ?? store.picks();
const ids = () => shown().map((pick) => pick.id);

/** Says what a press has done, for a while; what can be undone for longer, and as long as the keyboard is there. */
function say(name, slots = {}, undo = null) {
  part("said").replaceChildren(draw(`said-${name}`, slots));
  part("undo").hidden = !undo;
  putBack = undo ?? putBack;
  clearTimeout(hush);
  hush = setTimeout(quiet, undo ? UNDONE_FOR : SAID_FOR);
}

function quiet() {
  if (part("undo").matches(":focus-visible")) return;
  part("said").replaceChildren();
  part("undo").hidden = true;
}

/** Draws what is known. Picks made since the last answer stand in the next drawing. */
function show() {
  const isOwn = !shared;
  const picks = shown();
  part("shared").hidden = isOwn;
  part("forbidden").hidden = store.canKeep();
  part("empty").hidden = picks.length > 0;
  part("elsewhere").hidden = part("jump").hidden = picks.length === 0;
  part("unreachable").hidden = !isUnanswered || picks.length === 0;
  // An old answer counts what was to come then, and what was picked then.
  part("lead").hidden = !answer || isOld() || picks.length === 0;
  if (answer) {
    part("lead").textContent = `${answer.summary} ${answer.trouble}`;
    part("stood").textContent = moment.format(Date.parse(answer.asked_at));
  }
  if (answer || isUnanswered || !picks.length) redraw(part("agenda"), contents(picks, isOwn));
  if (picks.length) offer(picks);
}

const isOld = () => isKept || isUnanswered;

function contents(picks, isOwn) {
  if (!picks.length) return [];
  return answer ? agenda({ answer, picks, isOwn, isOld: isOld() }) : remembered(picks);
}

/** The ways to take the plan elsewhere. */
function offer(picks) {
  const path = page.dataset.calendar.replace("/0.ics", `/${picks.map((pick) => pick.id).join(",")}.ics`);
  part("subscribe").href = `webcal://${location.host}${path}`;
  part("calendar").value = `${location.origin}${path}`;
  part("download").href = path;
  part("address").value = `${location.origin}${location.pathname}${fragmentOf(picks)}`;
}

/** Asks anew and draws the answer, unless a later question was asked meanwhile. */
async function refresh() {
  const isOwn = !shared;
  const question = ++asked;
  let found = null;
  try {
    found = await ask(ids(), isOwn ? store.settled() : [], isOwn);
  } catch {
    // Then the plan stays as it was last drawn, or is what was remembered when it was picked.
  }
  if (question !== asked) return;
  isUnanswered = !found;
  if (found) {
    answer = found.answer;
    answeredAt = Date.now();
    isKept = Boolean(found.keptAt);
    showAge(found.keptAt);
    if (isOwn && !found.keptAt) {
      store.remember(memorables(answer));
      keep(answer).catch(() => {}); // Some browsers allow no service worker, at least not in private.
    }
  }
  show();
}

/** Does what a press asks for; to undo it leads back to where it was pressed. */
function change(pressed, act, name, slots) {
  const before = answer;
  const undo = store.undoable(act);
  say(name, slots, () => {
    answer = before; // Which still knows what was removed.
    undo();
    focusOn(pressed.dataset);
  });
  part("undo").focus({ preventScroll: true }); // It is in sight wherever the page stands.
}

function focusOn({ do: act, value }) {
  const control = page.querySelector(`[data-do="${act}"][data-value="${value}"]`) ?? page.querySelector("h1");
  control.closest("details")?.setAttribute("open", "");
  control.focus();
}

const nameOf = (id) => answer?.screenings[id]?.name ?? store.picks().find((pick) => pick.id === id)?.seen?.name ?? "";

function showOwn() {
  location.hash = "";
  page.querySelector("h1").focus();
}

/** Copies what a field holds. Pages not sent over TLS have no clipboard, but what is selected can still be copied. */
async function copy(field) {
  field.select();
  const isCopied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
  if (isCopied || document.execCommand("copy")) say("copied");
}

onPress(page, {
  must: (value) => store.setMust(Number(value), !store.picks().find((pick) => pick.id === Number(value)).must),
  drop: (value, at) => change(at, () => store.remove(Number(value)), "removed", { name: nameOf(Number(value)) }),
  keep: (value, at) => {
    const losers = answer.screenings[value].clashes.filter((id) => store.isPicked(id));
    change(at, () => store.remove(...losers), "removed", { name: losers.map(nameOf).join(", ") });
  },
  both: (value, at) => {
    const pairs = value.split(",");
    change(at, () => store.settle(...pairs), pairs.length > 1 ? "all" : "both");
  },
  swap: (value, at) => {
    const [id, other] = value.split("-").map(Number);
    change(at, () => store.swap(id, other), "swapped", { name: nameOf(id) });
  },
  forget: (value, at) => change(at, () => store.remove(...value.split(",").map(Number)), "forgotten"),
  noted: (value) => {
    store.remember(memorables(answer), [Number(value)]);
    show();
    focusOn({ do: "must", value });
  },
  undo: () => {
    putBack();
    say("undone");
  },
  "keep-shared": () => {
    const wanted = shared;
    const undo = store.undoable(() => store.add(...wanted));
    if (wanted.every((pick) => store.isPicked(pick.id))) say("kept", {}, undo);
    showOwn();
  },
  "leave-shared": showOwn,
  jump: () => part("subscribe").focus(),
  again: refresh,
  print: () => print(),
  copy: (name) => copy(part(name)),
});

store.onChange(() => {
  show();
  refresh();
});
addEventListener("hashchange", () => {
  const found = picksIn(location.hash);
  if (!found && location.hash) return; // Somebody skipped to the content.
  shared = found;
  answer = null;
  refresh();
});
addEventListener("online", refresh);
// A phone shows a page again that it was left on yesterday.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - answeredAt > STALE) refresh();
});
refresh();
// While a slow network makes one wait, what was remembered of the picks is better than nothing.
setTimeout(() => {
  if (!answer && !isUnanswered && !shared) redraw(part("agenda"), remembered(store.picks()));
}, PATIENCE);
