// Marks the rows of the week's grid as they are typed; the server checks them, and the page's own “Check” does
// the same without this. Enter goes to the next row.

const form = document.getElementById("week-form");
const rows = [...form.querySelectorAll(".week-grid tbody tr")];
const summary = form.querySelector(".week-summary");
const confirmation = form.querySelector(".week-confirm");
const PAUSE = 350;

let waiting = 0;
let asking = null;

function line(kind, sign, sentence) {
  const paragraph = document.createElement("p");
  const mark = document.createElement("span");
  paragraph.className = `week-${kind}`;
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = sign;
  paragraph.append(mark, ` ${sentence}`);
  return paragraph;
}

// What is still empty in the row that somebody is in is no mistake yet.
function mistakes(row, errors) {
  const isHere = row.contains(document.activeElement);
  const isTyped = (name) => row.querySelector(`[data-field="${name}"]`).value !== "";
  return Object.fromEntries(Object.entries(errors).filter(([name]) => !isHere || isTyped(name)));
}

function show(row, { readsAs, errors: found, warnings, asks }) {
  const errors = mistakes(row, found);
  const sentences = Object.values(errors).flat();
  const sign = sentences.length || warnings.length ? "·" : "✓";
  row.querySelector("[data-marks]").replaceChildren(
    ...(readsAs ? [line("reads", sign, readsAs)] : []),
    ...sentences.map((sentence) => line("error", "✖", sentence)),
    ...warnings.map((sentence) => line("warning", "▲", sentence)),
  );
  for (const field of row.querySelectorAll("[data-field]")) {
    if (field.dataset.field in errors) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  for (const question of row.querySelectorAll("[data-asks]")) {
    const isAnswered = question.querySelector("input, select").value !== "";
    question.hidden = !asks.includes(question.dataset.asks) && !isAnswered;
  }
}

async function check() {
  asking?.abort();
  asking = new AbortController();
  const typed = new FormData(form);
  typed.set("check", "1");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: typed,
      headers: { Accept: "application/json" },
      signal: asking.signal,
    });
    const marks = await answer.json();
    marks.rows.forEach((mark, number) => show(rows[number], mark));
    confirmation.hidden = !marks.warned;
    summary.textContent = marks.summary;
  } catch (error) {
    if (error.name !== "AbortError") summary.textContent = summary.dataset.failed;
  }
}

function checkSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
}

let isTouched = false;
let lastRow = null;

form.addEventListener("input", () => {
  isTouched = true;
  checkSoon();
});

form.addEventListener("focusin", (event) => {
  const row = event.target.closest(".week-grid tbody tr");
  if (isTouched && row !== lastRow) checkSoon();
  lastRow = row;
});

form.addEventListener("keydown", (event) => {
  const row = event.target.closest(".week-grid tbody tr");
  const next = rows[rows.indexOf(row) + 1];
  if (event.key !== "Enter" || event.ctrlKey || !next || event.target.matches("button")) return;
  event.preventDefault();
  next.querySelector('[data-field="film"]').focus();
});
