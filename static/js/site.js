// Comfort only: every page works without this file.

const form = document.getElementById("reply-form");
const outline = document.querySelector(".outline");

// The outline says where the reader is. It stands open where it has a margin to itself.
if (outline) {
  const links = [...outline.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const here = outline.querySelector(".here");
  const isWide = () => getComputedStyle(outline).getPropertyValue("--in-margin") === "1";
  const place = () => {
    const line = innerHeight / 4;
    const index = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < line);
    links.forEach((link, i) => i === index ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current"));
    here.textContent = links[index]?.textContent ?? "";
  };
  const watch = new IntersectionObserver(place, { rootMargin: "999999px 0px -75%" });
  headings.forEach((heading) => watch.observe(heading));
  const fit = () => { if (outline.open !== isWide()) outline.open = isWide(); };
  let width = innerWidth;
  addEventListener("resize", () => { if (width !== innerWidth) fit(width = innerWidth); });
  fit();
  outline.addEventListener("click", (event) => {
    if (event.target.closest("a") && !isWide()) outline.open = false;
  });
}

// What scrolls inside itself can be reached by keyboard.
for (const box of document.querySelectorAll("pre, table")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// The form comes to what is answered, keeps what was typed, and goes back.
const note = form?.querySelector(".answering");
if (note) {
  const home = document.createComment("");
  form.before(home);
  const cancel = form.querySelector("button.plain");
  let opener;
  // Some browsers fill hidden fields again when a page is loaded again.
  if (form.closest("#comments")) form.elements.parent.value = form.elements.point.value = "";

  const answer = (link) => {
    const asked = new URL(link.href).searchParams;
    form.elements.parent.value = asked.get("parent") ?? "";
    form.elements.point.value = asked.get("point") ?? "";
    const target = link.closest(".comment, li");
    const whom = note.querySelector("a");
    whom.href = `#${target.id}`;
    if (target.matches(".comment")) {
      whom.textContent = ["number", "name"].map((part) => target.querySelector(`.${part}`).textContent).join(" ");
      target.after(form);
    } else {
      const text = target.cloneNode(true);
      text.querySelectorAll(".point-tools, form, ul, ol").forEach((part) => part.remove());
      whom.textContent = text.textContent.trim();
      target.insertBefore(form, target.querySelector(":scope > :is(ul, ol)"));
    }
    note.hidden = cancel.hidden = false;
    opener = link;
    form.elements.body.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.reply, a.answer");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    answer(link);
  });

  cancel.addEventListener("click", () => {
    form.elements.parent.value = form.elements.point.value = "";
    note.hidden = cancel.hidden = true;
    home.after(form);
    opener.focus();
  });
}
