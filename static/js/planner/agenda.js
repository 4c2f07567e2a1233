// The picks by day, with the way from each to the next: what the answer says, drawn.
import { button, draw, setIcon, status } from "./draw.js";
import { changeSince } from "./truth.js";

const MOST_WAYS_OUT = 2; // of each film in a clash, where all of it has to fit on a phone
const LEG_ICONS = { tight: "warn", clash: "warn", travel: "walk", free: "pin", "same-venue": "pin" };

/** The nodes of an agenda. `plan` is {answer, picks, isOwn, isOld}; others' plans have no controls. */
export function agenda(plan) {
  const wanted = new Set(plan.picks.map((pick) => pick.id));
  const days = plan.answer.days
    .map((day) => ({ ...day, ids: day.ids.filter((id) => wanted.has(id)) }))
    .filter((day) => day.ids.length);
  const drawn = (isOver) => days.filter((day) => day.is_over === isOver).map((day) => drawDay(day, plan));
  return [...drawn(false), ...drawUnknown(plan), ...drawGone(plan), ...drawOver(drawn(true), days, plan)];
}

/** The days that are over, and a way to be rid of them. */
function drawOver(drawn, days, plan) {
  if (!drawn.length) return [];
  const ids = days.filter((day) => day.is_over).flatMap((day) => day.ids);
  return [draw("over", { days: drawn, forget: plan.isOwn && button("forget", ids.join(",")) })];
}

/** What was picked since an old answer came stands as it is remembered. A new answer is on its way anyhow. */
function drawUnknown({ answer, picks, isOld }) {
  const isKnown = ({ id }) => id in answer.screenings || answer.gone.includes(id);
  const unknown = picks.filter((pick) => !isKnown(pick));
  return isOld && unknown.length ? remembered(unknown) : [];
}

/** What is remembered of the picks in order of time, for when nothing can be asked. */
export function remembered(picks) {
  const startOf = (pick) => (pick.seen ? Date.parse(pick.seen.starts) : Infinity);
  const items = picks.toSorted((one, other) => startOf(one) - startOf(other)).map((pick) =>
    draw("remembered", {
      name: nameOf(pick),
      when: pick.seen?.when,
      where: pick.seen?.where,
    }),
  );
  return [draw("day", { words: draw("remembered-heading"), items })];
}

const nameOf = (pick) => pick.seen?.name ?? pick.name ?? draw("unnamed");

function drawDay(day, plan) {
  const items = blocksOf(day, plan.answer.legs).flatMap((block) =>
    block.clashes.length ? [drawClash(block, plan)] : [...legBefore(block.ids[0], plan), ...drawPick(block.ids[0], plan)],
  );
  // An answer of yesterday would call yesterday today.
  return draw("day", { words: (!plan.isOld && day.today) || day.words, items });
}

/** The day's picks one by one; those that clash, and all between them, together. */
function blocksOf(day, legs) {
  const blocks = [];
  for (const id of day.ids) {
    const clash = legs.find((leg) => leg.after === id && leg.kind === "clash" && !leg.settled);
    const first = clash ? blocks.findIndex((block) => block.ids.includes(clash.before)) : -1;
    if (first < 0) blocks.push({ ids: [id], clashes: [] });
    else {
      const joined = blocks.splice(first);
      blocks.push({
        ids: [...joined.flatMap((block) => block.ids), id],
        clashes: [...joined.flatMap((block) => block.clashes), clash],
      });
    }
  }
  return blocks;
}

function legBefore(id, plan) {
  const leg = plan.answer.legs.find((leg) => leg.after === id);
  if (!leg || !plan.picks.some((pick) => pick.id === leg.before)) return [];
  const isTrouble = leg.kind === "tight" || leg.kind === "clash";
  const drawn = draw("leg", {
    trouble: isTrouble && leg.words,
    words: !isTrouble && leg.words,
    detail: leg.detail,
    others: leg.kind === "tight" && others(id, plan),
  });
  drawn.dataset.kind = leg.kind;
  return [setIcon(drawn, LEG_ICONS[leg.kind])];
}

function drawClash(block, plan) {
  const { screenings } = plan.answer;
  const pairs = block.clashes.map((leg) => `${leg.before}-${leg.after}`);
  const keep = block.ids
    .filter((id) => screenings[id].clashes.length)
    .map((id) => button("keep", id, { name: screenings[id].name }));
  return draw("clash", {
    notes: block.clashes.map((leg) => draw("note", { words: leg.words, detail: leg.detail })),
    picks: block.ids.flatMap((id) => drawPick(id, plan, false)),
    others: block.ids.map((id) => others(id, plan, (offered) => offered.filter(isWayOut).slice(0, MOST_WAYS_OUT))),
    choices: plan.isOwn && [...keep, button(pairs.length > 1 ? "all" : "both", pairs.join(","))],
  });
}

function drawPick(id, plan, offersOthers = true) {
  const now = plan.answer.screenings[id];
  const pick = plan.picks.find((pick) => pick.id === id);
  const { name, time } = now;
  const wish = pick.must ? "must" : "maybe";
  const drawn = draw("pick", {
    time,
    until: now.until,
    still: now.picture && image(now),
    films: now.films.flatMap((film, index) => [...(index ? [" + "] : []), filmLink(film)]),
    title: now.title,
    where: now.where,
    age: now.age,
    statuses: now.statuses.map(status),
    ticket: now.ticket && ticket(now),
    say: now.say,
    wish: plan.isOwn ? [button(wish, id, { name }), draw(`wish-${wish}`)] : draw(`wish-${wish}`),
    drop: plan.isOwn && button("drop", id, { name, time }),
  });
  if (now.grade !== null) drawn.dataset.grade = now.grade;
  drawn.dataset.wish = wish;
  drawn.querySelector("h3").dataset.len = now.width;
  drawn.querySelector("time").dateTime = now.starts;
  drawn.toggleAttribute("data-off", now.is_off);
  return [drawn, ...since(pick, now, plan, offersOthers)];
}

/** What happened to a pick since it was picked, and other times where it cannot be gone to as it is. */
function since(pick, now, plan, offersOthers) {
  const change = plan.isOwn ? changeSince(pick.seen, now) : "";
  const isLost = ["cancelled", "postponed"].includes(now.occurrence) || now.sales === "sold_out";
  const other = offersOthers && (change || isLost) && others(now.id, plan);
  if (!change && !other) return [];
  const drawn = draw("since", {
    change: change && draw(`since-${change}`, { was: `${pick.seen.when}, ${pick.seen.where}` }),
    others: other,
    noted: change && button("noted", now.id, { name: now.name }),
  });
  return [setIcon(drawn, change === "moved" || change === "postponed" ? "st-moved" : "warn")];
}

const isWayOut = (other) => other.fits && !other.statuses.some(({ tone }) => tone === "sold");

function others(id, plan, choose = (offered) => offered) {
  const { name, alternatives } = plan.answer.screenings[id];
  const offered = choose(alternatives);
  if (!plan.isOwn || !offered.length) return false;
  const times = offered.map((other) =>
    button("other", `${id}-${other.id}`, {
      name,
      when: other.when,
      where: other.where,
      statuses: other.statuses.map(status),
      unfit: !other.fits,
    }),
  );
  return draw("others", { name, times });
}

function drawGone({ answer, picks, isOwn }) {
  const items = picks
    .filter((pick) => answer.gone.includes(pick.id))
    .map((pick) => {
      const name = nameOf(pick);
      const drop = isOwn && button("drop", pick.id, { name: nameOf(pick) });
      return draw("gone", { name, when: pick.seen && `${pick.seen.when}, ${pick.seen.where}`, drop });
    });
  return items.length ? [draw("day", { words: draw("gone-heading"), items })] : [];
}

function ticket(now) {
  const drawn = draw("ticket", { words: now.ticket.words, name: now.name });
  drawn.href = now.ticket.url;
  return drawn;
}

function filmLink(film) {
  const drawn = draw("film", { title: film.title });
  drawn.href = film.url;
  drawn.lang = film.language;
  return drawn;
}

function image(now) {
  const drawn = new Image(480, 270);
  drawn.src = now.picture;
  drawn.alt = "";
  return drawn;
}
