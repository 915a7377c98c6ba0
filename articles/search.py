"""Full-text search: an index for SQLite and one for PostgreSQL, and the index of essays.

An index has one row of plain text for each published or scheduled essay. A search checks whether
readers may see it yet. Accents are removed here, as not every PostgreSQL server can do it.
"""

import re
import unicodedata
from html import unescape

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.text.clean import clean_text
from articles.text.outline import TAG

MAX_WORDS, MAX_WORD_LENGTH = 12, 60
MAX_RANKED = 1_000  # the newest matches; older ones are not shown
MAX_TEXT_LENGTH = 200_000  # a tsvector holds a megabyte at most
EXCERPT_WORDS = 40
# Around each matching word of an excerpt; control characters, which no stored text contains.
MATCH_START, MATCH_END = "\x02", "\x03"
INLINE = {"a", "abbr", "code", "em", "strong"}
COMMENT = re.compile(r"<!--.*?-->")


class Unaccented(dict):
    """A table for `str.translate()`: Latin, Greek and Cyrillic letters without their accents."""

    def __missing__(self, code):
        base, *accents = unicodedata.normalize("NFD", chr(code))
        is_letter = code < 0x590 or 0x1E00 <= code < 0x2000
        has_accents = is_letter and accents and all(map(unicodedata.combining, accents))
        self[code] = ord(base) if has_accents else code
        return self[code]


UNACCENTED = Unaccented()


def fold_accents(text):
    """The text without accents, and of the same length, so that offsets stay valid."""
    return text.translate(UNACCENTED)


def plain_text(html):
    """The text of sanitised HTML, on one line."""
    text = TAG.sub(lambda tag: "" if tag[2] in INLINE else " ", COMMENT.sub("", html))
    return " ".join(clean_text(unescape(text)).split())


def query_words(text):
    """The words of a reader's query, without accents and without the databases' operators."""
    words = fold_accents(clean_text(text)).replace('"', " ").split()
    return [word[:MAX_WORD_LENGTH] for word in words if any(map(str.isalnum, word))][:MAX_WORDS]


def quote_words(words):
    return " ".join(f'"{word}"' for word in words)


def placeholders(count):
    return ", ".join(["%s"] * count)


class Index:
    """A table of texts. `weights` are its columns and how much a word in each counts."""

    def __init__(self, table, **weights):
        self.table, self.columns, self.weights = table, tuple(weights), weights

    def run(self, sql, values=()):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def store(self, rows):
        """Stores rows of an id and a text for each column, replacing rows with the same id."""
        with connection.cursor() as cursor:
            cursor.executemany(
                self.upsert_sql(),
                [
                    (pk, *(fold_accents(text[:MAX_TEXT_LENGTH]) for text in texts))
                    for pk, *texts in rows
                ],
            )

    def drop(self, ids):
        if ids:
            sql = f"DELETE FROM {self.table} WHERE {self.id_column} IN ({placeholders(len(ids))})"
            self.run(sql, ids)

    def clear(self):
        self.run(f"DELETE FROM {self.table}")

    def exists_in(self, queryset):
        """The SQL condition that the row's object is in the queryset, and its values."""
        pk = RawSQL(f"{self.table}.{self.id_column}", ())
        objects = queryset.order_by().filter(pk=pk).values("pk")
        sql, values = objects.query.sql_with_params()
        return f"EXISTS ({sql})", list(values)


class SqliteIndex(Index):
    """FTS5: English stems, ranked by BM25."""

    id_column = "rowid"

    def upsert_sql(self):
        names, values = ", ".join(self.columns), placeholders(len(self.columns) + 1)
        return f"INSERT OR REPLACE INTO {self.table} (rowid, {names}) VALUES ({values})"

    def find(self, words, queryset):
        """Rank and id of the newest objects of the queryset that have all the words, unordered."""
        table, weights = self.table, ", ".join(map(str, self.weights.values()))
        condition, values = self.exists_in(queryset)
        sql = (
            f"SELECT -bm25({table}, {weights}), rowid FROM {table} WHERE {table} MATCH %s "
            f"AND {condition} ORDER BY {table}.rowid DESC LIMIT {MAX_RANKED}"
        )
        return self.run(sql, [quote_words(words), *values])

    def excerpts(self, words, ids):
        """For each id an excerpt of the last column, with MATCH_START and MATCH_END."""
        if not ids:
            return {}
        table, column = self.table, len(self.columns) - 1
        sql = (
            f"SELECT rowid, snippet({table}, {column}, %s, %s, '', {EXCERPT_WORDS}) "
            f"FROM {table} WHERE {table} MATCH %s AND rowid IN ({placeholders(len(ids))})"
        )
        return dict(self.run(sql, [MATCH_START, MATCH_END, quote_words(words), *ids]))


class PostgresIndex(Index):
    """A generated tsvector with a GIN index: English stems, ranked by frequency."""

    id_column = "id"
    QUERY = "websearch_to_tsquery('english', %s)"
    HEADLINE = (
        f"StartSel={MATCH_START}, StopSel={MATCH_END}, MaxWords={EXCERPT_WORDS}, MinWords=20"
    )

    def upsert_sql(self):
        names, values = ", ".join(self.columns), placeholders(len(self.columns) + 1)
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in self.columns)
        return (
            f"INSERT INTO {self.table} (id, {names}) VALUES ({values}) "
            f"ON CONFLICT (id) DO UPDATE SET {changes}"
        )

    def find(self, words, queryset):
        """Rank and id of the newest objects of the queryset that have all the words, unordered."""
        table, query = self.table, self.QUERY
        condition, values = self.exists_in(queryset)
        # Materialised, as the planner may otherwise read each of the newest rows' vectors.
        sql = (
            f"WITH found AS MATERIALIZED (SELECT id FROM {table} WHERE vector @@ {query}), "
            f"newest AS (SELECT id FROM found AS {table} WHERE {condition} "
            f"ORDER BY id DESC LIMIT {MAX_RANKED}) "
            f"SELECT ts_rank(vector, {query}, 1), id FROM {table} JOIN newest USING (id)"
        )
        text = quote_words(words)
        return self.run(sql, [text, *values, text])

    def excerpts(self, words, ids):
        """For each id an excerpt of the last column, with MATCH_START and MATCH_END."""
        if not ids:
            return {}
        sql = (
            f"SELECT id, ts_headline('english', {self.columns[-1]}, {self.QUERY}, %s) "
            f"FROM {self.table} WHERE id = ANY(%s)"
        )
        return dict(self.run(sql, [quote_words(words), self.HEADLINE, list(ids)]))


def open_index(table, **weights):
    index_class = SqliteIndex if connection.vendor == "sqlite" else PostgresIndex
    return index_class(table, **weights)


def highlight(excerpt, text):
    """The excerpt as pairs of a piece of the text, with accents, and whether it is a match."""
    parts = re.split(f"[{MATCH_START}{MATCH_END}]", excerpt)
    plain = "".join(parts)
    start = fold_accents(text).find(plain)
    text, start = (text, start) if start >= 0 else (plain, 0)
    pieces, end = [("\u2026 ", False)] if start else [], start
    for number, part in enumerate(parts):
        pieces.append((text[end : end + len(part)], number % 2 == 1))
        end += len(part)
    return [*pieces, (" \u2026", False)] if end < len(text) else pieces


essays = open_index("articles_search", title=8.0, dek=4.0, body=1.0)


def index_essays(articles):
    """Stores published and scheduled essays in the index, and removes drafts from it."""
    listed = [article for article in articles if article.listed_at]
    essays.store((a.pk, a.title, a.dek, plain_text(a.body_html)) for a in listed)
    essays.drop([article.pk for article in articles if not article.listed_at])
