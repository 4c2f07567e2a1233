// A plan in an address: #p=12,34*,56, a star after must-sees. What follows # is never sent to any server.
const PLAN = /^#p=([0-9*,]+)$/;

export function fragmentOf(picks) {
  return `#p=${picks.map((pick) => `${pick.id}${pick.must ? "*" : ""}`).join(",")}`;
}

/** Some programmes that pass addresses on escape the commas and stars in them. */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return "";
  }
}

/** The picks that an address carries, or null when it carries none. */
export function picksIn(fragment) {
  const found = PLAN.exec(decoded(fragment));
  if (!found) return null;
  const parts = found[1].split(",").filter((part) => /^[0-9]{1,15}\*?$/.test(part));
  return parts.map((part) => ({ id: Number.parseInt(part, 10), must: part.endsWith("*") }));
}
