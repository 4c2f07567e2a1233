/* Names for fields that Django's admin leaves without one: those in tables, and those that complete what is typed. */

let numbers = 0;

function idOf(place) {
  place.id ||= `named-${++numbers}`;
  return place.id;
}

/** What stands as the field's name: the head of its column, or the label of its row. */
function nameFor(field) {
  const cell = field.closest(".tabular td");
  if (cell) return cell.closest("table").tHead?.rows[0].cells[cell.cellIndex] ?? null;
  return field.closest(".flex-container, .form-row")?.querySelector("label, legend") ?? null;
}

function nameIn(place) {
  for (const field of place.querySelectorAll("td :is(input, select, textarea):not([type=hidden], [aria-label], .select2-search__field), .datetime input")) {
    const name = nameFor(field);
    if (!name) continue;
    const before = field.closest(".datetime") && field.previousSibling?.textContent.trim();
    field.setAttribute("aria-label", [name.textContent, before].filter(Boolean).map((some) => some.trim().replace(/:$/, "")).join(", "));
  }
  for (const box of place.querySelectorAll(".select2-selection--single")) {
    const name = nameFor(box), value = box.querySelector(".select2-selection__rendered");
    if (name) box.setAttribute("aria-labelledby", `${idOf(name)} ${idOf(value)}`);
    // No field of its own, whatever it says: it is what stands in the one around it.
    value.removeAttribute("role");
    value.removeAttribute("aria-readonly");
  }
  for (const field of place.querySelectorAll(".select2-search__field")) {
    const name = nameFor(field);
    if (name) field.setAttribute("aria-labelledby", idOf(name));
  }
}

export function names() {
  for (const empty of document.querySelectorAll(".tabular th:empty")) {
    const cell = document.createElement("td");
    cell.className = empty.className;
    empty.replaceWith(cell);
  }
  nameIn(document);
  // Once the row's own fields have been made to complete what is typed.
  document.addEventListener("formset:added", ({ target }) => setTimeout(() => nameIn(target)));
}
