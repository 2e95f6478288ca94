// Comfort for the review pages; everything works without it.
//
// Keys: an element with data-key="j" is clicked, or focused with data-key-does="focus", when that
// key is pressed; never in a field, never with a modifier, and not when keys are switched off.
// Enter accepts only where the page itself says so (data-enter).

const OFF = "review.keys.off";
const page = document.documentElement;

const keysAreOff = () => read(OFF) === "1";

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage is forbidden here: keys stay on
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // then it holds for this page only
  }
}

// --- keys ---------------------------------------------------------------------

const FIELDS = "input, select, textarea, [contenteditable]";
const ALIASES = { Backspace: "z" };

function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey || keysAreOff()) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(FIELDS)) return;
  const wanted = event.key === "Enter" ? enterAccepts(target) : byKey(event.key);
  if (!wanted) return;
  event.preventDefault();
  use(wanted);
}

function enterAccepts(target) {
  // on a button, link or summary Enter does what it always does
  return target.closest("a, button, summary, iframe") ? null : document.querySelector("[data-enter]");
}

function byKey(key) {
  const name = ALIASES[key] ?? (key.length === 1 ? key.toLowerCase() : "");
  return name ? document.querySelector(`[data-key~="${CSS.escape(name)}"]:not([disabled])`) : null;
}

function use(element) {
  const inside = element.closest("details:not([open])");
  if (inside && element.tagName !== "SUMMARY") inside.open = true;
  if (element.dataset.keyDoes === "focus") {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
}

// --- after a decision -------------------------------------------------------------

function announce() {
  const said = document.querySelector("[data-said]");
  const live = document.getElementById("live");
  // a live region speaks when its text changes, not when it is there from the start
  if (said && live) setTimeout(() => { live.textContent = said.textContent.trim(); }, 200);
}

function focusHeading() {
  const wanted = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (wanted?.matches("[tabindex='-1']")) wanted.focus();
  else document.querySelector("[data-focus]")?.focus();
}

function tidyAddress() {
  const here = new URL(location.href);
  if (!here.searchParams.has("done")) return;
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}

// --- one press, one decision ----------------------------------------------------------

let isSent = false;

function onSubmit(event) {
  if (event.target.method !== "post") return;
  if (isSent) event.preventDefault();
  isSent = true;
}

// --- a link into the page leads to its first control ------------------------------------

function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-goes]") : null;
  const wanted = link && document.getElementById(link.dataset.goes);
  if (!wanted) return;
  event.preventDefault();
  const folded = wanted.closest("details");
  if (folded) folded.open = true;
  wanted.focus();
  wanted.scrollIntoView({ block: "center" });
}

// --- a line that is ticked shows what can be said of it -----------------------------------

function onChange(event) {
  const box = event.target instanceof Element ? event.target.closest("[data-unfolds]") : null;
  const folded = box?.closest("li")?.querySelector("details");
  if (folded && box.checked) folded.open = true;
}

// --- the preview: nothing is asked of YouTube before the click ------------------------------

function preview(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "preview";
    frame.title = button.dataset.title;
    frame.allow = "encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = `https://www.youtube-nocookie.com/embed/${encodeURIComponent(button.dataset.preview)}`;
    button.replaceWith(frame);
    frame.focus();
  });
}

// --- switches ---------------------------------------------------------------------------------

function switchForKeys(box) {
  box.closest("[data-needs-script]").hidden = false;
  box.checked = !keysAreOff();
  box.addEventListener("change", () => {
    keep(OFF, box.checked ? "0" : "1");
    page.classList.toggle("keys-off", !box.checked);
  });
}

function tickAll(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const tick = button.dataset.tick === "likely";
    for (const box of document.querySelectorAll("input[type=checkbox][name=pick]:not([disabled])")) {
      if (!tick) box.checked = false;
      else if ("likely" in box.dataset) box.checked = true;
    }
  });
}

page.classList.toggle("keys-off", keysAreOff());
page.classList.add("has-script");
document.addEventListener("keydown", onKey);
document.addEventListener("submit", onSubmit);
document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
addEventListener("pageshow", () => { isSent = false; });
document.querySelectorAll("[data-preview]").forEach(preview);
document.querySelectorAll("[data-keys-switch]").forEach(switchForKeys);
document.querySelectorAll("[data-tick]").forEach(tickAll);
focusHeading();
announce();
tidyAddress();
