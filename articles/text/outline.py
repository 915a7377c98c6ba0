"""The outline of an essay: its sections and points, read from clean HTML and given their ids."""

import re
from dataclasses import dataclass, field
from html import unescape

from articles.text.anchors import Block

# One tag of serialised HTML: an attribute's value may hold ">" between its quotes.
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol"}
VOID = frozenset({"br", "hr", "img"})
# `Outline.write` leaves this after each block's text; a page replaces it by links.
ANCHOR_COMMENT = re.compile(r"<!--tools ([\w-]+)-->")


@dataclass
class BlockSpan:
    """A block and its offsets in the HTML."""

    block: Block
    start: int  # of its element; of its lead for a list
    id_at: int  # after the name in its start tag
    end: int = 0  # of its element; for lists only
    tools_at: int = 0  # after its own text
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


@dataclass
class OpenBlocks:
    """The blocks that a text or point at the current offset belongs to."""

    section: Block | None = None  # the last heading
    heading: BlockSpan | None = None
    paragraph: BlockSpan | None = None  # at top level; open, or closed directly before
    top_list: BlockSpan | None = None
    items: list[BlockSpan] = field(default_factory=list)  # the innermost last

    @property
    def innermost(self) -> BlockSpan | None:
        return self.heading or (self.items[-1] if self.items else self.paragraph)


class OutlineReader:
    """Reads tag by tag and collects the spans of all blocks."""

    def __init__(self, html: str):
        self.html = html
        self.spans: list[BlockSpan] = []
        self.tags: list[str] = []  # open elements, the innermost last
        self.footnotes_depth = 0  # of the element that holds the footnotes, while it is open
        self.open = OpenBlocks()

    def read(self) -> list[BlockSpan]:
        end = 0
        for tag in TAG.finditer(self.html):
            self.handle_text(self.html[end : tag.start()])
            closing, name, attributes = tag.groups()
            if closing:
                self.handle_end(name, tag)
            elif name not in VOID:
                self.handle_start(name, attributes, tag)
            end = tag.end()
        for span in self.spans:
            span.block.text = span.text
        for span, following in zip(self.spans, self.spans[1:], strict=False):
            # A list without a lead is named by its first point.
            if span.block.kind == "list" and not span.block.text:
                span.block.text = following.block.text
        return self.spans

    def handle_text(self, text: str) -> None:
        if not text or self.footnotes_depth or "sup" in self.tags:
            return
        if not self.tags:
            if text.strip():
                self.open.paragraph = None
        elif span := self.open.innermost:
            span.texts.append(unescape(text))

    def handle_start(self, name: str, attributes: str, tag: re.Match[str]) -> None:
        at_top = not self.tags
        self.tags.append(name)
        if self.footnotes_depth:
            return
        if name == "div" and "footnote" in attributes:
            self.footnotes_depth = len(self.tags)
            return
        if at_top:
            self.start_top_level(name, tag)
        elif name == "li":
            self.start_point(tag)
        elif name in LISTS and self.open.items and not self.open.items[-1].tools_at:
            self.open.items[-1].tools_at = self.end_of_text(tag.start())

    def start_top_level(self, name: str, tag: re.Match[str]) -> None:
        paragraph, self.open.paragraph = self.open.paragraph, None
        if name in LISTS:
            self.start_list(paragraph, tag)
        elif name in HEADINGS:
            self.open.heading = new_span("heading", tag, level=int(name[1]))
            self.spans.append(self.open.heading)
        elif name == "p":
            self.open.paragraph = new_span("lead", tag)

    def start_list(self, lead: BlockSpan | None, tag: re.Match[str]) -> None:
        span = new_span("list", tag)
        span.block.section = self.open.section
        if lead:
            span.start, span.tools_at, span.texts = lead.start, lead.tools_at, lead.texts
        self.open.top_list = span
        self.spans.append(span)

    def start_point(self, tag: re.Match[str]) -> None:
        span = new_span("point", tag, level=len(self.open.items) + 1)
        span.block.section = self.open.top_list.block if self.open.top_list else self.open.section
        self.open.items.append(span)
        self.spans.append(span)

    def handle_end(self, name: str, tag: re.Match[str]) -> None:
        depth = len(self.tags)
        self.tags.pop()
        if self.footnotes_depth:
            if depth == self.footnotes_depth:
                self.footnotes_depth = 0
        elif name == "li" and self.open.items:
            point = self.open.items.pop()
            point.tools_at = point.tools_at or self.end_of_text(tag.start())
        elif not self.tags:
            self.end_top_level(name, tag)

    def end_top_level(self, name: str, tag: re.Match[str]) -> None:
        if name in HEADINGS and self.open.heading:
            self.open.heading.tools_at = tag.start()
            self.open.section, self.open.heading = self.open.heading.block, None
        elif name == "p" and self.open.paragraph:
            self.open.paragraph.tools_at = tag.start()
        elif name in LISTS and self.open.top_list:
            self.open.top_list.end, self.open.top_list = tag.end(), None

    def end_of_text(self, offset: int) -> int:
        """The offset before any space and closing paragraph, so that links stand on its line."""
        end = offset
        if self.html[offset - 1] in " \n":
            end = len(self.html[:offset].rstrip())
        return end - 4 if self.html.startswith("</p>", end - 4) else end


def new_span(kind: str, tag: re.Match[str], level: int = 0) -> BlockSpan:
    return BlockSpan(Block(kind, "", level), tag.start(), tag.end(2))


class Outline:
    """The blocks of one essay's clean HTML, in reading order.

    A section is a heading, or a list with the paragraph that leads it in; a point is a list item
    at any depth. Footnotes are neither.
    """

    def __init__(self, html: str):
        self.html = html
        self.spans = OutlineReader(html).read()

    @property
    def blocks(self) -> list[Block]:
        return [span.block for span in self.spans]

    def write(self) -> str:
        """The HTML with each block's anchor as its id, a `<section>` around each list and its
        lead, and `<!--tools ANCHOR-->` after each block's text."""
        # Sorted by offset; at the same offset elements open in order and close in reverse.
        inserted: list[tuple[int, int, str]] = []
        for order, span in enumerate(self.spans):
            anchor = span.block.anchor
            if span.block.kind == "list":
                inserted.append((span.start, order, f'<section class="points" id="{anchor}">'))
                inserted.append((span.end, -order, "</section>"))
            else:
                inserted.append((span.id_at, order, f' id="{anchor}"'))
            if span.tools_at:
                inserted.append((span.tools_at, -order, f"<!--tools {anchor}-->"))
        parts, end = [], 0
        for offset, _order, html in sorted(inserted):
            parts += [self.html[end:offset], html]
            end = offset
        return "".join([*parts, self.html[end:]])
