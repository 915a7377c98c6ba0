"""Links to other essays on an essay's page, and how soon they change."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article
from articles.views.related import find_related, newer, older
from tests.builders import build_article, build_many

pytestmark = pytest.mark.django_db


def at(day) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def neighbours(article) -> tuple:
    return older(article).first(), newer(article).first()


def test_neighbours_are_the_published_essays_before_and_after():
    first, second, third = (build_article(f"Essay {n}", published_at=at(n)) for n in (1, 2, 3))
    build_article("Draft", published=False)
    build_article("Later", published_at=timezone.now() + timedelta(days=1))
    assert neighbours(first) == (None, second)
    assert neighbours(second) == (first, third)
    assert neighbours(third) == (second, None)


def test_essays_of_one_moment_follow_one_another_all_the_same():
    essays = [build_article(f"Essay {n}", published_at=at(1)) for n in range(3)]
    assert neighbours(essays[1]) == (essays[0], essays[2])
    assert neighbours(essays[2]) == (essays[1], None)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans a small table otherwise")
def test_neighbours_are_found_in_an_index():
    article = build_many(50)[20]
    for rows in (older(article), newer(article)):
        plan = rows[:1].explain()
        assert "SEARCH articles_article USING INDEX article_newest" in plan
        assert "TEMP B-TREE" not in plan


def test_related_share_most_tags_and_of_equals_are_the_newest():
    article = build_article("This", tags=["A", "B", "C"])
    for n, tags in enumerate((["A"], ["A", "B"], ["C"], ["D"], ["A", "B", "C", "D"]), 1):
        build_article(f"Essay {n}", published_at=at(n), tags=tags)
    build_article("Draft", tags=["A", "B", "C"], published=False)
    found = find_related(article, list(article.ordered_tags))
    assert [essay.title for essay in found] == ["Essay 5", "Essay 2", "Essay 3"]


def test_related_cost_the_same_two_queries_for_any_number_of_tags(django_assert_num_queries):
    article = build_article("This", tags=[f"Tag {n}" for n in range(12)])
    build_article("Other", tags=["Tag 11"])
    tags = list(article.ordered_tags)
    with django_assert_num_queries(2):
        assert len(find_related(article, tags)) == 1


def test_essay_without_tags_has_no_related(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find_related(Article(), []) == []


# --- On the page ------------------------------------------------------------------------------


def read(client, article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def test_page_leads_on_before_its_thread(client):
    old, article, new = (
        build_article(f"Essay <{n}>", published_at=at(n), tags=["Towns"]) for n in (1, 2, 3)
    )
    page = read(client, article)
    end = page.index('<section id="comments"')
    for name, other in (("previous", old), ("next", new)):
        assert 0 < page.index(f'<a class="{name}" href="{other.get_absolute_url()}">') < end
    related = page[page.index('class="related"') : end]
    assert re.findall(r">(Essay [^<]+)<", related) == ["Essay &lt;3&gt;", "Essay &lt;1&gt;"]


def test_only_essay_has_nothing_to_lead_to(client):
    page = read(client, build_article(tags=["Towns"]))
    assert 'class="neighbours"' not in page and 'class="related"' not in page


CHANGES = {
    "a new essay": lambda other: build_article("Newest", tags=["Towns"]),
    "a new title": lambda other: setattr(other, "title", "Renamed") or other.save(),
    "withdrawing": lambda other: setattr(other, "status", "draft") or other.save(),
    "other tags": lambda other: other.set_tags(["Apples"]),
    "deletion": lambda other: other.delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_page_is_another_after_a_change_to_another_essay(client, change):
    other = build_article("Other", published_at=at(1), tags=["Towns"])
    article = build_article("This", published_at=at(2), tags=["Towns"])
    before = client.get(article.get_absolute_url())
    CHANGES[change](other)
    url, tag = article.get_absolute_url(), before["ETag"]
    response = client.get(url, headers={"If-None-Match": tag})
    assert response.status_code == 200 and response.content != before.content


def test_page_is_kept_until_the_next_essay_appears_by_itself(client):
    article = build_article()
    later = build_article("Later", published_at=timezone.now() + timedelta(days=1))
    response = client.get(article.get_absolute_url())
    source, _, until = response.wsgi_request.META["blogsite.source"]
    assert source == ("essay", article.pk)
    assert until == later.published_at.timestamp()
