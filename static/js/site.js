// Comfort only: every page works without this file.

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

