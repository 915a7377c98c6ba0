"""The Markdown that essays and replies are written in: our own patterns where the library's cost
the square of the text, or where what they make surprises people."""

import re
from collections.abc import Collection
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor, InlineProcessor
from markdown.treeprocessors import PrettifyTreeprocessor, Treeprocessor
from markdown.util import AtomicString

from articles.text.preprocessor import LayoutPreprocessor, Limits

# Each piece is bounded, so that no run of brackets is read again and again: the library's own
# patterns take time by the square of the text (its worst: 10 KB of "[" in ten seconds).
LABEL = r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){1,500}?)\]"
ADDRESS = r"<?([^\s<>()]{0,2000}(?:\([^\s<>()]{0,500}\)[^\s<>()]{0,500}){0,3})>?"
TITLE = r"(?:\s{1,9}(?:\"([^\"\n]{0,300})\"|'([^'\n]{0,300})'))?"
LINK = rf"(?<!!){LABEL}\(\s{{0,9}}{ADDRESS}{TITLE}\s{{0,9}}\)"
IMAGE = r"!\[([^\[\]]{0,500})\]" + rf"\(\s{{0,9}}{ADDRESS}{TITLE}\s{{0,9}}\)"
REFERENCE = r"(?<!!)\[([^\[\]^][^\[\]]{0,300})\](?:\s?\[([^\[\]]{0,300})\])?"
FOOTNOTE = r"\[\^([^\[\]\s]{1,80})\]"

HEADING = re.compile(r"(#{2,6}(?!#)|#(?= )) *(.*)")
BACKTICKS = re.compile("`+")
MAX_ABBREVIATIONS, MAX_ABBREVIATION_USES, MAX_TITLE_LENGTH = 100, 20, 300
MAX_CODE_SPAN_LENGTH = 2_000
# `{: .pullquote }` and the like, which other editors write behind a heading or a paragraph.
ATTRIBUTES = re.compile(r"\{[:.#][^{}\n]{0,200}\}$")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
DEFINITION = re.compile(r" {0,3}(?:\*\[|\[[^\]\n]{1,300}\]:)")


class Link(InlineProcessor):
    """`[text](address "title")`"""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, match, data):  # type: ignore[override]  # noqa: N802
        element = Element("a", href=self.unescape(match[2]))
        element.text = match[1]
        if title := match[3] or match[4]:
            element.set("title", self.unescape(title))
        return element, match.start(), match.end()


class Reference(InlineProcessor):
    """`[text][name]`, `[name][]` and `[name]`, where the essay defines the name."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, match, data):  # type: ignore[override]  # noqa: N802
        name = " ".join((match[2] or match[1]).lower().split())
        if name not in self.md.references:
            return None, None, None
        address, title = self.md.references[name]
        element = Element("a", href=address)
        element.text = match[1]
        if title:
            element.set("title", title)
        return element, match.start(), match.end()


class Image(InlineProcessor):
    """`![alt](address "title")`: a picture of this site; one from elsewhere becomes a link."""

    def handleMatch(self, match, data):  # type: ignore[override]  # noqa: N802
        alt, address = self.unescape(match[1]), self.unescape(match[2])
        if address.startswith("/") and not address.startswith(("//", "/\\")):
            element = Element("img", src=address, alt=alt)
            if title := match[3] or match[4]:
                element.set("title", self.unescape(title))
        else:
            element = Element("a", href=address)
            element.text = alt or address
        return element, match.start(), match.end()


class LoneLines(BlockProcessor):
    """Makes a block of each line that is one: the library takes such lines off a block one by
    one, and reads all the rest again each time."""

    def test(self, parent, block):  # type: ignore[override]
        return "\n" in block

    def run(self, parent, blocks):  # type: ignore[override]
        pieces: list[list[str]] = [[]]
        for line in blocks[0].split("\n"):
            alone = is_heading(line)
            if pieces[-1] and (alone or DEFINITION.match(line)):
                pieces.append([])
            pieces[-1].append(line)
            if alone or UNDERLINE.match(line):
                pieces.append([])
        if len(pieces) == 1 or not pieces[1]:
            return False
        blocks[:1] = ["\n".join(piece) for piece in pieces if piece]
        return None


def is_heading(line: str) -> bool:
    return line.startswith("#") and bool(HEADING.match(line))


class CodeSpan(BacktickInlineProcessor):
    """`code` between as many backticks as it opened with, not too far away."""

    def find_code_spans(self, start, text):  # type: ignore[override]
        opening = BACKTICKS.match(text, start)
        assert opening
        inside, length = opening.end(), len(opening[0])
        for closing in BACKTICKS.finditer(text, inside, inside + MAX_CODE_SPAN_LENGTH):
            if len(closing[0]) == length:
                return inside, closing.start()
        return inside, None


class Headings(BlockProcessor):
    """`## Heading`. A single # needs a space behind it: "#hashtag" is text."""

    def test(self, parent, block):  # type: ignore[override]
        return is_heading(block)

    def run(self, parent, blocks):  # type: ignore[override]
        line, _, rest = blocks.pop(0).partition("\n")
        heading = HEADING.match(line)
        assert heading
        element = Element(f"h{len(heading[1])}")
        element.text = ATTRIBUTES.sub("", heading[2].rstrip()).rstrip().rstrip("#").rstrip()
        if element.text:
            parent.append(element)
        if rest:
            blocks.insert(0, rest)


class Pullquotes(Treeprocessor):
    """A paragraph whose last line is `{: .pullquote }` is one; other such lines are dropped."""

    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            text, _, last = (paragraph.text or "").rpartition("\n")
            if ATTRIBUTES.fullmatch(last.strip()):
                paragraph.text = text
                if ".pullquote" in last:
                    paragraph.set("class", "pullquote")


class Figures(Treeprocessor):
    """A picture with a title that is a paragraph of its own: the title is its caption."""

    def run(self, root: Element) -> None:
        for paragraph in root.findall("p"):
            pictures = paragraph.findall("img[@title]")
            if len(paragraph) == len(pictures) == 1 and not has_words(paragraph):
                paragraph.tag, paragraph.text = "figure", None
                picture = paragraph[0]
                picture.tail = None
                SubElement(paragraph, "figcaption").text = picture.attrib.pop("title")


def has_words(paragraph: Element) -> bool:
    """Whether there are any beside the paragraph's one element."""
    return bool((paragraph.text or "").strip() or (paragraph[0].tail or "").strip())


class Footnotes(FootnoteExtension):
    """Footnotes that may be called many times: the library tries all numbers up to a free one."""

    def unique_ref(self, reference: str, found: bool = False) -> str:
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        kind, name = reference.split("-", 1)
        return f"{kind}{count}-{name}" if count > 1 else reference


class Abbreviations(Treeprocessor):
    """Marks an abbreviation's first uses: with all of them, a short text makes a huge page."""

    def __init__(self, md: Markdown, titles: dict[str, str]):
        super().__init__(md)
        self.titles = titles

    def run(self, root: Element) -> None:
        titles = {name: title[:MAX_TITLE_LENGTH] for name, title in self.titles.items() if title}
        if titles:
            names = sorted(titles, key=len, reverse=True)[:MAX_ABBREVIATIONS]
            self.pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
            self.left = dict.fromkeys(names, MAX_ABBREVIATION_USES)
            self.titles_now = titles
            for element in list(root.iter()):
                if element.tag not in {"abbr", "code"}:
                    self.mark(element)

    def mark(self, element: Element) -> None:
        children = list(element)
        element.text, made = self.split(element.text)
        for child in children:
            child.tail, after = self.split(child.tail)
            made += [child, *after]
        element[:] = made

    def split(self, text: str | None) -> tuple[str | None, list[Element]]:
        """The text up to the first abbreviation, and the abbreviations with what follows each."""
        if not text or isinstance(text, AtomicString):
            return text, []
        first, *rest = self.pattern.split(text)
        made: list[Element] = []
        for name, tail in zip(rest[::2], rest[1::2], strict=True):
            if self.left[name]:
                self.left[name] -= 1
                made.append(Element("abbr", title=self.titles_now[name]))
                made[-1].text, made[-1].tail = AtomicString(name), tail
            elif made:
                made[-1].tail = f"{made[-1].tail}{name}{tail}"
            else:
                first += name + tail
        return first, made


def trim_parser(md: Markdown, limits: Limits, unwanted: Collection[str] = ()) -> Markdown:
    """Takes out raw HTML and every pattern whose cost grows by the square of the text."""
    md.preprocessors.deregister("html_block")
    md.preprocessors.register(LayoutPreprocessor(md, limits), "layout", 25)
    inline, blocks = md.inlinePatterns, md.parser.blockprocessors
    for name in ("html", "link", "reference", "short_reference", "image_link", *unwanted):
        inline.deregister(name)
    for name in ("image_reference", "short_image_ref"):
        inline.deregister(name)
    inline.register(CodeSpan(BACKTICK_RE), "backtick", 190)
    inline.register(Link(LINK, md), "link", 160)
    blocks.register(LoneLines(md.parser), "lone_lines", 95)
    # "1990. A year to remember" is a sentence.
    numbers = blocks["olist"]
    for name in ("RE", "CHILD_RE", "INDENT_RE"):
        pattern = getattr(numbers, name).pattern.replace(r"\d+", r"\d{1,3}")
        setattr(numbers, name, re.compile(pattern))
    return md


def build_parser(limits: Limits) -> Markdown:
    """The essays' parser."""
    notes = Footnotes(SEPARATOR="-", BACKLINK_TEXT="\u21a9\ufe0e")
    extensions: list[str | Extension] = [notes, "smarty", "sane_lists", "tables"]
    abbreviations: Any = AbbrExtension()
    md = Markdown(extensions=[*extensions, abbreviations], output_format="html")
    trim_parser(md, limits)
    md.parser.blockprocessors.register(Headings(md.parser), "hashheader", 70)
    md.treeprocessors.register(Pullquotes(md), "pullquotes", 45)
    # Behind "inline", which makes the pictures; before "smarty", which sets the captions' quotes.
    md.treeprocessors.register(Figures(md), "figures", 15)
    # Behind "smarty", which looks up each block that has a line end after it among all others.
    md.treeprocessors.register(PrettifyTreeprocessor(md), "prettify", 4)
    md.treeprocessors.register(Abbreviations(md, abbreviations.abbrs), "abbr", 7)
    md.inlinePatterns.register(Image(IMAGE, md), "image_link", 165)
    md.inlinePatterns.register(Reference(REFERENCE, md), "reference", 150)
    note = md.inlinePatterns["footnote"]
    note.pattern, note.compiled_re = FOOTNOTE, re.compile(FOOTNOTE)
    return md
