/* On whatever page follows a form that was sent: if it says that it was saved, what the form kept is not needed. */

const sent = sessionStorage.getItem("desk:sent");
if (sent && !document.body.classList.contains("login")) {
  sessionStorage.removeItem("desk:sent");
  if (document.querySelector(".messagelist .success")) sessionStorage.removeItem(sent);
}
