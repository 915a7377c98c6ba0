// Comfort only: every page works without this file.

const outline = document.querySelector(".outline");

// Times in words; the exact one stays in the title.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];

for (const time of document.querySelectorAll(".comment time")) {
  const seconds = Math.max((Date.now() - new Date(time.dateTime)) / 1000, 0);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  time.textContent = words.format(-Math.trunc(seconds / size), unit);
}

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

// Whoever arrives at a comment hears it.
const arrive = () => {
  const comment = location.hash.startsWith("#comment-") && document.getElementById(location.hash.slice(1));
  if (!comment) return;
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
};
addEventListener("hashchange", arrive);
arrive();
