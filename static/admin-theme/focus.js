/* Where the keyboard goes on: to the field that a window was opened for, and into the row that was added. */

const COMPLETING = ".select2-selection";

function enter(field) {
  (field.parentElement.querySelector(COMPLETING) ?? field).focus();
}

export function focus() {
  const dismiss = window.dismissAddRelatedObjectPopup;
  if (dismiss) {
    window.dismissAddRelatedObjectPopup = (popup, id, words) => {
      const field = document.getElementById(popup.name.replace(/__\d+$/, ""));
      dismiss(popup, id, words);
      window.focus();
      if (field) enter(field);
    };
  }
  // Once the row's own fields have been made to complete what is typed.
  document.addEventListener("formset:added", ({ target }) => setTimeout(() => {
    const first = target.querySelector("input:not([type=hidden]), select, textarea");
    if (first) enter(first);
  }));
}
