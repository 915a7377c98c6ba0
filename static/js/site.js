// Every public page: the outline marks the section being read, and the keyboard can scroll wide
// boxes. Every page works without this file.

const outline = document.querySelector(".outline");

// The outline stands open where it has the margin to itself.
if (outline) {
  const links = [...outline.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const currentTitle = outline.querySelector(".here");
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
