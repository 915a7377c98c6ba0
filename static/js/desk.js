// The moderation queue's keyboard shortcuts and "select all". Every page works without this file.

import { listenForKeys, local, session } from "./site.js";

const rows = [...document.querySelectorAll(".queue .queue-item")];
const selectAll = document.getElementById("all-on-page");
const keysHelp = document.querySelector("details.keys");
const keysCheckbox = document.getElementById("keys-on");
const ROW_KEY = "desk-place";
const KEYS_OFF_KEY = "desk-keys-off";

// The server would read the checkbox as the whole page, even after a row is unticked. With scripts
// it only ticks the rows.
const checkboxes = rows.map((row) => row.querySelector("input[name=comment]"));
selectAll?.removeAttribute("name");
selectAll?.addEventListener("change", () => {
  checkboxes.forEach((checkbox) => { checkbox.checked = selectAll.checked; });
});

const currentIndex = () => rows.indexOf(document.activeElement?.closest(".queue-item"));
const focusRow = (index) => {
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
};
// Presses a button of the current row. Without a current row the first one takes focus.
const pressButton = (action) => {
  const index = currentIndex();
  if (index < 0) return focusRow(0);
  session.set(ROW_KEY, index);
  rows[index].querySelector(`button[value^="${action}:"]`).click();
};
const toggleCheckbox = () => {
  const checkbox = checkboxes[currentIndex()];
  if (checkbox) checkbox.checked = !checkbox.checked;
};
const toggleHelp = () => {
  keysHelp.open = !keysHelp.open;
  if (keysHelp.open) keysHelp.querySelector("summary").focus();
};
const SHORTCUTS = {
  j: () => focusRow(currentIndex() + 1),
  k: () => focusRow(currentIndex() - 1),
  p: () => pressButton("publish"),
  h: () => pressButton("hide"),
  s: () => pressButton("mark_spam"),
  x: toggleCheckbox,
  u: () => document.getElementById("undo")?.click(),
  "?": toggleHelp,
};

if (keysHelp && rows.length) {
  keysHelp.hidden = false;
  keysCheckbox.checked = !local.get(KEYS_OFF_KEY);
  keysCheckbox.addEventListener("change", () => {
    if (keysCheckbox.checked) local.remove(KEYS_OFF_KEY);
    else local.set(KEYS_OFF_KEY, true);
  });
  listenForKeys(SHORTCUTS, {
    checkbox: keysCheckbox,
    typingFields: "textarea, select, input:not([type=checkbox])",
    once: "phsu",
  });
  // After a decision the next comment stands in the decided one's row.
  const row = session.get(ROW_KEY);
  session.remove(ROW_KEY);
  if (row !== null) focusRow(row);
}
