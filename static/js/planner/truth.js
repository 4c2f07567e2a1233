// What holds now of some screenings. The festival is asked for screenings, never told whose they are.
const link = document.querySelector("[data-my-schedule]");

function address(ids, both) {
  const query = [`ids=${ids.join(",")}`, both.length ? `both=${both.join(",")}` : ""];
  return `${link.dataset.truth}?${query.filter(Boolean).join("&")}`;
}

/** {answer, keptAt}: `keptAt` is an instant when the answer is one kept for reading offline. Throws when none is had. */
export async function ask(ids, both = [], isOwn = true) {
  // Only the own plan's answer is worth keeping; the service worker goes by this.
  const response = await fetch(address(ids, both), { cache: isOwn ? "no-cache" : "no-store" });
  if (!response.ok) throw new Error(`The festival answered ${response.status}`);
  return { answer: await response.json(), keptAt: response.headers.get("X-Kept-At") };
}

/** What the plan remembers of a screening, to tell later what has changed. */
export function memorable(screening) {
  const { name, when, where, starts, room, occurrence, sales } = screening;
  return { name, when, where, starts, room, occurrence, sales };
}

export function memorables(answer) {
  return Object.fromEntries(Object.entries(answer.screenings).map(([id, now]) => [id, memorable(now)]));
}

/** What happened to a screening since it was picked: "cancelled", "postponed", "moved", "sold" or "". */
export function changeSince(seen, now) {
  if (!seen || Date.parse(now.ends) <= Date.now()) return "";
  if (now.occurrence !== seen.occurrence && ["cancelled", "postponed"].includes(now.occurrence)) return now.occurrence;
  if (Date.parse(now.starts) !== Date.parse(seen.starts) || now.room !== seen.room) return "moved";
  return now.sales === "sold_out" && seen.sales !== "sold_out" && !now.is_off ? "sold" : "";
}
