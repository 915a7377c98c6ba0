// The reply form's comforts. Without this file it posts and previews on a page of its own.

const form = document.getElementById("reply-form");
const { body, name, email, parent, point } = form.elements;
const part = (selector) => form.querySelector(selector);
const show = (element, shown = true) => { element.hidden = !shown; };
const say = (element) => { show(element); element.tabIndex = -1; element.focus(); };

// What this browser keeps. Where its reader lets it keep nothing, nothing else breaks.
const keeper = (area) => ({
  keys: () => { try { return Object.keys(area()); } catch { return []; } },
  get: (key) => { try { return JSON.parse(area().getItem(key)); } catch { return null; } },
  set: (key, value) => {
    try {
      if (value) area().setItem(key, JSON.stringify(value)); else area().removeItem(key);
      return true;
    } catch { return false; }
  },
});
const lasting = keeper(() => localStorage);
const passing = keeper(() => sessionStorage);

// Drafts: one for each essay, target and page that was opened, so that two tabs never write over
// each other's words.
const drawer = `draft ${new URL(form.action).pathname}?`;
const tab = Math.random().toString(36).slice(2);
const restored = part(".restored");
const unfinished = part(".unfinished");
const target = () => parent.value ? `parent=${parent.value}` : point.value && `point=${point.value}`;
const ownKey = () => `${drawer}${target()} ${tab}`;

const readDrafts = () => lasting.keys().filter((key) => key.startsWith(drawer))
  .map((key) => ({ key, ...lasting.get(key) })).filter((draft) => draft.body)
  .sort((one, other) => other.time - one.time);

const saveDraft = (time = Date.now()) => {
  const written = body.value.trim() && { target: target(), body: body.value, time };
  return lasting.set(ownKey(), written);
};

const restore = (draft) => {
  body.value = draft.body;
  if (saveDraft(draft.time) && draft.key !== ownKey()) lasting.set(draft.key, null);
  const day = { dateStyle: "medium", timeStyle: "short" };
  restored.querySelector("time").textContent = new Date(draft.time).toLocaleString(document.documentElement.lang, day);
  show(restored);
};

// What was typed goes along to another target, unless a draft waits there: then each keeps its own.
const turnTo = (search) => {
  const left = ownKey(), typed = body.value;
  const asked = new URLSearchParams(search);
  parent.value = asked.get("parent") ?? "";
  point.value = asked.get("point") ?? "";
  if (left === ownKey()) return;
  const waiting = readDrafts().find((draft) => draft.target === target());
  show(restored, false);
  show(unfinished, false);
  if (waiting && (!typed.trim() || lasting.get(left)?.body === typed)) restore(waiting);
  else if (saveDraft()) lasting.set(left, null);
};

// The form comes to what is answered, and goes back.
const home = document.createComment("");
const note = part(".answering");
const cancel = part(".cancel");
const under = form.closest("#comments");
let opener;
form.before(home);

const open = (search) => {
  const links = [...document.querySelectorAll("a.reply, a.answer")];
  const link = links.find((one) => one.search === search && !form.contains(one));
  const place = under && link?.closest(".comment, li");
  if (!place) return false;
  turnTo(search);
  const whom = note.querySelector("a");
  whom.href = `#${place.id}`;
  if (place.matches(".comment")) {
    whom.textContent = ["number", "name"].map((one) => place.querySelector(`.${one}`).textContent).join(" ");
    place.after(form);
  } else {
    const text = place.cloneNode(true);
    text.querySelectorAll(".point-tools, form, ul, ol").forEach((one) => one.remove());
    whom.textContent = text.textContent.trim();
    place.insertBefore(form, place.querySelector(":scope > :is(ul, ol)"));
  }
  for (let branch = form; (branch = branch.parentElement.closest("details"));) branch.open = true;
  show(note);
  show(cancel);
  form.setAttribute("aria-describedby", note.id);
  opener = link;
  return true;
};

const goBack = () => {
  turnTo("");
  show(note, false);
  show(cancel, false);
  form.removeAttribute("aria-describedby");
  home.after(form);
};
const giveUp = () => { goBack(); opener.focus(); };
cancel.addEventListener("click", giveUp);
form.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !cancel.hidden) giveUp();
});

// Words selected in the essay or in a comment.
const readSelection = () => {
  const { anchorNode, focusNode } = getSelection();
  const text = getSelection().toString().trim();
  const [place, end] = [anchorNode, focusNode].map((node) =>
    !form.contains(node) && (node?.closest ? node : node?.parentElement)?.closest(".words, .prose, .target .point"));
  return text && place && place === end ? { text, place } : null;
};

const quote = ({ text }) => {
  const at = body.selectionEnd;
  const before = body.value.slice(0, at), after = body.value.slice(at);
  const lead = "\n".repeat(before ? 2 - Math.min(before.match(/\n*$/)[0].length, 2) : 0);
  const quoted = text.replace(/^/gm, "> ").replace(/ +$/gm, "");
  body.setRangeText(`${lead}${quoted}${after.startsWith("\n\n") ? "" : "\n\n"}`, at, at, "end");
  saveDraft();
};

let pressed; // a press on a link ends the selection before the click comes
document.addEventListener("pointerdown", () => { pressed = readSelection(); }, true);
const button = part(".quote");
document.addEventListener("selectionchange", () => show(button, readSelection()));
button.addEventListener("mousedown", (event) => event.preventDefault());
button.addEventListener("click", () => {
  const selected = readSelection();
  if (selected) quote(selected);
  body.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.reply, a.answer, .unfinished a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  const selected = event.detail ? pressed : readSelection(); // no detail: by keyboard
  if (!open(link.search)) return;
  event.preventDefault();
  const answered = link.matches(".answer") ? ".prose" : `#${opener.closest(".comment")?.id} .words`;
  if (selected?.place.matches(answered)) quote(selected);
  body.focus();
});

// The preview, and every error, as the server says them.
const lost = part(".offline");
const fields = { body, name, email };

const takeOver = (page) => {
  const theirs = page.getElementById("reply-form");
  document.querySelectorAll(".preview, #reply-errors, #reply-form .error").forEach((one) => one.remove());
  for (const [key, field] of Object.entries(fields)) {
    field.before(...page.querySelectorAll(`#reply-${key}_error`));
    for (const attribute of ["aria-invalid", "aria-describedby"]) {
      const value = theirs?.elements[key].getAttribute(attribute);
      if (value) field.setAttribute(attribute, value);
      else if (theirs) field.removeAttribute(attribute);
    }
  }
  const token = theirs?.elements.csrfmiddlewaretoken;
  if (token) form.elements.csrfmiddlewaretoken?.remove();
  if (token) form.append(token);
  const preview = page.querySelector(".preview");
  const news = preview ?? page.getElementById("reply-errors") ?? wrapFault(page);
  news.removeAttribute("autofocus"); // would be a second one
  if (preview) part(".buttons").before(news); else note.after(news);
  say(news);
};

// A page without the form, as for a closed essay or a broken server: what it says.
const wrapFault = (page) => {
  const fault = lost.cloneNode();
  fault.id = "reply-errors";
  fault.className = "errors";
  const said = ["main .errors", "main h1 + p", "h1"].map((one) => page.querySelector(one)?.textContent);
  fault.textContent = said.find(Boolean) ?? lost.textContent;
  return fault;
};

const preview = async () => {
  const data = new URLSearchParams(new FormData(form));
  data.set("preview", "1");
  const answer = await fetch(form.action, { method: "POST", body: data });
  takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
};

// Once is enough. A reader who stops a slow answer may send again after a while.
let sending;
const hold = (held) => {
  clearTimeout(sending);
  sending = held && setTimeout(hold, 10_000, false);
  form.querySelectorAll("[type=submit]").forEach((one) => one.setAttribute("aria-disabled", held));
};

form.addEventListener("submit", (event) => {
  const previews = event.submitter?.name === "preview";
  if (sending || previews || !navigator.onLine) event.preventDefault();
  if (sending) return;
  saveDraft();
  if (remember.checked) saveReader();
  show(lost, !navigator.onLine);
  if (!navigator.onLine) return say(lost);
  hold(true);
  if (previews) preview().catch(() => say(lost)).finally(() => hold(false));
});
addEventListener("online", () => show(lost, false));

// Name and address, if asked for.
const remember = part("#reply-remember");
const saveReader = () => lasting.set("reader", remember.checked && { name: name.value, email: email.value });
const known = lasting.get("reader");
remember.checked = Boolean(known);
name.value ||= known?.name ?? "";
email.value ||= known?.email ?? "";
remember.addEventListener("change", saveReader);
addEventListener("storage", ({ key, newValue }) => { if (key === "reader") remember.checked = Boolean(newValue); });
show(part(".remember"), lasting.set("probe", null));
form.addEventListener("input", ({ target: field }) => {
  if (field === body) saveDraft();
  else if (remember.checked) saveReader();
});

restored.querySelector("button").addEventListener("click", () => {
  body.value = "";
  saveDraft();
  show(restored, false);
  body.focus();
});

// A draft has done its work when its words stand in the thread: marks and addresses left out,
// they read the same.
const bare = (text) => text.replace(/<[^>]*>|\]\([^)]*\)|^[\s>]*(\d+[.)]\s|(```|~~~).*$)/gm, "")
  .normalize("NFD").replace(/[^\p{L}\p{N}\p{S}]|[`<>+=|~^]/gu, "");

const dropTaken = () => {
  const words = /^#comment-\d+$/.test(location.hash) && document.querySelector(`${location.hash} .words`);
  const taken = words && bare(words.textContent);
  const done = readDrafts().filter((draft) => taken && bare(draft.body) === taken);
  done.forEach((draft) => lasting.set(draft.key, null));
  if (done.length) passing.set("taken", done[0].body);
};

// Going back to the form that sent it, a reader finds it empty.
const forgetTaken = () => {
  if (body.value && body.value === passing.get("taken")) {
    body.value = "";
    if (!cancel.hidden) goBack();
  }
};

const begin = () => {
  if (under && cancel.hidden) parent.value = point.value = "";
  dropTaken();
  forgetTaken();
  const drafts = readDrafts();
  if (body.value.trim()) {
    const same = drafts.find((draft) => draft.body === body.value);
    if (under && cancel.hidden && same?.target) open(`?${same.target}`);
    if (saveDraft() && same && same.key !== ownKey()) lasting.set(same.key, null);
    return;
  }
  const waiting = drafts.find((draft) => draft.target === target());
  if (waiting) return restore(waiting);
  if (under && drafts.length) {
    const link = unfinished.querySelector("a");
    link.href = `${form.action}?${drafts[0].target}#reply-form`;
    link.textContent = drafts[0].body.trim().replace(/^(.{50}\S*)\s.*/s, "$1\u2026");
    show(unfinished);
  }
};

// A page that is loaded again is filled in by the browser, hidden fields too, and after this.
const again = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
if (!again) begin();
addEventListener("pageshow", ({ persisted }) => {
  hold(false);
  if (persisted) forgetTaken();
  else if (again) begin();
});
