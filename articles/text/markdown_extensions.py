"""Replacements for the Markdown library's patterns that take quadratic time or surprise people."""

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

# Each part is bounded, so that a row of brackets is not read again from each bracket: the
# library's own patterns take quadratic time (ten seconds for 10 KB of "[").
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
# `{: .pullquote }` and the like, which other editors write after a heading or a paragraph.
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
    """`[text][name]`, `[name][]` and `[name]`, if the essay defines the name."""

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
    """`![alt](address "title")`: an image of this site; one from another site becomes a link."""

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


class SingleLineBlocks(BlockProcessor):
    """Splits headings and definitions off the lines around them.

    The library splits them off one by one and reads all following lines again each time.
    """

    def test(self, parent: Element, block: str) -> bool:
        return "\n" in block

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        groups: list[list[str]] = [[]]
        for line in blocks[0].split("\n"):
            heading = is_heading(line)
            if groups[-1] and (heading or DEFINITION.match(line)):
                groups.append([])
            groups[-1].append(line)
            if heading or UNDERLINE.match(line):
                groups.append([])
        if len(groups) == 1 or not groups[1]:
            return False
        blocks[:1] = ["\n".join(group) for group in groups if group]
        return None


def is_heading(line: str) -> bool:
    return line.startswith("#") and bool(HEADING.match(line))


class CodeSpan(BacktickInlineProcessor):
    """`code` that ends with as many backticks as it starts with, in limited distance."""

    def find_code_spans(self, start, text):  # type: ignore[override]
        opening = BACKTICKS.match(text, start)
        assert opening
        code_start, length = opening.end(), len(opening[0])
        for closing in BACKTICKS.finditer(text, code_start, code_start + MAX_CODE_SPAN_LENGTH):
            if len(closing[0]) == length:
                return code_start, closing.start()
        return code_start, None


class Headings(BlockProcessor):
    """`## Heading`. A single # needs a space after it: "#hashtag" is text."""

    def test(self, parent: Element, block: str) -> bool:
        return is_heading(block)

    def run(self, parent: Element, blocks: list[str]) -> None:
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
    """Marks a paragraph that ends in a line `{: .pullquote }`; drops other such lines."""

    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            text, _, last = (paragraph.text or "").rpartition("\n")
            if ATTRIBUTES.fullmatch(last.strip()):
                paragraph.text = text
                if ".pullquote" in last:
                    paragraph.set("class", "pullquote")


class Figures(Treeprocessor):
    """Makes a figure of an image with a title that is alone in a paragraph; the title is its
    caption."""

    def run(self, root: Element) -> None:
        for paragraph in root.findall("p"):
            images = paragraph.findall("img[@title]")
            if len(paragraph) == len(images) == 1 and not has_text(paragraph):
                paragraph.tag, paragraph.text = "figure", None
                image = paragraph[0]
                image.tail = None
                SubElement(paragraph, "figcaption").text = image.attrib.pop("title")


def has_text(paragraph: Element) -> bool:
    """Whether there is text before or after the paragraph's only element."""
    return bool((paragraph.text or "").strip() or (paragraph[0].tail or "").strip())


class Footnotes(FootnoteExtension):
    """Counts the calls of a footnote; the library tries all numbers from one up to a free one."""

    def unique_ref(self, reference: str, found: bool = False) -> str:
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        kind, name = reference.split("-", 1)
        return f"{kind}{count}-{name}" if count > 1 else reference


class Abbreviations(Treeprocessor):
    """Marks the first uses of each abbreviation; marking all could make a huge page of a short
    text."""

    def __init__(self, md: Markdown, titles: dict[str, str]):
        super().__init__(md)
        self.titles = titles

    def run(self, root: Element) -> None:
        names = sorted(filter(self.titles.get, self.titles), key=len, reverse=True)
        names = names[:MAX_ABBREVIATIONS]
        if names:
            self.pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
            self.uses_left = dict.fromkeys(names, MAX_ABBREVIATION_USES)
            for element in list(root.iter()):
                if element.tag not in {"abbr", "code"}:
                    self.mark_in(element)

    def mark_in(self, element: Element) -> None:
        """Marks abbreviations in the element's own texts, not in those of its children."""
        children = list(element)
        element.text, content = self.split(element.text)
        for child in children:
            child.tail, abbreviations = self.split(child.tail)
            content += [child, *abbreviations]
        element[:] = content

    def split(self, text: str | None) -> tuple[str | None, list[Element]]:
        """The text up to the first abbreviation, and the abbreviations, each with its tail."""
        if not text or isinstance(text, AtomicString):
            return text, []
        first, *rest = self.pattern.split(text)
        elements: list[Element] = []
        for name, tail in zip(rest[::2], rest[1::2], strict=True):
            if self.uses_left[name]:
                self.uses_left[name] -= 1
                elements.append(Element("abbr", title=self.titles[name][:MAX_TITLE_LENGTH]))
                elements[-1].text, elements[-1].tail = AtomicString(name), tail
            elif elements:
                elements[-1].tail = f"{elements[-1].tail}{name}{tail}"
            else:
                first += name + tail
        return first, elements


def trim_parser(md: Markdown, limits: Limits, unwanted: Collection[str] = ()) -> Markdown:
    """Removes raw HTML and the `unwanted` patterns; replaces those that take quadratic time."""
    md.preprocessors.deregister("html_block")
    md.preprocessors.register(LayoutPreprocessor(md, limits), "layout", 25)
    inline, blocks = md.inlinePatterns, md.parser.blockprocessors
    for name in ("html", "link", "reference", "short_reference", "image_link", *unwanted):
        inline.deregister(name)
    for name in ("image_reference", "short_image_ref"):
        inline.deregister(name)
    inline.register(CodeSpan(BACKTICK_RE), "backtick", 190)
    inline.register(Link(LINK, md), "link", 160)
    blocks.register(SingleLineBlocks(md.parser), "single_line_blocks", 95)
    # "1990. A year to remember" is a sentence.
    numbered_list = blocks["olist"]
    for name in ("RE", "CHILD_RE", "INDENT_RE"):
        pattern = getattr(numbered_list, name).pattern.replace(r"\d+", r"\d{1,3}")
        setattr(numbered_list, name, re.compile(pattern))
    return md


def build_parser(limits: Limits) -> Markdown:
    """The essays' parser."""
    footnotes = Footnotes(SEPARATOR="-", BACKLINK_TEXT="\u21a9\ufe0e")
    extensions: list[str | Extension] = [footnotes, "smarty", "sane_lists", "tables"]
    abbreviations: Any = AbbrExtension()
    md = Markdown(extensions=[*extensions, abbreviations], output_format="html")
    trim_parser(md, limits)
    md.parser.blockprocessors.register(Headings(md.parser), "hashheader", 70)
    md.treeprocessors.register(Pullquotes(md), "pullquotes", 45)
    # After "inline", which makes the images, and before "smarty", for the quotes in captions.
    md.treeprocessors.register(Figures(md), "figures", 15)
    # After "smarty", which takes quadratic time for blocks with a line end after them.
    md.treeprocessors.register(PrettifyTreeprocessor(md), "prettify", 4)
    md.treeprocessors.register(Abbreviations(md, abbreviations.abbrs), "abbr", 7)
    md.inlinePatterns.register(Image(IMAGE, md), "image_link", 165)
    md.inlinePatterns.register(Reference(REFERENCE, md), "reference", 150)
    footnote = md.inlinePatterns["footnote"]
    footnote.pattern, footnote.compiled_re = FOOTNOTE, re.compile(FOOTNOTE)
    return md
