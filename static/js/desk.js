// Keys for the moderators' desk; every screen works without this file.

const rows = [...document.querySelectorAll(".queue .waiting")];
const all = document.getElementById("all-on-page");
const keys = document.querySelector("details.keys");
const on = document.getElementById("keys-on");
const PLACE = "desk-place";
const OFF = "desk-keys-off";

// All on this page marks each, so that one can be taken out again.
const boxes = rows.map((row) => row.querySelector("input[name=comment]"));
all?.removeAttribute("name");
all?.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));

const here = () => rows.indexOf(document.activeElement?.closest(".waiting"));
const go = (index) => {
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
};
const press = (act) => {
  const row = rows[Math.max(here(), 0)];
  if (here() < 0) return go(0);
  sessionStorage.setItem(PLACE, here());
  row.querySelector(`button[value^="${act}:"]`).click();
};
const ACTS = {
  j: () => go(here() + 1),
  k: () => go(here() - 1),
  p: () => press("publish"),
  h: () => press("hide"),
  s: () => press("mark_spam"),
  x: () => { const box = boxes[here()]; if (box) box.checked = !box.checked; },
  u: () => document.getElementById("undo")?.click(),
  "?": () => { keys.open = !keys.open; if (keys.open) keys.querySelector("summary").focus(); },
};

if (keys && rows.length) {
  keys.hidden = false;
  on.checked = !localStorage.getItem(OFF);
  on.addEventListener("change", () => on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("textarea, select, input:not([type=checkbox])");
    if (!on.checked || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat && "phsu".includes(event.key)) return;
    if (Object.hasOwn(ACTS, event.key)) {
      event.preventDefault();
      ACTS[event.key]();
    }
  });
  // After an act the next comment stands where the last one stood.
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place !== null) go(Number(place));
}
