/* A picture and its focal point: chosen on the picture itself, and shown in its crops before anything is sent.
   Without this script the focal point is chosen from its menu. */

import { announce, element, say } from "./words.js";

const ROWS = ["top", "", "bottom"], COLUMNS = ["left", "", "right"];
const SHOWN = 960; // px: wide enough to choose on
const BEST_WIDTH = 1600, LARGEST = 25 * 1024 * 1024; // as the server has it

/** Nine fields over the picture, of which one is chosen: by click, or by the arrow keys. */
function grid(desk, select) {
  const name = `${desk.dataset.picture}_place`;
  const fields = ROWS.flatMap((row) => COLUMNS.map((column) => {
    const value = `${row} ${column}`.trim();
    const radio = element("input", { type: "radio", name, value, form: "", "aria-label": wordFor(select, value) });
    radio.addEventListener("change", () => {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return radio;
  }));
  const box = element("div", { class: "picture-grid", role: "radiogroup", "aria-label": say("focus") },
    ...fields.map((radio) => element("label", {}, radio, element("span"))));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = fields.indexOf(document.activeElement), to = at + step;
    if (!fields[to] || (Math.abs(step) === 1 && Math.floor(to / 3) !== Math.floor(at / 3))) return;
    fields[to].focus();
    fields[to].click();
  });
  const follow = () => {
    desk.dataset.focus = select.value;
    fields.find((radio) => radio.value === select.value).checked = true;
  };
  select.addEventListener("change", follow);
  follow();
  desk.querySelector(".picture-whole").append(box);
}

const wordFor = (select, value) => [...select.options].find((option) => option.value === value).textContent;

/** The file as the browser reads it, in the crops; what it says of it goes under the field, the server decides. */
async function show(desk, input, hint) {
  const [file] = input.files;
  hint.textContent = "";
  if (!file) return;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, SHOWN / image.width);
    const canvas = element("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const address = canvas.toDataURL("image/jpeg", 0.8);
    for (const shown of desk.querySelectorAll("img")) shown.src = address;
    desk.hidden = false;
    desk.parentElement.querySelector(".picture-none")?.remove();
    if (image.width < BEST_WIDTH && desk.dataset.shape === "stills") hint.textContent = say("narrow", image.width);
    else hint.textContent = say("chosen");
  } catch {
    hint.textContent = say("unreadable");
  }
  if (file.size > LARGEST) hint.textContent = say("heavy");
  announce(hint.textContent);
}

export function pictures() {
  for (const desk of document.querySelectorAll(".picture-desk")) {
    const field = (part) => document.getElementById(`id_${desk.dataset.picture}_${part}`);
    const select = field("focus"), input = field("upload");
    if (!select || !input) continue;
    grid(desk, select);
    const hint = element("p", { class: "help picture-hint" });
    input.closest(".flex-container").parentElement.append(hint);
    input.addEventListener("change", () => show(desk, input, hint));
  }
}
