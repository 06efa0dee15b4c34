// A private page does not stay on the screen when the time of whoever opened it is over. Nothing is kept in
// the browser; without script the next press ends it all the same.

const told = document.querySelector("[data-ad-time]");
const WARN = 120;
const here = window.location.pathname + window.location.search;
const [soon, over] = told.querySelectorAll("dialog");
let until = 0;
let timer;

const wait = (seconds) => {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000 + 500);
};

// Seconds left, asked of the server: another tab may have gone on. Null when nobody answers.
const ask = async (options) => {
  if (!told.dataset.adLeft) return null;
  try {
    const answer = await fetch(told.dataset.adLeft, { redirect: "manual", cache: "no-store", ...options });
    if (answer.ok) return (await answer.json()).seconds;
    return answer.type === "opaqueredirect" ? 0 : null;
  } catch {
    return null;
  }
};

const changed = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : "defaultValue" in field
      ? field.value !== field.defaultValue
      : [...(field.options ?? [])].some((one) => one.selected !== one.defaultSelected);
const typed = () =>
  [...document.forms].find(
    (form) =>
      form.method === "post" &&
      form.getAttribute("role") !== "search" &&
      !told.contains(form) &&
      [...form.elements].some(changed),
  );

const end = () => {
  clearTimeout(timer);
  soon?.close();
  const form = over && typed();
  document.title = "";
  if (form) {
    // Everything but what was typed goes; that is out of sight, and sent to be kept when they go on.
    form.hidden = true;
    document.body.replaceChildren(form, told);
    over.showModal();
    return;
  }
  const cover = document.createElement("div");
  cover.className = "ad-cover";
  document.body.replaceChildren(cover);
  window.location.replace(told.dataset.adGone ?? here);
};

const go = (left, warn = true) => {
  until = Date.now() + left * 1000;
  if (left <= 0) return end();
  if (left > WARN || !soon) {
    soon?.close();
    return wait(soon ? left - WARN : left);
  }
  if (warn && !soon.open) soon.showModal();
  return wait(left);
};

const look = async () => go((await ask()) ?? (until - Date.now()) / 1000);

soon?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const left = await ask({ method: "POST", body: new FormData(event.target) });
  if (left === null) return;
  soon.close();
  go(left, false);
});
over?.querySelector("[data-ad-time-back]").addEventListener("click", () => {
  // Never to where it was meant for: another tab may have signed in again, and nobody pressed its button.
  const form = document.querySelector("form[hidden]");
  const meant = document.createElement("input");
  Object.assign(meant, { type: "hidden", name: "ad_meant_for", value: form.getAttribute("action") || here });
  form.append(meant);
  form.setAttribute("action", told.dataset.adLeft);
  HTMLFormElement.prototype.submit.call(form);
});
// A covered dialog is not sent away with Escape.
over?.addEventListener("cancel", (event) => event.preventDefault());
// A computer that slept, or a tab that was behind, looks at once when it is seen again.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() > until - WARN * 1000 && !over?.open) look();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) look();
});

go(Number(told.dataset.adTime));
