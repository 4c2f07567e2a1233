// An open form says now and then that it is open, and hears who else is at it.

const EVERY = 20_000;
const place = document.querySelector("[data-editing]");

function say(fields) {
  const form = place.closest("form");
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "form_version"]) body.set(name, form.elements[name].value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

async function hear() {
  try {
    const response = await fetch(place.dataset.editing, { method: "POST", body: say({}) });
    if (!response.ok || response.redirected) return;
    show((await response.json()).sentences);
  } catch {
    // Off line, or logged out: the next one may get through.
  }
}

function show(sentences) {
  // Told anew only when it changed, so that a screen reader does not repeat it.
  if ([...place.children].map((item) => item.textContent).join("\n") === sentences.join("\n")) return;
  place.replaceChildren(
    ...sentences.map((sentence) => {
      const item = document.createElement("p");
      item.textContent = sentence;
      return item;
    }),
  );
}

if (place) {
  hear();
  setInterval(hear, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || hear());
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.editing, say({ left: "1" })));
}
