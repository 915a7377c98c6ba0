"""Page numbers and ids from a query string, and pages of long lists."""

import re
from dataclasses import dataclass

from django.http import Http404

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass
class Page:
    """One page of a list; `number` counts from 1."""

    rows: list
    number: int
    has_next: bool

    @property
    def has_previous(self):
        return self.number > 1


def page_number(request):
    """The requested page, from 1; raises Http404 where `page` is not such a number."""
    number = request.GET.get("page", "1")
    if not PAGE_NUMBER.fullmatch(number):
        raise Http404("There is no such page.")
    return int(number)


def page_of(rows, number, size):
    """The page of that number; raises Http404 where there is none, except for page 1.

    Rows are not counted: one row more is read to see whether there is a next page. An index
    should cover the query, as the rows of earlier pages are skipped one by one.
    """
    start = (number - 1) * size
    rows = list(rows[start : start + size + 1])
    if number > 1 and not rows:
        raise Http404("There is no such page.")
    return Page(rows[:size], number, len(rows) > size)


def fetch_in_order(queryset, ids):
    """The objects with these ids, in their order."""
    objects = queryset.order_by().in_bulk(ids)
    return [objects[pk] for pk in ids if pk in objects]


def parse_id(text):
    """The id in a field of a form or address; None if it is missing, malformed or too large."""
    is_id = text and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_id else None
