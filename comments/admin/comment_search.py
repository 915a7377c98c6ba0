"""Substring search in all comments, hidden ones too, for the admin's list.

It reads every comment, so the comparison has to be fast. For 100,000 texts of 400 characters,
PostgreSQL takes 250 ms with `icontains` (436 ms with an ICU collation), and 113 ms with STRPOS and
the C collation.
"""

import re
from itertools import islice

from django.db.models import CharField, Lookup, Q, TextField
from django.db.models.lookups import IContains
from django.utils.text import smart_split, unescape_string_literal

from articles.models import Article

MAX_RESULTS = 1_000
MAX_WORDS = 12
ASCII = re.compile(r"[\x00-\x7f]+")


@CharField.register_lookup
@TextField.register_lookup
class FastIContains(Lookup):
    """Finds what `icontains` finds; PostgreSQL first looks for the longest ASCII part."""

    lookup_name = "fast_icontains"

    def as_sql(self, compiler, connection):
        return compiler.compile(IContains(self.lhs, self.rhs))

    def as_postgresql(self, compiler, connection):
        icontains, icontains_params = self.as_sql(compiler, connection)
        ascii_part = max(ASCII.findall(self.rhs), key=len, default="").lower()
        if not ascii_part:
            return icontains, icontains_params
        column, params = compiler.compile(self.lhs)
        strpos, params = f'STRPOS(LOWER({column} COLLATE "C"), %s) > 0', [*params, ascii_part]
        if ascii_part == self.rhs.lower():
            return strpos, params
        return f"({strpos} AND {icontains})", [*params, *icontains_params]


def split_query(text: str) -> list[str]:
    """The terms of a search: words, and phrases in quotation marks."""
    terms = islice(smart_split(text), MAX_WORDS)
    return [unescape_string_literal(t) if t[0] in "\"'" and t[0] == t[-1] else t for t in terms]


def search_comments(comments, text: str) -> list[int]:
    """The ids of the newest comments that have each term in name, text, number or essay title."""
    matches = comments.order_by("-posted_at", "-pk")
    for term in split_query(text):
        titled = Article.objects.filter(title__icontains=term).values("pk")
        in_comment = Q(body__fast_icontains=term) | Q(name__fast_icontains=term) | Q(number=term)
        matches = matches.filter(in_comment | Q(article__in=titled))
    return list(matches.values_list("pk", flat=True)[:MAX_RESULTS])
