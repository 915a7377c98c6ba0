// Every public page: the outline marks the section being read, and the keyboard can scroll wide
// boxes. Every page works without this file.
//
// It exports the storage and the shortcuts that the other scripts use. They have no files of their
// own, because an essay's page may take six requests and loads this file anyway.

// The browser's storage, with values as JSON. A browser may refuse to store anything: then nothing
// is read, and set() and remove() return false.
const openStorage = (getArea) => {
  const attempt = (action, refused) => { try { return action(getArea()); } catch { return refused; } };
  return {
    keys: () => attempt((area) => Object.keys(area), []),
    get: (key) => attempt((area) => JSON.parse(area.getItem(key)), null),
    set: (key, value) => attempt((area) => { area.setItem(key, JSON.stringify(value)); return true; }, false),
    remove: (key) => attempt((area) => { area.removeItem(key); return true; }, false),
  };
};
export const local = openStorage(() => localStorage);
export const session = openStorage(() => sessionStorage);

// Single-key shortcuts, which a reader can turn off (WCAG 2.2, 2.1.4): `actions` by key, while
// `checkbox` is ticked and the focus is outside `typingFields`. `once` has the keys that do nothing
// while they are held down.
export const listenForKeys = (actions, { checkbox, typingFields, once = "" }) => {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!checkbox.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || !Object.hasOwn(actions, key) || target.closest(typingFields)) return;
    if (event.repeat && once.includes(key)) return;
    event.preventDefault();
    actions[key]();
  });
};

const outline = document.querySelector(".outline");

// The outline stands open where it has the margin to itself.
if (outline) {
  const links = [...outline.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const currentTitle = outline.querySelector(".current-section");
  const isInMargin = () => getComputedStyle(outline).getPropertyValue("--in-margin") === "1";
  const markCurrentSection = () => {
    const readingLine = innerHeight / 4;
    const current = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < readingLine);
    links.forEach((link, index) => {
      if (index === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
    currentTitle.textContent = links[current]?.textContent ?? "";
  };
  const observer = new IntersectionObserver(markCurrentSection, { rootMargin: "999999px 0px -75%" });
  headings.forEach((heading) => observer.observe(heading));

  const openInMargin = () => { if (outline.open !== isInMargin()) outline.open = isInMargin(); };
  let lastWidth = innerWidth;
  addEventListener("resize", () => {
    if (lastWidth === innerWidth) return;
    lastWidth = innerWidth;
    openInMargin();
  });
  openInMargin();
  outline.addEventListener("click", (event) => {
    if (event.target.closest("a") && !isInMargin()) outline.open = false;
  });
}

for (const box of document.querySelectorAll("pre, table")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
