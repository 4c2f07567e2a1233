/* Rows in an order: moved by their grip, by two buttons, or by the arrow keys on these.
   Without this script the order is the number in each row. */

import { announce, element, say } from "./words.js";

const ROW = ".form-row:is(tr):not(.empty-form), .inline-related:not(.tabular, .empty-form)";

const inputOf = (row) => row.querySelector(".row-order");
const rowsOf = (group) => [...group.querySelectorAll(ROW)].filter(inputOf);

/** What a row is about: its first words. */
export function nameOf(row) {
  const chosen = [...row.querySelectorAll("select")].map((select) => select.selectedOptions[0])
    .filter((option) => option?.value).map((option) => option.textContent.trim());
  const typed = [...row.querySelectorAll("input[type=text], textarea")].map((field) => field.value.trim());
  return [chosen.join(", "), ...typed].find(Boolean)?.slice(0, 60) || say("row");
}

function number(group) {
  rowsOf(group).forEach((row, place) => { inputOf(row).value = place; });
  group.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A row and what belongs above it: the errors of a row of a table stand in a row of their own. */
function withErrors(row) {
  const above = row.previousElementSibling;
  return above?.matches(".row-form-errors") ? [above, row] : [row];
}

function moved(group, row) {
  number(group);
  const rows = rowsOf(group);
  announce(say("moved", nameOf(row), rows.indexOf(row) + 1, rows.length));
}

/** Its neighbour is what moves, so that the row keeps the focus. */
function step(row, by) {
  const group = row.closest(".inline-group"), rows = rowsOf(group);
  const other = rows[rows.indexOf(row) + by];
  if (!other) return announce(say("stays", nameOf(row)));
  if (by < 0) row.after(...withErrors(other));
  else withErrors(row)[0].before(...withErrors(other));
  moved(group, row);
}

/** Followed in the whole page: a grip that is moved with its row would lose the pointer. */
function drag(row) {
  const group = row.closest(".inline-group");
  const before = rowsOf(group).indexOf(row);
  row.classList.add("row-dragged");
  const follow = ({ clientY }) => {
    if (clientY < 60) scrollBy(0, -12);
    if (clientY > innerHeight - 90) scrollBy(0, 12);
    const others = rowsOf(group).filter((other) => other !== row);
    const below = others.find((other) => {
      const box = other.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    const place = below ? withErrors(below)[0] : null;
    const [first] = withErrors(row);
    if (place && place !== row.nextElementSibling) place.before(...withErrors(row));
    else if (!place && others.at(-1)?.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_PRECEDING)
      others.at(-1).after(...withErrors(row));
  };
  const following = new AbortController();
  const end = () => {
    following.abort();
    row.classList.remove("row-dragged");
    if (rowsOf(group).indexOf(row) !== before) moved(group, row);
  };
  document.addEventListener("pointermove", follow, following);
  for (const ending of ["pointerup", "pointercancel"]) document.addEventListener(ending, end, following);
}

function equip(row) {
  const input = inputOf(row);
  if (!input || input.parentElement.querySelector(".row-mover")) return;
  const button = (name, by, sign) => {
    const made = element("button", { type: "button", class: "row-step" }, sign);
    const label = () => made.setAttribute("aria-label", say(name, nameOf(row)));
    label();
    made.addEventListener("focus", label);
    made.addEventListener("click", () => step(row, by));
    return made;
  };
  const grip = element("span", { class: "row-grip", title: say("grip"), "aria-hidden": "true" }, "⠿");
  const mover = element("span", { class: "row-mover" }, grip, button("up", -1, "↑"), button("down", 1, "↓"));
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    drag(row);
  });
  mover.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(row, by);
  });
  input.hidden = true;
  input.after(mover);
}

function sortRows(rows, key) {
  const sorted = rows.toSorted((one, other) => key(one) - key(other));
  if (sorted.every((row, index) => row === rows[index])) return;
  const last = withErrors(rows[0])[0].previousElementSibling, parent = rows[0].parentElement;
  const all = sorted.flatMap(withErrors);
  if (last) last.after(...all);
  else parent.prepend(...all);
}

/** Rows in the order of their numbers, where each has one of its own; those without stay behind the others. */
export function arrange(group) {
  const rows = rowsOf(group);
  const place = (row) => (inputOf(row).value === "" ? rows.length + 1000 : Number(inputOf(row).value));
  const numbers = rows.filter((row) => inputOf(row).value !== "").map(place);
  if (new Set(numbers).size === numbers.length) sortRows(rows, place);
}

/** Django numbers the rows anew by their place in the page when one is removed: so they stand as they were sent then. */
function asSent(group) {
  sortRows(rowsOf(group), (row) => Number(row.id.slice(row.id.lastIndexOf("-") + 1)));
}

export function order() {
  const groups = [...document.querySelectorAll(".inline-group")].filter((group) => group.querySelector(".row-order"));
  for (const group of groups) {
    group.classList.add("rows-ordered");
    rowsOf(group).forEach(equip);
    if (say("bound")) arrange(group);
    group.addEventListener("formset:added", ({ target }) => {
      equip(target);
      number(group);
    });
    group.addEventListener("click", (event) => {
      if (!event.target.closest(".inline-deletelink")) return;
      number(group);
      asSent(group);
      setTimeout(() => arrange(group));
    }, true);
  }
}
