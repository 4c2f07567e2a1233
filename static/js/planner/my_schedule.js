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
let answer = null;
let asked = 0;
let isUnanswered = false;
let putBack = () => {};

const shared = () => picksIn(location.hash);
const shown = () => shared() ?? store.picks();
const ids = () => shown().map((pick) => pick.id);

function say(name, slots = {}, undo = null) {
  part("said").replaceChildren(draw(`said-${name}`, slots));
  part("undo").hidden = !undo;
  putBack = undo ?? putBack;
}

/** Draws what is known. Picks made since the last answer stand in the next drawing. */
function show() {
  const isOwn = !shared();
  const picks = shown();
  part("shared").hidden = isOwn;
  part("forbidden").hidden = store.canKeep();
  part("empty").hidden = picks.length > 0;
  part("elsewhere").hidden = picks.length === 0;
  part("unreachable").hidden = !isUnanswered || picks.length === 0;
  part("lead").hidden = !answer || picks.length === 0;
  if (answer) {
    part("lead").textContent = `${answer.summary} ${answer.trouble}`;
    part("stood").textContent = moment.format(Date.parse(answer.asked_at));
  }
  if (answer || isUnanswered || !picks.length) redraw(part("agenda"), contents(picks, isOwn));
  if (picks.length) offer(picks);
}

function contents(picks, isOwn) {
  if (!picks.length) return [];
  return answer ? agenda({ answer, picks, isOwn }) : remembered(picks);
}

/** The ways to take the plan elsewhere. */
function offer(picks) {
  const path = page.dataset.calendar.replace("/0.ics", `/${picks.map((pick) => pick.id).join(",")}.ics`);
  part("subscribe").href = `webcal://${location.host}${path}`;
  part("download").href = path;
  part("address").value = `${location.origin}${location.pathname}${fragmentOf(picks)}`;
}

/** Asks anew and draws the answer, unless a later question was asked meanwhile. */
async function refresh() {
  const isOwn = !shared();
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
    showAge(found.keptAt);
    if (isOwn && !found.keptAt) {
      store.remember(memorables(answer));
      keep(answer);
    }
  }
  show();
}

function change(act, name, slots) {
  const undo = store.snapshot();
  act();
  say(name, slots, undo);
  part("undo").focus();
}

const nameOf = (id) => answer?.screenings[id]?.name ?? store.picks().find((pick) => pick.id === id)?.seen?.name ?? "";

onPress(page, {
  must: (value) => store.setMust(Number(value), !store.picks().find((pick) => pick.id === Number(value)).must),
  drop: (value) => change(() => store.remove(Number(value)), "removed", { name: nameOf(Number(value)) }),
  keep: (value) => {
    const losers = answer.screenings[value].clashes.filter((id) => store.isPicked(id));
    change(() => store.remove(...losers), "removed", { name: losers.map(nameOf).join(", ") });
  },
  both: (value) => {
    const pairs = value.split(",");
    change(() => store.settle(...pairs), pairs.length > 1 ? "all" : "both");
  },
  swap: (value) => {
    const [id, other] = value.split("-").map(Number);
    change(() => store.swap(id, other), "swapped", { name: nameOf(id) });
  },
  noted: (value) => {
    store.remember(memorables(answer), [Number(value)]);
    show();
    page.querySelector("h1").focus();
  },
  undo: () => {
    putBack();
    say("undone");
    page.querySelector("h1").focus();
  },
  "keep-shared": () => {
    store.add(...shared());
    say("kept");
    location.hash = "";
    page.querySelector("h1").focus();
  },
  "leave-shared": () => {
    location.hash = "";
    page.querySelector("h1").focus();
  },
  again: refresh,
  print: () => print(),
  copy: async () => {
    part("address").select();
    await navigator.clipboard?.writeText(part("address").value);
    say("copied");
  },
});

store.onChange(() => {
  show();
  refresh();
});
addEventListener("hashchange", () => {
  answer = null;
  refresh();
});
addEventListener("online", refresh);
refresh();
// While a slow network makes one wait, what was remembered of the picks is better than nothing.
setTimeout(() => {
  if (!answer && !isUnanswered && !shared()) redraw(part("agenda"), remembered(store.picks()));
}, PATIENCE);
