// A plan in an address: #p=12,34m,56, an m after must-sees. What follows # is never sent to any server.
//
// It holds letters, numbers and commas alone, and never ends with a comma: what passes addresses on in a message takes a
// last star or stop for the message's own. What such a programme adds after it is passed over. In addresses that were
// shared before, a star stands for the m.
const PLAN = /^#p=([0-9m*,]+)/;
const MOST = 200;

export function fragmentOf(picks) {
  return `#p=${picks.map((pick) => `${pick.id}${pick.must ? "m" : ""}`).join(",")}`;
}

/** Some programmes that pass addresses on escape the commas in them. */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return "";
  }
}

/** The picks that an address carries, each once, or null when it carries none. */
export function picksIn(fragment) {
  const found = PLAN.exec(decoded(fragment));
  const parts = (found?.[1] ?? "").split(",").filter((part) => /^[1-9][0-9]{0,14}[m*]?$/.test(part));
  const picks = new Map(parts.map((part) => [Number.parseInt(part, 10), /[m*]$/.test(part)]));
  return picks.size ? [...picks].slice(0, MOST).map(([id, must]) => ({ id, must })) : null;
}
