// The thread: relative times, marks on new comments, folding, and keys to move between comments.
// Every page works without this file.

import { listenForKeys, local } from "./site.js";

const texts = document.getElementById("thread-words").content; // translated by the server
const controls = document.querySelector(".controls");
const foldButton = controls?.querySelector(".fold");
const branches = [...document.querySelectorAll(".branch")];

// Relative times. The exact time stays in the title.
const relativeTime = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const formatAge = (time) => {
  const age = Math.max((Date.now() - time) / 1000, 0);
  const [unit, seconds] = UNITS.find(([, seconds]) => age >= seconds) ?? UNITS.at(-1);
  return relativeTime.format(-Math.trunc(age / seconds), unit);
};

for (const time of document.querySelectorAll(".comment time")) {
  time.textContent = formatAge(new Date(time.dateTime));
}

// A comment that takes focus is labelled by its header, so that a screen reader says whose it is.
const focusComment = (comment, isByKey) => {
  const header = comment.querySelector(":scope > header");
  if (header) {
    header.id ||= `${comment.id}-says`;
    comment.setAttribute("aria-labelledby", header.id);
  }
  comment.classList.toggle("focused-by-key", isByKey);
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
};

// Opens every branch around a comment. Returns whether one of them was folded.
const unfoldTo = (comment) => {
  let wasFolded = false;
  for (let branch = comment.closest(".branch"); branch; branch = branch.parentElement.closest(".branch")) {
    wasFolded ||= !branch.open;
    branch.open = true;
  }
  return wasFolded;
};

const focusLinkedComment = () => {
  const comment = location.hash.startsWith("#comment-") && document.getElementById(location.hash.slice(1));
  if (!comment) return;
  if (unfoldTo(comment)) comment.scrollIntoView();
  focusComment(comment, false);
};
addEventListener("hashchange", focusLinkedComment);
focusLinkedComment();

// Comments that are new since the last visit. Pages are compared by the time of their newest
// comment, which the server writes, so the reader's clock need not be right.
const VISIT_GAP = 30 * 60_000; // milliseconds without a page that end a visit
const MAX_VISITS = 200;
const sinceLink = document.querySelector(".since a");
if (sinceLink) {
  const [, path, newest] = sinceLink.pathname.match(/^(.*)since\/([\d.]+)\//);
  const { [path]: last, ...others } = local.get("visits") ?? {};
  const visit = {
    seen: last?.seen,
    left: last?.left,
    newest: Math.max(newest, last?.newest ?? 0),
    at: Date.now(),
  };
  if (last && visit.at - last.at > VISIT_GAP) [visit.seen, visit.left] = [last.newest, last.at];
  const visits = [...Object.entries(others), [path, visit]].slice(-MAX_VISITS);
  local.set("visits", Object.fromEntries(visits));

  const isNew = (comment) => new Date(comment.querySelector("time").dateTime) / 1000 > visit.seen;
  const shown = [...document.querySelectorAll("article.comment:not(:target)")];
  const newComments = visit.seen ? shown.filter(isNew) : [];
  for (const comment of newComments) {
    comment.querySelector(".comment-author").after(" ", texts.querySelector(".new").cloneNode(true));
  }
  if (newComments.length) {
    const notice = texts.querySelector(".new-replies").cloneNode(true);
    const [firstLink, allLink] = notice.querySelectorAll("a");
    firstLink.href = `#${newComments[0].id}`;
    firstLink.querySelector("span").textContent = newComments.length;
    allLink.href = `${path}since/${visit.seen.toFixed(6)}/`;
    notice.querySelector("time").textContent = formatAge(visit.left);
    document.querySelector("#comments > h2").after(notice);
  }
}

// One button folds and unfolds all branches.
if (foldButton && branches.length) {
  foldButton.addEventListener("click", () => {
    const isOpen = branches.every((branch) => !branch.open);
    branches.forEach((branch) => { branch.open = isOpen; });
  });
  const updateLabel = () => {
    const isFolded = branches.every((branch) => !branch.open);
    if (isFolded === foldButton.hasAttribute("data-folded")) return;
    foldButton.toggleAttribute("data-folded", isFolded);
    [foldButton.textContent, foldButton.dataset.other] = [foldButton.dataset.other, foldButton.textContent];
  };
  branches.forEach((branch) => branch.addEventListener("toggle", updateLabel));
} else {
  foldButton?.remove();
}

// The keys dialog explains the shortcuts and turns them off.
const keysDialog = document.importNode(texts.querySelector("dialog"), true);
const keysCheckbox = keysDialog.querySelector("input");
keysCheckbox.checked = local.get("keys") !== false;
keysCheckbox.addEventListener("change", () => local.set("keys", keysCheckbox.checked));
const openKeysDialog = () => {
  document.body.append(keysDialog);
  keysDialog.showModal();
};
controls?.querySelector(".keys-button").addEventListener("click", openKeysDialog);
if (controls) controls.hidden = false;

const comments = [...document.querySelectorAll(".comment[id]")];
const findCurrent = () =>
  document.activeElement.closest(".comment") ?? document.querySelector(".comment.focused-by-key:target");
const itemOf = (comment) => comment?.closest("li");
const commentIn = (item) => item?.querySelector(":scope > .comment[id]");

// The next (1) or previous (-1) comment. Without a current one, the first on the screen, or the
// last above it.
const findAdjacent = (step) => {
  const visible = comments.filter((comment) => comment.checkVisibility());
  const current = visible.indexOf(findCurrent());
  if (current >= 0) return visible[current + step];
  const firstOnScreen = visible.findIndex((comment) => comment.getBoundingClientRect().top >= 0);
  if (step > 0) return visible[firstOnScreen];
  return visible[(firstOnScreen < 0 ? visible.length : firstOnScreen) - 1];
};

const findSibling = (direction) => commentIn(itemOf(findCurrent())?.[direction]);

const findParent = () => {
  const id = findCurrent()?.querySelector(".in-reply-to a")?.pathname.match(/\d+/);
  const linked = id && document.getElementById(`comment-${id}`);
  return linked ?? commentIn(itemOf(findCurrent())?.parentElement.closest("li"));
};

// Folds or unfolds the current comment's branch, or else the one around it. Returns the comment
// that the branch belongs to.
const toggleBranch = () => {
  const own = itemOf(findCurrent())?.querySelector(":scope > .branch");
  const branch = own ?? findCurrent()?.closest(".branch");
  if (!branch) return null;
  branch.open = !branch.open;
  return commentIn(branch.parentElement);
};

// Goes to a comment, if there is one.
const goTo = (comment) => {
  if (!comment) return;
  unfoldTo(comment);
  focusComment(comment, true);
  comment.scrollIntoView({ block: "start" });
};

listenForKeys({
  j: () => goTo(findAdjacent(1)),
  k: () => goTo(findAdjacent(-1)),
  n: () => goTo(findSibling("nextElementSibling") ?? (findCurrent() ? null : findAdjacent(1))),
  p: () => goTo(findSibling("previousElementSibling")),
  u: () => goTo(findParent()),
  f: () => goTo(toggleBranch()),
  r: () => findCurrent()?.querySelector("a.reply")?.click(),
  "?": openKeysDialog,
}, { checkbox: keysCheckbox, typingFields: "input, textarea, select, dialog, [contenteditable]" });
