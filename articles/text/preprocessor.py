"""The first step of reading Markdown: normalises its layout and enforces limits on its size.

The parser is stricter about lists and code than what people write and paste.
"""

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
# Starts a list directly under its lead; "7. " there is the rest of a sentence.
FIRST_ITEM = re.compile(r" *(?:[-*+•‣◦▪●·∙]|1[.)])\s")
# "- - - -" nests a list at every dash.
NESTED_MARKERS = re.compile(r" *(?:(?:[-*+>]|\d{1,9}[.)]) *){7}")
SIGNS_PER_FENCE = 4  # reading a fence costs as much as reading four signs
MAX_DEPTH = 6
INDENT = 4  # spaces for each level of a list, as the parser counts them

LIMIT_MESSAGES = {
    "block": _(
        "Please divide this into paragraphs: %(found)s characters are without an empty line."
    ),
    "lines": _("This holds %(found)s lines; a text of its length may hold %(most)s."),
    "items": _("This holds %(found)s list items; a text of its length may hold %(most)s."),
    "signs": _(
        "This holds %(found)s signs such as * _ [ ] < > &; a text of its length may hold %(most)s."
    ),
    "cells": _("This holds %(found)s table cells; a text of its length may hold %(most)s."),
    "definitions": _(
        "This holds %(found)s footnotes, abbreviations and link definitions; "
        "a text of its length may hold %(most)s."
    ),
}


@dataclass(frozen=True)
class Limits:
    """How much a text may hold, so that parsing stays cheap: each number but `block` once, and
    once more for every `step` characters of the text."""

    step: int
    block: int  # characters without an empty line between them
    lines: int  # outside code, without empty lines
    items: int  # of lists
    signs: int  # characters that may be Markdown
    cells: int  # of tables
    definitions: int  # of footnotes, abbreviations and link addresses, and calls of footnotes


def refuse_depth() -> None:
    raise ValidationError(_("Lists and quotes are nested too deeply here."), code="depth")


class LayoutPreprocessor(Preprocessor):
    """Renders fenced code and lays out lists as the parser expects them.

    Lists may be indented by two spaces, have a word processor's bullets, or follow their lead
    without an empty line; fenced code may be inside lists and quotes.
    """

    def __init__(self, md: Markdown, limits: Limits):
        super().__init__(md)
        self.limits = limits

    def run(self, lines: list[str]) -> list[str]:
        self.quote_prefix = ""  # the ">" signs at the start of this line
        self.item_indents: list[int] = []  # of the open list items, the innermost last
        self.after_blank = True
        self.after_code = False
        self.in_paragraph = False  # of a list item, after its first paragraph
        # For each kind of fence, the last one without an end: its length, and the line that the
        # search for its end reached.
        self.unclosed: dict[str, tuple[int, int]] = {}
        self.sign_count = self.item_count = 0
        output: list[str] = []
        number = 0
        while number < len(lines):
            line = lines[number]
            self.enter_quote(line)
            rest = line[len(self.quote_prefix) :]
            fence = FENCE.match(rest) if "```" in rest or "~~~" in rest else None
            end = self.find_closing_fence(lines, number, fence) if fence else 0
            if fence and end:
                output += self.layout_code(lines[number + 1 : end], fence)
            else:
                if self.after_code and rest.strip():
                    output.append(self.quote_prefix)
                output += [self.quote_prefix + text for text in self.layout_line(rest)]
                self.after_code = False
            number = max(end, number) + 1
        output += ["", ""]  # the parser expects the last line to end
        self.check_limits(output, sum(map(len, lines)) + len(lines))
        return output

    def enter_quote(self, line: str) -> None:
        quote = QUOTE.match(line) if ">" in line else None
        prefix = quote[0] if quote else ""
        if prefix.count(">") != self.quote_prefix.count(">"):
            self.item_indents, self.after_blank = [], bool(prefix) or self.after_blank
            if prefix.count(">") > MAX_DEPTH:
                refuse_depth()
        self.quote_prefix = prefix

    def find_closing_fence(self, lines: list[str], start: int, opening: re.Match[str]) -> int:
        """The number of the line that closes the fence, or 0 where it is none."""
        fence = opening[1]
        length, until = self.unclosed.get(fence[0], (0, 0))
        is_code = opening.start(1) >= INDENT and not self.item_indents
        if is_code or (start < until and len(fence) >= length):
            return 0
        number = start
        for number in range(start + 1, len(lines)):
            line = lines[number]
            if self.quote_prefix:
                quote = QUOTE.match(line)
                if not quote or quote[0].count(">") != self.quote_prefix.count(">"):
                    break
                line = line[quote.end() :]
            line = line.strip()
            if line.startswith(fence) and not line.strip(fence[0]):
                return number
        self.unclosed[fence[0]] = len(fence), number + 1
        return 0

    def layout_code(self, lines: list[str], fence: re.Match[str]) -> list[str]:
        indent = fence.start(1)
        if self.quote_prefix:
            lines = [QUOTE.sub("", line, count=1) for line in lines]
        code = "\n".join(remove_indent(line, indent) for line in lines)
        self.sign_count += SIGNS_PER_FENCE + len(COSTLY_IN_CODE.findall(code))
        stashed = self.md.htmlStash.store(f"<pre><code>{code_escape(code)}\n</code></pre>")
        self.close_items(indent)
        spaces = " " * INDENT * len(self.item_indents)
        before = [] if self.after_blank else [self.quote_prefix]
        self.after_blank = self.after_code = True
        return [*before, f"{self.quote_prefix}{spaces}{stashed}"]

    def layout_line(self, line: str) -> list[str]:
        """The line as the parser expects it, after an empty one where it needs that."""
        if not line or line.isspace():
            is_repeated = self.after_blank and not self.after_code and not self.quote_prefix
            self.after_blank, self.after_code = True, False
            return [] if is_repeated else [""]
        if line.endswith("\\") and not line.endswith("\\\\"):
            line = line[:-1] + "  "  # CommonMark's other line break
        blank, self.after_blank = self.after_blank, False
        if RULE.match(line) and (blank or " " in line.strip() or "-" not in line):
            self.item_indents, self.after_blank = [], True
            return ["", "***", ""]
        indent = len(line) - len(line.lstrip(" "))
        code_indent = self.item_indents[-1] + 2 * INDENT if self.item_indents else INDENT
        is_code = blank and indent >= code_indent
        if not is_code:
            if NESTED_MARKERS.match(line):
                refuse_depth()
            if item := ITEM.match(line) or EMPTY_ITEM.match(line):
                return self.layout_item(line, item, blank)
        return [self.layout_text(line, indent)] if blank else [line]

    def layout_item(self, line: str, item: re.Match[str], blank: bool) -> list[str]:
        starts_list = not blank and (self.in_paragraph or not self.item_indents)
        if starts_list and not self.item_indents and not FIRST_ITEM.match(line):
            return [line]
        self.in_paragraph = False
        indent, bullet = item.start(1), item[1]
        self.close_items(indent)
        depth = len(self.item_indents)
        if depth >= MAX_DEPTH:
            refuse_depth()
        self.item_indents.append(indent)
        self.item_count += 1
        if number := bullet[:-1]:
            bullet = f"{number}."
        elif bullet not in "-*+":
            bullet = "-"
        line = f"{' ' * INDENT * depth}{bullet} {line[item.end() :]}"
        return ["", line] if starts_list else [line]

    def layout_text(self, line: str, indent: int) -> str:
        """A paragraph's first line, as part of the innermost item that it is indented under."""
        self.close_items(indent)
        self.in_paragraph = bool(self.item_indents)
        if not self.item_indents:
            return line
        item_indent = INDENT * len(self.item_indents)
        code_indent = item_indent + INDENT
        if indent >= min(self.item_indents[-1] + INDENT + 2, code_indent):
            return " " * code_indent + line[min(indent, code_indent) :]
        return " " * item_indent + line.lstrip(" ")

    def close_items(self, indent: int) -> None:
        while self.item_indents and indent < self.item_indents[-1] + 2:
            self.item_indents.pop()

    def check_limits(self, lines: list[str], length: int) -> None:
        text = "\n".join(lines)
        counts = {
            "block": max(map(len, text.split("\n\n"))),
            "items": self.item_count,
            "lines": len(lines) - lines.count(""),
            "signs": self.sign_count + len(SIGNS.findall(text)),
            "cells": text.count("|"),
            "definitions": text.count("[^") + text.count("*[") + text.count("]:"),
        }
        for kind, count in counts.items():
            limit = getattr(self.limits, kind)
            if kind != "block":
                limit = int(limit * (1 + length / self.limits.step))
            if count > limit:
                params = {"most": intcomma(limit), "found": intcomma(count)}
                raise ValidationError(LIMIT_MESSAGES[kind], kind, params)


def remove_indent(line: str, width: int) -> str:
    """The line without its leading spaces, at most `width` of them."""
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, width) :]
