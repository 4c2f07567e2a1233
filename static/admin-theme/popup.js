/* Back from the window in which a person, a word or a film was added in passing: to the field that it was for. */

export function popups() {
  const dismiss = window.dismissAddRelatedObjectPopup;
  if (!dismiss) return;
  window.dismissAddRelatedObjectPopup = (popup, id, words) => {
    const field = document.getElementById(popup.name.replace(/__\d+$/, ""));
    dismiss(popup, id, words);
    if (!field) return;
    window.focus();
    (field.parentElement.querySelector(".select2-selection") ?? field).focus();
  };
}
