// The visitor's picks, in this browser and nowhere else.
//
// A pick is {id, must, name, seen}: `must` for must-see, else it is a maybe; `name` is what the page called it where it
// was picked; `seen` is what was true of the screening then, as soon as that is known. `both` holds pairs like "12-34" of
// screenings that overlap and are both wanted all the same.
const KEY = "plan";
const MOST = 200; // Whoever picks more lets go of what was picked longest ago.
const CHANGED = "plan-changed";
const PAIR = /^[0-9]+-[0-9]+$/;

/** The plan as it is kept: of what is no plan, and of a plan with rubbish in it, all that can be read. */
function read() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(KEY));
  } catch {
    // Storage forbidden, or not written by us.
  }
  const picks = new Map(list(kept?.picks).filter(isPick).map((pick) => [pick.id, readable(pick)]));
  const isOfPicks = (pair) => PAIR.test(pair) && pair.split("-").every((id) => picks.has(Number(id)));
  return { picks: [...picks.values()].slice(-MOST), both: list(kept?.both).filter(isOfPicks) };
}

const list = (found) => (Array.isArray(found) ? found : []);
const isPick = (found) => Number.isSafeInteger(found?.id) && found.id > 0;
const areWords = (found) => typeof found === "string";

function readable({ id, must, name, seen }) {
  const isSeen = [seen?.name, seen?.when, seen?.where].every(areWords) && Date.parse(seen.starts);
  return { id, must: must === true, ...(areWords(name) && { name }), ...(isSeen && { seen }) };
}

function write(plan, isChange = true) {
  try {
    localStorage.setItem(KEY, JSON.stringify(plan));
  } catch {
    return; // Full or forbidden; whoever draws next sees that nothing was kept.
  }
  if (isChange) dispatchEvent(new Event(CHANGED));
}

/** Whether this browser lets a site keep anything, and has room for another pick. */
export function canKeep() {
  try {
    localStorage.setItem("plan-probe", "1".repeat(1000));
    localStorage.removeItem("plan-probe");
    return true;
  } catch {
    return false;
  }
}

export function picks() {
  return read().picks;
}

export function settled() {
  return read().both;
}

export function isPicked(id) {
  return read().picks.some((pick) => pick.id === id);
}

export function add(...wanted) {
  const plan = read();
  const have = new Set(plan.picks.map((pick) => pick.id));
  plan.picks = [...plan.picks, ...wanted.filter((pick) => !have.has(pick.id))].slice(-MOST);
  write(plan);
}

export function remove(...ids) {
  const plan = read();
  plan.picks = plan.picks.filter((pick) => !ids.includes(pick.id));
  write(plan);
}

/** One screening in another's stead, just as much wanted. */
export function swap(id, other) {
  const plan = read();
  const must = plan.picks.some((pick) => pick.id === id && pick.must);
  plan.picks = plan.picks.filter((pick) => pick.id !== id && pick.id !== other);
  plan.picks.push({ id: other, must });
  write(plan);
}

export function setMust(id, must) {
  const plan = read();
  for (const pick of plan.picks) if (pick.id === id) pick.must = must;
  write(plan);
}

export function settle(...pairs) {
  const plan = read();
  plan.both = [...new Set([...plan.both, ...pairs])];
  write(plan);
}

/** Remember what is true of picks: of `ids` anew, of all others only when nothing was remembered yet.
 *
 * The plan is the same afterwards, so nobody is told of a change.
 */
export function remember(truths, ids = []) {
  const plan = read();
  let isNew = false;
  for (const pick of plan.picks) {
    if (!truths[pick.id] || (pick.seen && !ids.includes(pick.id))) continue;
    pick.seen = truths[pick.id];
    isNew = true;
  }
  if (isNew) write(plan, false);
}

/** Does `act`, and returns what undoes it, and only it: what was picked meanwhile, here or in another tab, stays. */
export function undoable(act) {
  const before = read();
  act();
  const after = read();
  return () => {
    const had = (plan, id) => plan.picks.some((pick) => pick.id === id);
    const plan = read();
    plan.picks = [
      ...plan.picks.filter(({ id }) => had(before, id) || !had(after, id)),
      ...before.picks.filter(({ id }) => !had(after, id) && !had(plan, id)),
    ];
    const isOld = (pair) => before.both.includes(pair) || !after.both.includes(pair);
    plan.both = [...new Set([...plan.both.filter(isOld), ...before.both])];
    write(plan);
  };
}

/** Call `then` whenever the plan changes, here or in another tab, or may have while this page lay behind another. */
export function onChange(then) {
  addEventListener(CHANGED, then);
  addEventListener("storage", (event) => (event.key === KEY || event.key === null) && then());
  addEventListener("pageshow", (event) => event.persisted && then());
}
