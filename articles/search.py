"""Full-text search: how each database keeps words and finds them, and the index of essays.

An index is one row of plain text for each essay that is published or will be. Whether a reader may
see it yet is asked when it is found. Accents are folded here: not every server can do it.
"""

import re
import unicodedata
from html import unescape

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.text.clean import clean_text
from articles.text.outline import TAG

MAX_WORDS, MAX_WORD_LENGTH = 12, 60
MAX_RANKED = 1_000  # of those found, the newest
MAX_TEXT_LENGTH = 200_000  # a tsvector holds a megabyte at most
EXCERPT_WORDS = 40
# What encloses a word that was found; no stored text has them.
OPEN, CLOSE = "\x02", "\x03"
INLINE = {"a", "abbr", "code", "em", "strong"}
COMMENT = re.compile(r"<!--.*?-->")


class Unaccented(dict):
    """Letters of the Latin, Greek and Cyrillic alphabets without their marks, one for one."""

    def __missing__(self, code):
        base, *marks = unicodedata.normalize("NFD", chr(code))
        is_letter = code < 0x590 or 0x1E00 <= code < 0x2000
        folded = is_letter and marks and all(map(unicodedata.combining, marks))
        self[code] = ord(base) if folded else code
        return self[code]


UNACCENTED = Unaccented()


def fold_accents(text):
    """The text without accents, of the same length: places in one are places in the other."""
    return text.translate(UNACCENTED)


def plain_text(html):
    """The words of our own clean HTML, on one line."""
    text = TAG.sub(lambda tag: "" if tag[2] in INLINE else " ", COMMENT.sub("", html))
    return " ".join(clean_text(unescape(text)).split())


def query_words(text):
    """What to look for: no word of it has a meaning to a database but its own."""
    words = fold_accents(clean_text(text)).replace('"', " ").split()
    return [word[:MAX_WORD_LENGTH] for word in words if any(map(str.isalnum, word))][:MAX_WORDS]


def quote_words(words):
    return " ".join(f'"{word}"' for word in words)


class Index:
    """A table of texts; its columns' weights say how much a word in each counts for."""

    def __init__(self, table, **weights):
        self.table, self.columns, self.weights = table, tuple(weights), weights

    def run(self, sql, parameters=()):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def store(self, rows):
        """Rows of a key and a text for each column, over those of the same keys."""
        with connection.cursor() as cursor:
            cursor.executemany(
                self.write_sql(),
                [
                    (key, *(fold_accents(text[:MAX_TEXT_LENGTH]) for text in texts))
                    for key, *texts in rows
                ],
            )

    def drop(self, keys):
        marks = ", ".join(["%s"] * len(keys))
        if keys:
            self.run(f"DELETE FROM {self.table} WHERE {self.key} IN ({marks})", keys)

    def clear(self):
        self.run(f"DELETE FROM {self.table}")

    def only(self, shown):
        """The condition that a found row is one of the shown objects."""
        there = shown.order_by().filter(pk=RawSQL(f"{self.table}.{self.key}", ())).values("pk")
        sql, parameters = there.query.sql_with_params()
        return f"EXISTS ({sql})", list(parameters)


class SqliteIndex(Index):
    """FTS5: English stems, ranked by BM25."""

    key = "rowid"

    def write_sql(self):
        names, marks = ", ".join(self.columns), ", ".join(["%s"] * (len(self.columns) + 1))
        return f"INSERT OR REPLACE INTO {self.table} (rowid, {names}) VALUES ({marks})"

    def find(self, words, shown):
        """Rank and key of the newest of what is shown and has all the words, in no order."""
        table, weights = self.table, ", ".join(map(str, self.weights.values()))
        condition, parameters = self.only(shown)
        sql = (
            f"SELECT -bm25({table}, {weights}), rowid FROM {table} WHERE {table} MATCH %s "
            f"AND {condition} ORDER BY {table}.rowid DESC LIMIT {MAX_RANKED}"
        )
        return self.run(sql, [quote_words(words), *parameters])

    def excerpts(self, words, keys):
        """A few words around what was found in the last column, with OPEN and CLOSE."""
        if not keys:
            return {}
        table, marks = self.table, ", ".join(["%s"] * len(keys))
        column = len(self.columns) - 1
        sql = (
            f"SELECT rowid, snippet({table}, {column}, %s, %s, '', {EXCERPT_WORDS}) "
            f"FROM {table} WHERE {table} MATCH %s AND rowid IN ({marks})"
        )
        return dict(self.run(sql, [OPEN, CLOSE, quote_words(words), *keys]))


class PostgresIndex(Index):
    """A generated tsvector with a GIN index: English stems, ranked by how often and how near."""

    key = "id"
    QUERY = "websearch_to_tsquery('english', %s)"
    HEADLINE = f"StartSel={OPEN}, StopSel={CLOSE}, MaxWords={EXCERPT_WORDS}, MinWords=20"

    def write_sql(self):
        names, marks = ", ".join(self.columns), ", ".join(["%s"] * (len(self.columns) + 1))
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in self.columns)
        return (
            f"INSERT INTO {self.table} (id, {names}) VALUES ({marks}) "
            f"ON CONFLICT (id) DO UPDATE SET {changes}"
        )

    def find(self, words, shown):
        """Rank and key of the newest of what is shown and has all the words, in no order."""
        table, query = self.table, self.QUERY
        condition, parameters = self.only(shown)
        # Materialised: else the planner may walk the newest rows and parse each one's vector.
        sql = (
            f"WITH found AS MATERIALIZED (SELECT id FROM {table} WHERE vector @@ {query}), "
            f"newest AS (SELECT id FROM found AS {table} WHERE {condition} "
            f"ORDER BY id DESC LIMIT {MAX_RANKED}) "
            f"SELECT ts_rank(vector, {query}, 1), id FROM {table} JOIN newest USING (id)"
        )
        text = quote_words(words)
        return self.run(sql, [text, *parameters, text])

    def excerpts(self, words, keys):
        """A few words around what was found in the last column, with OPEN and CLOSE."""
        if not keys:
            return {}
        sql = (
            f"SELECT id, ts_headline('english', {self.columns[-1]}, {self.QUERY}, %s) "
            f"FROM {self.table} WHERE id = ANY(%s)"
        )
        return dict(self.run(sql, [quote_words(words), self.HEADLINE, list(keys)]))


def open_index(table, **weights):
    kind = SqliteIndex if connection.vendor == "sqlite" else PostgresIndex
    return kind(table, **weights)


def highlight(excerpt, text):
    """The excerpt as pieces of the text, accents and all, and whether each was looked for."""
    parts = re.split(f"[{OPEN}{CLOSE}]", excerpt)
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
    """Keeps the words of published essays, and forgets those of drafts."""
    kept = [article for article in articles if article.listed_at]
    essays.store((a.pk, a.title, a.dek, plain_text(a.body_html)) for a in kept)
    essays.drop([article.pk for article in articles if not article.listed_at])
