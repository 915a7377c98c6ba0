"""Prepared queries return the same rows as Django's own."""

from datetime import UTC

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.compiled_query import FIRST_PLACEHOLDER, CompiledQuery
from articles.models import Article
from comments.models import Comment
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_for_each_value():
    titled = CompiledQuery(lambda slug: Article.objects.filter(slug=slug).values_list("title"))
    for title in ("One", "Two"):
        build_article(title)
    assert titled.rows("one") == [("One",)] and titled.value("two") == "Two"
    assert titled.rows("three") == [] and titled.value("three") is None
    assert titled.first("one").title == "One" and titled.first("three") is None


def test_each_value_has_its_own_place():
    between = CompiledQuery(
        lambda first, last: (
            Comment.objects.filter(lft__gte=first, rght__lte=last).order_by("pk").values_list("pk")
        ),
        2,
    )
    article = build_article()
    inner = build_comment(article, build_comment(article))
    inner.refresh_from_db()
    assert between.rows(inner.lft, inner.rght) == [(inner.pk,)]
    assert between.rows(inner.rght, inner.lft) == []


@pytest.mark.parametrize(
    "value", ["' OR 1=1 --", "%s", "%", "\u2028", str(FIRST_PLACEHOLDER), "0"]
)
def test_value_is_nothing_but_a_value(value):
    build_article("One")
    titled = CompiledQuery(lambda title: Article.objects.filter(title=title).values_list("pk"))
    assert titled.rows(value) == []
    article = build_article(f"Is {value}")
    assert titled.rows(article.title) == [(article.pk,)]


def test_sql_is_written_once():
    asked = []

    def by_key(key):
        asked.append(key)
        return Article.objects.filter(pk=key).values_list("pk")

    prepared = CompiledQuery(by_key)
    with CaptureQueriesContext(connection) as queries:
        for key in (1, 2, 3):
            prepared.rows(key)
    assert len(asked) == 1 and len(queries) == 3


def test_times_come_with_their_zone():
    article = build_article()
    names = ("published_at", "closes_at", "pinned", "title")
    row = CompiledQuery(lambda: Article.objects.values_list(*names), 0).first()
    assert row.published_at == article.published_at
    assert row.published_at.utcoffset() == UTC.utcoffset(None)
    assert (row.closes_at, row.pinned, row.title) == (None, False, article.title)
    assert row.pinned is False
