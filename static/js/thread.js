// A thread's comfort: every page works without this file.

const words = document.getElementById("thread-words").content;
const controls = document.querySelector(".controls");
const fold = controls?.querySelector(".fold");
const branches = [...document.querySelectorAll(".branch")];

// What the reader's browser keeps, where it may; a reader can forbid it.
const recall = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const keep = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* then not */ } };

// Times in words; the exact one stays in the title.
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const inWords = (time) => {
  const seconds = Math.max((Date.now() - time) / 1000, 0);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return relative.format(-Math.trunc(seconds / size), unit);
};

for (const time of document.querySelectorAll(".comment time")) {
  time.textContent = inWords(new Date(time.dateTime));
}

// Whoever comes to a comment sees it and hears whose it is.
const come = (comment, isWalked) => {
  const header = comment.querySelector(":scope > header");
  if (header) {
    header.id ||= `${comment.id}-says`;
    comment.setAttribute("aria-labelledby", header.id);
  }
  comment.classList.toggle("walked", isWalked);
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
};

const unfoldTo = (comment) => {
  let folded = false;
  for (let branch = comment.closest(".branch"); branch; branch = branch.parentElement.closest(".branch")) {
    folded ||= !branch.open;
    branch.open = true;
  }
  return folded;
};

const arrive = () => {
  const comment = location.hash.startsWith("#comment-") && document.getElementById(location.hash.slice(1));
  if (!comment) return;
  if (unfoldTo(comment)) comment.scrollIntoView();
  come(comment, false);
};
addEventListener("hashchange", arrive);
arrive();

// What came since the last visit. The page itself says how new it is: no clock is trusted.
const VISIT = 30 * 60_000; // a visit lasts as long as no pause between two pages is longer
const MOST_ESSAYS = 200;
const bookmark = document.querySelector(".since a");
if (bookmark) {
  const [, path, newest] = bookmark.pathname.match(/^(.*)since\/([\d.]+)\//);
  const { [path]: last, ...others } = recall("visits") ?? {};
  const visit = { seen: last?.seen, left: last?.left, newest: Math.max(newest, last?.newest ?? 0), at: Date.now() };
  if (last && visit.at - last.at > VISIT) [visit.seen, visit.left] = [last.newest, last.at];
  keep("visits", Object.fromEntries([...Object.entries(others), [path, visit]].slice(-MOST_ESSAYS)));
  const isNew = (comment) => new Date(comment.querySelector("time").dateTime) / 1000 > visit.seen;
  const found = visit.seen ? [...document.querySelectorAll("article.comment:not(:target)")].filter(isNew) : [];
  for (const comment of found) {
    comment.querySelector(".who").after(" ", words.querySelector(".new").cloneNode(true));
  }
  if (found.length) {
    const news = words.querySelector(".news").cloneNode(true);
    const [first, all] = news.querySelectorAll("a");
    first.href = `#${found[0].id}`;
    first.querySelector("span").textContent = found.length;
    all.href = `${path}since/${visit.seen.toFixed(6)}/`;
    news.querySelector("time").textContent = inWords(visit.left);
    document.querySelector("#comments > h2").after(news);
  }
}

// All branches at once.
if (fold && branches.length) {
  fold.addEventListener("click", () => {
    const open = branches.every((branch) => !branch.open);
    branches.forEach((branch) => { branch.open = open; });
  });
  const say = () => {
    const isFolded = branches.every((branch) => !branch.open);
    if (isFolded === fold.hasAttribute("data-folded")) return;
    fold.toggleAttribute("data-folded", isFolded);
    [fold.textContent, fold.dataset.other] = [fold.dataset.other, fold.textContent];
  };
  branches.forEach((branch) => branch.addEventListener("toggle", say));
} else {
  fold?.remove();
}

// Single keys, which a reader can turn off (WCAG 2.2, 2.1.4).
const help = document.importNode(words.querySelector("dialog"), true);
const use = help.querySelector("input");
use.checked = recall("keys") !== false;
use.addEventListener("change", () => keep("keys", use.checked));
const show = () => {
  document.body.append(help);
  help.showModal();
};
controls?.querySelector(".keys-button").addEventListener("click", show);
if (controls) controls.hidden = false;

const all = [...document.querySelectorAll(".comment[id]")];
const here = () => document.activeElement.closest(".comment") ?? document.querySelector(".comment.walked:target");
const item = (comment) => comment?.closest("li");
const own = (li) => li?.querySelector(":scope > .comment[id]");

// Without a comment to start from, the first on the screen, or the last above it.
const walk = (step) => {
  const shown = all.filter((comment) => comment.checkVisibility());
  const from = shown.indexOf(here());
  if (from >= 0) return shown[from + step];
  const next = shown.findIndex((comment) => comment.getBoundingClientRect().top >= 0);
  return step > 0 ? shown[next] : shown[(next < 0 ? shown.length : next) - 1];
};

const parent = () => {
  const answered = here()?.querySelector(".answers a")?.pathname.match(/\d+/);
  return (answered && document.getElementById(`comment-${answered}`)) ?? own(item(here())?.parentElement.closest("li"));
};

// A comment without a branch folds the one that it stands in.
const foldHere = () => {
  const branch = item(here())?.querySelector(":scope > .branch") ?? here()?.closest(".branch");
  if (!branch) return null;
  branch.open = !branch.open;
  return own(branch.parentElement);
};

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  n: () => own(item(here())?.nextElementSibling) ?? (here() ? null : walk(1)),
  p: () => own(item(here())?.previousElementSibling),
  u: parent,
  f: foldHere,
  r: () => here()?.querySelector("a.reply")?.click(),
  "?": show,
};

document.addEventListener("keydown", (event) => {
  if (!use.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.defaultPrevented || !Object.hasOwn(KEYS, event.key)) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  event.preventDefault();
  const comment = KEYS[event.key]();
  if (!comment) return;
  unfoldTo(comment);
  come(comment, true);
  comment.scrollIntoView({ block: "start" });
});
