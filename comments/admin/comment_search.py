"""Finds letters in all comments, hidden ones and parts of words too: a pass over every one.

So the pass is made once, and no slower than it has to be: on PostgreSQL `icontains` folds each
text by the rules for all the world's letters, which takes most of the time.
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
class Contains(Lookup):
    """What `icontains` finds; by the ASCII part alone, unless there are other letters too."""

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        return compiler.compile(IContains(self.lhs, self.rhs))

    def as_postgresql(self, compiler, connection):
        whole, its_parameters = self.as_sql(compiler, connection)
        part = max(ASCII.findall(self.rhs), key=len, default="").lower()
        if not part:
            return whole, its_parameters
        column, parameters = compiler.compile(self.lhs)
        near, parameters = f'STRPOS(LOWER({column} COLLATE "C"), %s) > 0', [*parameters, part]
        if part == self.rhs.lower():
            return near, parameters
        return f"({near} AND {whole})", [*parameters, *its_parameters]


def split_query(text: str) -> list[str]:
    """The words of a search; what stands between quotation marks is one."""
    words = islice(smart_split(text), MAX_WORDS)
    return [unescape_string_literal(w) if w[0] in "\"'" and w[0] == w[-1] else w for w in words]


def search_comments(comments, text: str) -> list[int]:
    """The keys of the newest that have each word in name or words, as number, or in the title."""
    found = comments.order_by("-posted_at", "-pk")
    for word in split_query(text):
        titled = Article.objects.filter(title__icontains=word).values("pk")
        said = Q(body__holds=word) | Q(name__holds=word)
        found = found.filter(said | Q(number=word) | Q(article__in=titled))
    return list(found.values_list("pk", flat=True)[:MAX_RESULTS])
