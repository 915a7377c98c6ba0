// The reply form: drafts, opening it under a comment, quoting, preview, the remembered reader.
// Without this file it posts and previews on a page of its own.

import { local, session } from "./site.js";

const form = document.getElementById("reply-form");
const { body, name, email, parent, point } = form.elements;
const find = (selector) => form.querySelector(selector);
const setVisible = (element, isVisible = true) => { element.hidden = !isVisible; };
const announce = (element) => { setVisible(element); element.tabIndex = -1; element.focus(); };

// Drafts: one for each essay, target and open page, so that two tabs never overwrite each other.
const draftPrefix = `draft ${new URL(form.action).pathname}?`;
const pageId = Math.random().toString(36).slice(2);
const restoredNotice = find(".restored");
const unfinishedNotice = find(".unfinished");
const readTarget = () => parent.value ? `parent=${parent.value}` : point.value && `point=${point.value}`;
const draftKey = () => `${draftPrefix}${readTarget()} ${pageId}`;

// This essay's drafts, the newest first.
const readDrafts = () => local.keys().filter((key) => key.startsWith(draftPrefix))
  .map((key) => ({ key, ...local.get(key) })).filter((draft) => draft.body)
  .sort((one, other) => other.time - one.time);

const saveDraft = (time = Date.now()) => {
  if (!body.value.trim()) return local.remove(draftKey());
  return local.set(draftKey(), { target: readTarget(), body: body.value, time });
};

const restoreDraft = (draft) => {
  body.value = draft.body;
  if (saveDraft(draft.time) && draft.key !== draftKey()) local.remove(draft.key);
  const format = { dateStyle: "medium", timeStyle: "short" };
  const time = new Date(draft.time).toLocaleString(document.documentElement.lang, format);
  restoredNotice.querySelector("time").textContent = time;
  setVisible(restoredNotice);
};

// Sets what the form answers, from a Reply link's query. The typed text moves with it, unless the
// new target has a draft: then each target keeps its own.
const setTarget = (query) => {
  const oldKey = draftKey(), typed = body.value;
  const parameters = new URLSearchParams(query);
  parent.value = parameters.get("parent") ?? "";
  point.value = parameters.get("point") ?? "";
  if (oldKey === draftKey()) return;
  const draft = readDrafts().find((draft) => draft.target === readTarget());
  setVisible(restoredNotice, false);
  setVisible(unfinishedNotice, false);
  if (draft && (!typed.trim() || local.get(oldKey)?.body === typed)) restoreDraft(draft);
  else if (saveDraft()) local.remove(oldKey);
};

// The form opens under the comment or point that is answered, and closes to its first position.
const firstPosition = document.createComment("");
const answeringNote = find(".reply-context");
const cancelButton = find(".cancel");
const thread = form.closest("#comments");
let openedLink;
form.before(firstPosition);

// Returns false if the page does not show what the link answers.
const openForm = (query) => {
  const links = [...document.querySelectorAll("a.reply, a.reply-to-point")];
  const link = links.find((one) => one.search === query && !form.contains(one));
  const answered = thread && link?.closest(".comment, li");
  if (!answered) return false;
  setTarget(query);
  const answeredLink = answeringNote.querySelector("a");
  answeredLink.href = `#${answered.id}`;
  if (answered.matches(".comment")) {
    const parts = [".number", ".name"].map((selector) => answered.querySelector(selector).textContent);
    answeredLink.textContent = parts.join(" ");
    answered.after(form);
  } else {
    const copy = answered.cloneNode(true);
    copy.querySelectorAll(".point-links, form, ul, ol").forEach((element) => element.remove());
    answeredLink.textContent = copy.textContent.trim();
    answered.insertBefore(form, answered.querySelector(":scope > :is(ul, ol)"));
  }
  for (let branch = form; (branch = branch.parentElement.closest("details"));) branch.open = true;
  setVisible(answeringNote);
  setVisible(cancelButton);
  form.setAttribute("aria-describedby", answeringNote.id);
  openedLink = link;
  return true;
};

const closeForm = () => {
  setTarget("");
  setVisible(answeringNote, false);
  setVisible(cancelButton, false);
  form.removeAttribute("aria-describedby");
  firstPosition.after(form);
};
const cancel = () => { closeForm(); openedLink.focus(); };
cancelButton.addEventListener("click", cancel);
form.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !cancelButton.hidden) cancel();
});

// The text selected within the essay or within one comment, and the element around it.
const readSelection = () => {
  const { anchorNode, focusNode } = getSelection();
  const text = getSelection().toString().trim();
  const [source, end] = [anchorNode, focusNode].map((node) => {
    const element = node?.closest ? node : node?.parentElement;
    return !form.contains(node) && element?.closest(".comment-body, .prose, .reply-target .point");
  });
  return text && source && source === end ? { text, source } : null;
};

const insertQuote = ({ text }) => {
  const caret = body.selectionEnd;
  const before = body.value.slice(0, caret), after = body.value.slice(caret);
  const lead = "\n".repeat(before ? 2 - Math.min(before.match(/\n*$/)[0].length, 2) : 0);
  const quote = text.replace(/^/gm, "> ").replace(/ +$/gm, "");
  body.setRangeText(`${lead}${quote}${after.startsWith("\n\n") ? "" : "\n\n"}`, caret, caret, "end");
  saveDraft();
};

let selectionAtPress; // pressing a link clears the selection before its click event
document.addEventListener("pointerdown", () => { selectionAtPress = readSelection(); }, true);
const quoteButton = find(".quote");
document.addEventListener("selectionchange", () => setVisible(quoteButton, readSelection()));
quoteButton.addEventListener("mousedown", (event) => event.preventDefault());
quoteButton.addEventListener("click", () => {
  const selection = readSelection();
  if (selection) insertQuote(selection);
  body.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.reply, a.reply-to-point, .unfinished a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  const isByKeyboard = !event.detail;
  const selection = isByKeyboard ? readSelection() : selectionAtPress;
  if (!openForm(link.search)) return;
  event.preventDefault();
  const commentBody = `#${openedLink.closest(".comment")?.id} .comment-body`;
  const answered = link.matches(".reply-to-point") ? ".prose" : commentBody;
  if (selection?.source.matches(answered)) insertQuote(selection);
  body.focus();
});

// The preview and the errors come from the server's page: its parts replace those of this page.
const offlineNotice = find(".offline");
const fields = { body, name, email };

const showResponse = (page) => {
  const newForm = page.getElementById("reply-form");
  const oldParts = document.querySelectorAll(".preview, #reply-errors, #reply-form .error");
  oldParts.forEach((element) => element.remove());
  for (const [key, field] of Object.entries(fields)) {
    field.before(...page.querySelectorAll(`#reply-${key}_error`));
    for (const attribute of ["aria-invalid", "aria-describedby"]) {
      const value = newForm?.elements[key].getAttribute(attribute);
      if (value) field.setAttribute(attribute, value);
      else if (newForm) field.removeAttribute(attribute);
    }
  }
  const token = newForm?.elements.csrfmiddlewaretoken;
  if (token) form.elements.csrfmiddlewaretoken?.remove();
  if (token) form.append(token);
  const preview = page.querySelector(".preview");
  const message = preview ?? page.getElementById("reply-errors") ?? buildErrorMessage(page);
  message.removeAttribute("autofocus"); // a document takes one
  if (preview) find(".buttons").before(message); else answeringNote.after(message);
  announce(message);
};

// The text of a page that has no form, such as a closed essay's or a server error.
const buildErrorMessage = (page) => {
  const message = offlineNotice.cloneNode();
  message.id = "reply-errors";
  message.className = "errors";
  const selectors = ["main .errors", "main h1 + p", "h1"];
  const texts = selectors.map((selector) => page.querySelector(selector)?.textContent);
  message.textContent = texts.find(Boolean) ?? offlineNotice.textContent;
  return message;
};

const requestPreview = async () => {
  const data = new URLSearchParams(new FormData(form));
  data.set("preview", "1");
  const response = await fetch(form.action, { method: "POST", body: data });
  showResponse(new DOMParser().parseFromString(await response.text(), "text/html"));
};

// A second press does nothing while the first is sent. After ten seconds the reader may try again.
let sendTimer;
const setSending = (isSending) => {
  clearTimeout(sendTimer);
  sendTimer = isSending && setTimeout(setSending, 10_000, false);
  const buttons = form.querySelectorAll("[type=submit]");
  buttons.forEach((button) => button.setAttribute("aria-disabled", isSending));
};

form.addEventListener("submit", (event) => {
  const isPreview = event.submitter?.name === "preview";
  if (sendTimer || isPreview || !navigator.onLine) event.preventDefault();
  if (sendTimer) return;
  saveDraft();
  if (rememberCheckbox.checked) saveReader();
  setVisible(offlineNotice, !navigator.onLine);
  if (!navigator.onLine) return announce(offlineNotice);
  setSending(true);
  if (isPreview) requestPreview().catch(() => announce(offlineNotice)).finally(() => setSending(false));
});
addEventListener("online", () => setVisible(offlineNotice, false));

// The reader's name and address are stored only if the reader asks for it.
const rememberCheckbox = find("#reply-remember");
const saveReader = () => {
  if (rememberCheckbox.checked) local.set("reader", { name: name.value, email: email.value });
  else local.remove("reader");
};
const storedReader = local.get("reader");
rememberCheckbox.checked = Boolean(storedReader);
name.value ||= storedReader?.name ?? "";
email.value ||= storedReader?.email ?? "";
rememberCheckbox.addEventListener("change", saveReader);
addEventListener("storage", ({ key, newValue }) => {
  if (key === "reader") rememberCheckbox.checked = Boolean(newValue);
});
setVisible(find(".remember"), local.remove("probe")); // false where storage is refused
form.addEventListener("input", ({ target: field }) => {
  if (field === body) saveDraft();
  else if (rememberCheckbox.checked) saveReader();
});

restoredNotice.querySelector("button").addEventListener("click", () => {
  body.value = "";
  saveDraft();
  setVisible(restoredNotice, false);
  body.focus();
});

// Markdown and its rendering reduced to the same letters: without tags, link addresses, list
// numbers, fences, punctuation and white space.
const reduceToLetters = (text) => text.replace(/<[^>]*>|\]\([^)]*\)|^[\s>]*(\d+[.)]\s|(```|~~~).*$)/gm, "")
  .normalize("NFD").replace(/[^\p{L}\p{N}\p{S}]|[`<>+=|~^]/gu, "");

// After posting, the page opens at the new comment. The draft that became it is removed.
const removePostedDrafts = () => {
  const isAtComment = /^#comment-\d+$/.test(location.hash);
  const words = isAtComment && document.querySelector(`${location.hash} .comment-body`);
  const posted = words && reduceToLetters(words.textContent);
  const drafts = readDrafts().filter((draft) => posted && reduceToLetters(draft.body) === posted);
  drafts.forEach((draft) => local.remove(draft.key));
  if (drafts.length) session.set("posted", drafts[0].body);
};

// The browser's Back button leads to a form that still holds the posted text.
const clearPostedText = () => {
  if (body.value && body.value === session.get("posted")) {
    body.value = "";
    if (!cancelButton.hidden) closeForm();
  }
};

const offerDrafts = () => {
  if (thread && cancelButton.hidden) parent.value = point.value = "";
  removePostedDrafts();
  clearPostedText();
  const drafts = readDrafts();
  if (body.value.trim()) {
    const same = drafts.find((draft) => draft.body === body.value);
    if (thread && cancelButton.hidden && same?.target) openForm(`?${same.target}`);
    if (saveDraft() && same && same.key !== draftKey()) local.remove(same.key);
    return;
  }
  const draft = drafts.find((draft) => draft.target === readTarget());
  if (draft) return restoreDraft(draft);
  if (thread && drafts.length) {
    const link = unfinishedNotice.querySelector("a");
    link.href = `${form.action}?${drafts[0].target}#reply-form`;
    link.textContent = drafts[0].body.trim().replace(/^(.{50}\S*)\s.*/s, "$1\u2026");
    setVisible(unfinishedNotice);
  }
};

// The browser fills in a reloaded page's fields, hidden ones too, after scripts have run.
const isReload = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
if (!isReload) offerDrafts();
addEventListener("pageshow", ({ persisted }) => {
  setSending(false);
  if (persisted) clearPostedText();
  else if (isReload) offerDrafts();
});
