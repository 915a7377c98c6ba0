"""Reads sections and points out of an essay's clean HTML, and writes their anchors into it."""

import re
from dataclasses import dataclass, field
from html import unescape

from articles.text.anchors import Block

# One tag of serialised HTML: an attribute's value may hold ">" between its quotes.
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol"}
VOID = frozenset({"br", "hr", "img"})
# What `Outline.write` leaves behind each block's text, for a page to put its links there.
ANCHOR_COMMENT = re.compile(r"<!--tools ([\w-]+)-->")


@dataclass
class BlockPosition:
    """A block and where in the HTML its marks go, as offsets."""

    block: Block
    starts_at: int  # of its element
    id_at: int  # behind its tag's name
    ends_at: int = 0  # of its element
    tools_at: int = 0  # behind its own text
    words: list[str] = field(default_factory=list)


class Outline:
    """The places of one essay's blocks, in reading order.

    A section is a heading or a list with the paragraph that leads it in; a point is a list item
    at any depth. Footnotes are neither.
    """

    def __init__(self, html: str):
        self.html = html
        self.places: list[BlockPosition] = []
        self.leads: dict[int, BlockPosition] = {}  # a list's place in self.places -> its lead
        self.open: list[str] = []
        self.points: list[BlockPosition] = []  # open list items, the innermost last
        self.section: Block | None = None
        self.listed: Block | None = None  # the section of the list we are in
        self.paragraph: BlockPosition | None = None  # at the top, open or just closed
        self.heading: BlockPosition | None = None
        self.footnotes_at = 0  # depth at which the footnotes started
        self.read()

    @property
    def blocks(self) -> list[Block]:
        return [place.block for place in self.places]

    def read(self) -> None:
        end = 0
        for tag in TAG.finditer(self.html):
            self.see_text(self.html[end : tag.start()])
            closing, name, attributes = tag.groups()
            if closing:
                self.see_end(name, tag)
            elif name not in VOID:
                self.see_start(name, attributes, tag)
            end = tag.end()
        for place in self.places:
            place.block.text = " ".join("".join(place.words).split())
        for index, lead in self.leads.items():
            self.places[index].block.text = " ".join("".join(lead.words).split())
        for place, following in zip(self.places, self.places[1:], strict=False):
            # A list without a lead is known by its first point.
            if place.block.kind == "list" and not place.block.text:
                place.block.text = following.block.text

    def see_text(self, text: str) -> None:
        if not text or self.footnotes_at or "sup" in self.open:
            return
        if not self.open:
            if text.strip():
                self.paragraph = None
            return
        place = self.heading or (self.points[-1] if self.points else self.paragraph)
        if place:
            place.words.append(unescape(text))

    def see_start(self, name: str, attributes: str, tag: re.Match[str]) -> None:
        at_top, outside = not self.open, not self.footnotes_at
        self.open.append(name)
        if name == "div" and outside and "footnote" in attributes:
            self.footnotes_at = len(self.open)
        if not outside or self.footnotes_at:
            return
        if at_top and name in LISTS:
            self.start_list(name, tag)
        elif name in LISTS and self.points and not self.points[-1].tools_at:
            self.points[-1].tools_at = self.behind_text(tag.start())
        elif name == "li":
            place = self.place("point", name, tag, level=len(self.points) + 1)
            place.block.section = self.listed or self.section
            self.points.append(place)
            self.places.append(place)
        elif at_top and name in HEADINGS:
            self.heading = self.place("heading", name, tag, level=int(name[1]))
            self.places.append(self.heading)
        if at_top:
            self.paragraph = self.place("lead", name, tag) if name == "p" else None

    def start_list(self, name: str, tag: re.Match[str]) -> None:
        place = self.place("list", name, tag)
        place.block.section = self.section
        self.listed = place.block
        if self.paragraph:
            self.leads[len(self.places)] = self.paragraph
            place.starts_at = self.paragraph.starts_at
            place.tools_at = self.paragraph.tools_at
        self.places.append(place)

    def see_end(self, name: str, tag: re.Match[str]) -> None:
        if self.footnotes_at:
            if len(self.open) == self.footnotes_at:
                self.footnotes_at = 0
            self.open.pop()
            return
        self.open.pop()
        at_top = not self.open
        if name == "li" and self.points:
            point = self.points.pop()
            point.tools_at = point.tools_at or self.behind_text(tag.start())
        elif at_top and name in HEADINGS and self.heading:
            self.heading.tools_at = tag.start()
            self.section, self.heading = self.heading.block, None
        elif at_top and name == "p" and self.paragraph:
            self.paragraph.tools_at = tag.start()
        elif at_top and name in LISTS:
            self.listed = None
            lists = (place for place in reversed(self.places) if place.block.kind == "list")
            next(lists).ends_at = tag.end()

    def place(self, kind: str, name: str, tag: re.Match[str], level: int = 0) -> BlockPosition:
        return BlockPosition(Block(kind, "", level), tag.start(), tag.start() + 1 + len(name))

    def behind_text(self, offset: int) -> int:
        """Steps back over space and a closing paragraph, so that tools stand on its line."""
        before = self.html[:offset].rstrip() if self.html[offset - 1] in " \n" else None
        end = len(before) if before is not None else offset
        return end - 4 if self.html.startswith("</p>", end - 4) else end

    def write(self) -> str:
        """The HTML with each block's id, lists wrapped with their leads, and a comment
        `<!--tools ANCHOR-->` behind each block's text, where a page puts its links."""
        marks: list[tuple[int, int, str]] = []
        for order, place in enumerate(self.places):
            anchor = place.block.anchor
            if place.block.kind == "list":
                marks.append((place.starts_at, order, f'<section class="points" id="{anchor}">'))
                marks.append((place.ends_at, -order, "</section>"))
            else:
                marks.append((place.id_at, order, f' id="{anchor}"'))
            if place.tools_at:
                marks.append((place.tools_at, -order, f"<!--tools {anchor}-->"))
        parts, end = [], 0
        for offset, _, mark in sorted(marks):
            parts += [self.html[end:offset], mark]
            end = offset
        return "".join([*parts, self.html[end:]])
