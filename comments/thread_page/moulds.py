"""Templates that are rendered once, with marks in the place of their values, and filled in often.

A page has up to 300 comments, and a template for each would cost more than all the rest. The looks
stay in templates/comments/.
"""

import re
from functools import cache
from typing import NamedTuple

from django.template import Context
from django.template.loader import get_template
from django.utils.translation import get_language

MARK = re.compile("\ue000(\\w+)\ue001")


class Mould(NamedTuple):
    """A text in pieces: between two of them stands the value of a name."""

    texts: list[str]
    names: list[str]

    def pour(self, values: dict[str, str]) -> str:
        """The whole text; the values are HTML already, one for each name."""
        parts = [""] * (2 * len(self.texts) - 1)
        parts[::2] = self.texts
        parts[1::2] = [values[name] for name in self.names]
        return "".join(parts)


class Marks(dict):
    """A template's context in which every name stands for its own mark."""

    def __missing__(self, name):
        return f"\ue000{name}\ue001"

    def __contains__(self, name):
        return True


@cache
def mould(partial: str, language: str | None, flags: frozenset[str] = frozenset()) -> Mould:
    """A template of comments/ as a mould; `{% if flags.name %}` there asks for one of these."""
    context = Context()
    context.dicts += [Marks(), {"flags": dict.fromkeys(flags, True)}]
    parts = MARK.split(get_template(f"comments/{partial}.html").template.render(context))
    return Mould(parts[::2], parts[1::2])


def fill(partial: str, flags: frozenset[str] = frozenset(), **values: str) -> str:
    """The partial's HTML; the values are HTML already."""
    return mould(partial, get_language(), flags).pour(values)
