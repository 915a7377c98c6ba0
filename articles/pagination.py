"""Pages of long lists, whose cost does not grow with the list."""

import re
from dataclasses import dataclass

from django.http import Http404

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass
class Page:
    """Some rows of a list; `number` counts from 1."""

    rows: list
    number: int
    has_next: bool

    @property
    def has_previous(self):
        return self.number > 1


def page_number(request):
    """The page asked for, from 1; raises Http404 for what is no such number."""
    number = request.GET.get("page", "1")
    if not PAGE_NUMBER.fullmatch(number):
        raise Http404("There is no such page.")
    return int(number)


def page_of(rows, number, size):
    """The page of that number; Http404 where there is none.

    Nothing is counted: one row more than is shown says whether there is another page. What is
    skipped should stand in an index whole.
    """
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    if number > 1 and not found:
        raise Http404("There is no such page.")
    return Page(found[:size], number, len(found) > size)


def fetch_in_order(rows, keys):
    """The rows of these keys, in their order."""
    found = rows.order_by().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def parse_id(text):
    """A key as it stands in a form or an address; None for what is none or fits no column."""
    is_key = text and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if text and is_key else None
