// Three small things, each of which has a way without script. Nothing is kept in the browser.

// Leave this page: the button or Shift three times within five seconds. Never Escape, which stops loading.
const exit = document.querySelector("[data-ad-exit]");
if (exit) {
  const leave = () => {
    const cover = document.createElement("div");
    cover.className = "ad-cover";
    document.body.replaceChildren(cover);
    document.title = "";
    // replace: Back does not come here again
    window.location.replace(exit.href);
  };
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  let alone = false;
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat;
    if (event.key !== "Shift") presses = [];
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses = [...presses.filter((at) => event.timeStamp - at < 5000), event.timeStamp];
    if (presses.length >= 3) leave();
  });
  // What was sent from a family's page does not come back with Back: somebody else may press it. What was
  // typed and not sent does.
  document.addEventListener("submit", (event) => {
    event.target.autocomplete = "off";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-ad-sent]").forEach((form) => form.reset());
  });
}

// A second press within a second or two sends nothing: the first is on its way. The button stays usable, so a
// failed sending can be tried again, and its name and value still travel.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const now = event.timeStamp;
  if (now - Number(event.target.dataset.adSent ?? -Infinity) < 2000) {
    event.preventDefault();
    return;
  }
  event.target.dataset.adSent = String(now);
});

// What went wrong is read first.
document.querySelector("[data-ad-focus]")?.focus();

// A line of the error summary takes you to the field, with its label in sight.
document.querySelectorAll(".nhsuk-error-summary a[href^='#']").forEach((link) => {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
});
