"""Markdown as people paste it, made into Markdown as the parser reads it."""

import re
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.util import code_escape

SIGNS = re.compile(r"[\[\]*_`<>&\\{}|\"'~^]|-{2,3}|\.{3}")
COSTLY_IN_CODE = re.compile("[<>&]")
QUOTE = re.compile(r"(?: {0,3}>)+ ?")
# A fence's length is bounded, so that searching for the closing ones stays cheap.
FENCE = re.compile(r" *(`{3,20}(?!`)(?=[^`]*$)|~{3,20}(?!~))")
RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
ITEM = re.compile(r" *([-*+•‣◦▪●·∙]|\d{1,3}[.)])\s+(?=\S)")
EMPTY_ITEM = re.compile(r" *([-*+]|\d{1,3}[.)]) *$")
# What may start a list straight under its lead; "7. " there is the rest of a sentence.
FIRST_ITEM = re.compile(r" *(?:[-*+•‣◦▪●·∙]|1[.)])\s")
# "- - - -" nests a list at every mark.
NESTED_MARKERS = re.compile(r" *(?:(?:[-*+>]|\d{1,9}[.)]) *){7}")
SIGNS_PER_FENCE = 4  # what one costs to read
MAX_DEPTH = 6
INDENT = 4  # the parser's own step


LIMIT_MESSAGES = {
    "block": _("Please leave an empty line somewhere: %(found)s characters are without one."),
    "lines": _("This holds %(found)s lines; a text of its length may hold %(most)s."),
    "items": _("This holds %(found)s list items; a text of its length may hold %(most)s."),
    "marks": _(
        "This holds %(found)s signs such as * _ [ ] < > &; a text of its length may hold %(most)s."
    ),
    "cells": _("This holds %(found)s table cells; a text of its length may hold %(most)s."),
    "definitions": _(
        "This holds %(found)s marks of footnotes and abbreviations; "
        "a text of its length may hold %(most)s."
    ),
}


@dataclass(frozen=True)
class Limits:
    """How much of each kind a text may hold: so much, and as much again for each `step`
    characters. Beyond that it costs more to read than anybody writes."""

    step: int
    block: int  # characters without an empty line between, whatever the length of the text
    lines: int  # outside code, the empty ones not counted
    items: int  # of lists
    marks: int  # signs that may mean something to the parser
    cells: int  # of tables
    definitions: int  # footnotes, abbreviations and link addresses, and the marks of footnotes


def refuse_depth() -> None:
    raise ValidationError(_("Lists and quotes are nested too deeply here."), code="depth")


class LayoutPreprocessor(Preprocessor):
    """Takes out fenced code and lays out lists as the parser wants them.

    Lists may be indented by two spaces, carry a word processor's bullets, or follow their lead
    without an empty line; fences may stand in lists and quotes.
    """

    def __init__(self, md: Markdown, limits: Limits):
        super().__init__(md)
        self.limits = limits

    def run(self, lines: list[str]) -> list[str]:
        self.prefix = ""  # the quote marks before this line
        self.items: list[int] = []  # the indents of the list items we are in
        self.after_blank = True
        self.after_code = False
        self.in_paragraph = False  # of a list item, behind its first
        self.unclosed: dict[str, tuple[int, int]] = {}
        self.marks = self.listed = 0
        out: list[str] = []
        number = 0
        while number < len(lines):
            line = lines[number]
            self.enter_quote(line)
            rest = line[len(self.prefix) :]
            fence = FENCE.match(rest) if "```" in rest or "~~~" in rest else None
            end = self.closing(lines, number, fence) if fence else 0
            if fence and end:
                out += self.place_code(lines[number + 1 : end], fence)
            else:
                apart = [self.prefix] if self.after_code and rest.strip() else []
                out += apart + [self.prefix + text for text in self.place(rest)]
                self.after_code = False
            number = max(end, number) + 1
        out += ["", ""]  # the parser counts on an end of the last line
        self.refuse_excess(out, sum(map(len, lines)) + len(lines))
        return out

    def enter_quote(self, line: str) -> None:
        quote = QUOTE.match(line) if ">" in line else None
        prefix = quote[0] if quote else ""
        if prefix.count(">") != self.prefix.count(">"):
            self.items, self.after_blank = [], bool(prefix) or self.after_blank
            if prefix.count(">") > MAX_DEPTH:
                refuse_depth()
        self.prefix = prefix

    def closing(self, lines: list[str], start: int, opening: re.Match[str]) -> int:
        """The number of the line that closes the fence, or 0."""
        fence = opening[1]
        length, until = self.unclosed.get(fence[0], (0, 0))
        is_code = opening.start(1) >= INDENT and not self.items
        if is_code or (start < until and len(fence) >= length):
            return 0
        number = start
        for number in range(start + 1, len(lines)):
            line = lines[number]
            if self.prefix:
                quote = QUOTE.match(line)
                if not quote or quote[0].count(">") != self.prefix.count(">"):
                    break
                line = line[quote.end() :]
            line = line.strip()
            if line.startswith(fence) and not line.strip(fence[0]):
                return number
        self.unclosed[fence[0]] = len(fence), number + 1
        return 0

    def place_code(self, lines: list[str], fence: re.Match[str]) -> list[str]:
        indent = fence.start(1)
        if self.prefix:
            lines = [QUOTE.sub("", line, count=1) for line in lines]
        code = "\n".join(drop_indent(line, indent) for line in lines)
        self.marks += SIGNS_PER_FENCE + len(COSTLY_IN_CODE.findall(code))
        stashed = self.md.htmlStash.store(f"<pre><code>{code_escape(code)}\n</code></pre>")
        self.leave_items(indent)
        spaces = " " * INDENT * len(self.items)
        before = [] if self.after_blank else [self.prefix]
        self.after_blank = self.after_code = True
        return [*before, f"{self.prefix}{spaces}{stashed}"]

    def place(self, line: str) -> list[str]:
        """The line as the parser should see it, with an empty one before it where it needs one."""
        if not line or line.isspace():
            again = self.after_blank and not self.after_code and not self.prefix
            self.after_blank, self.after_code = True, False
            return [] if again else [""]
        if line.endswith("\\") and not line.endswith("\\\\"):
            line = line[:-1] + "  "  # CommonMark's other way to break a line
        blank, self.after_blank = self.after_blank, False
        if RULE.match(line) and (blank or " " in line.strip() or "-" not in line):
            self.items, self.after_blank = [], True
            return ["", "***", ""]
        indent = len(line) - len(line.lstrip(" "))
        is_code = blank and indent >= (self.items[-1] + 2 * INDENT if self.items else INDENT)
        if not is_code:
            if NESTED_MARKERS.match(line):
                refuse_depth()
            if item := ITEM.match(line) or EMPTY_ITEM.match(line):
                return self.place_item(line, item, blank)
        return [self.place_text(line, indent)] if blank else [line]

    def place_item(self, line: str, item: re.Match[str], blank: bool) -> list[str]:
        starts = not blank and (self.in_paragraph or not self.items)
        if starts and not self.items and not FIRST_ITEM.match(line):
            return [line]
        self.in_paragraph = False
        indent, mark = item.start(1), item[1]
        self.leave_items(indent)
        depth = len(self.items)
        if depth >= MAX_DEPTH:
            refuse_depth()
        self.items.append(indent)
        self.listed += 1
        mark = mark[:-1] + "." if mark[:-1] else mark if mark in "-*+" else "-"
        placed = f"{' ' * INDENT * depth}{mark} {line[item.end() :]}"
        return ["", placed] if starts else [placed]

    def place_text(self, line: str, indent: int) -> str:
        """A paragraph's first line: it belongs to the innermost item that it is indented under."""
        self.leave_items(indent)
        self.in_paragraph = bool(self.items)
        if not self.items:
            return line
        own = INDENT * len(self.items)
        inner = indent - self.items[-1]
        if inner >= INDENT + 2 or indent >= own + INDENT:
            return " " * (own + INDENT) + line[min(indent, own + INDENT) :]
        return " " * own + line.lstrip(" ")

    def leave_items(self, indent: int) -> None:
        while self.items and indent < self.items[-1] + 2:
            self.items.pop()

    def refuse_excess(self, lines: list[str], length: int) -> None:
        text = "\n".join(lines)
        found = {
            "block": max(map(len, text.split("\n\n"))),
            "items": self.listed,
            "lines": len(lines) - lines.count(""),
            "marks": self.marks + len(SIGNS.findall(text)),
            "cells": text.count("|"),
            "definitions": text.count("[^") + text.count("*[") + text.count("]:"),
        }
        for kind, count in found.items():
            most = getattr(self.limits, kind)
            if kind != "block":
                most = int(most * (1 + length / self.limits.step))
            if count > most:
                figures = {"most": intcomma(most), "found": intcomma(count)}
                raise ValidationError(LIMIT_MESSAGES[kind], kind, figures)


def drop_indent(line: str, most: int) -> str:
    spaces = len(line) - len(line.lstrip(" "))
    return line[min(spaces, most) :]
