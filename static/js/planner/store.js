// The visitor's picks, in this browser and nowhere else.
//
// A pick is {id, must, seen}: `must` for must-see, else it is a maybe; `seen` is what was true of the screening
// when it was picked, as soon as that is known. `both` holds pairs like "12-34" of screenings that overlap and
// are both wanted all the same.
const KEY = "plan";
const MOST = 200;
const CHANGED = "plan-changed";

function read() {
  try {
    const plan = JSON.parse(localStorage.getItem(KEY));
    return {
      picks: plan.picks.filter((pick) => Number.isSafeInteger(pick.id) && pick.id > 0),
      both: plan.both.filter((pair) => typeof pair === "string"),
    };
  } catch {
    return { picks: [], both: [] }; // Nothing kept yet, storage forbidden, or not written by us.
  }
}

function write(plan, isChange = true) {
  try {
    localStorage.setItem(KEY, JSON.stringify(plan));
  } catch {
    return; // Full or forbidden; whoever draws next sees that nothing was kept.
  }
  if (isChange) dispatchEvent(new Event(CHANGED));
}

/** Whether this browser lets a site keep anything. */
export function canKeep() {
  try {
    localStorage.setItem("plan-probe", "1");
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
  plan.picks = [...plan.picks, ...wanted.filter((pick) => !have.has(pick.id))].slice(0, MOST);
  write(plan);
}

export function remove(...ids) {
  const plan = read();
  plan.picks = plan.picks.filter((pick) => !ids.includes(pick.id));
  plan.both = plan.both.filter((pair) => !pair.split("-").some((id) => ids.includes(Number(id))));
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

/** The whole plan as it is, to put it back later. */
export function snapshot() {
  const plan = read();
  return () => write(plan);
}

/** Call `then` whenever the plan changes, here or in another tab. */
export function onChange(then) {
  addEventListener(CHANGED, then);
  addEventListener("storage", (event) => event.key === KEY && then());
}
