"""Home, author and archive pages: their content, and a cost that does not grow with the site."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import ArchiveYear, Article
from tests.articles.admin_forms import change_url, form_as_shown
from tests.builders import build_article, build_author, build_many

pytestmark = pytest.mark.django_db
LISTS = {
    "/": 6,
    "/tags/towns/": 6,
    "/authors/ada-lark/": 6,
    "/archive/": 4,
    f"/archive/{timezone.now().year}/": 4,
    "/feed/": 5,
    "/feed.json": 5,
    "/tags/towns/feed/": 6,
    "/authors/ada-lark/feed/": 6,
}


def read(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def shown(page) -> list[str]:
    return re.findall(r"<h2[^>]*><a[^>]*>([^<]+)|<li[^>]*><a[^>]*>([^<]+)</a></li>", page)


def titles(client, url) -> list[str]:
    return [first or second for first, second in shown(read(client, url))]


# --- Authors and pinned essays ----------------------------------------------------------------


def test_author_has_a_page_with_biography_and_essays(client):
    author = build_author()
    author.biography = "Ada watches <clocks>."
    author.save()
    article = build_article()
    build_article("Secret draft", published=False)
    build_article("By another", author=build_author("Bo Finch"))
    page = read(client, "/authors/ada-lark/")
    assert "Ada watches &lt;clocks&gt;." in page and article.title in page
    assert "Secret" not in page and "By another" not in page
    for path in ("/", article.get_absolute_url()):
        assert 'href="/authors/ada-lark/"' in read(client, path)


def test_author_of_nothing_that_can_be_read_has_no_page(client):
    build_article(published=False)
    for path in ("/authors/ada-lark/", "/authors/ada-lark/feed/", "/authors/none/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/tags/towns/", "/authors/ada-lark/"])
def test_pages_follow_one_another_without_gap_or_double(client, path):
    build_many(45)
    found = [title for n in (1, 2, 3) for title in titles(client, f"{path}?page={n}")]
    assert found == [f"Essay {n}" for n in range(45)]
    assert 'rel="next"' not in read(client, f"{path}?page=3")
    assert 'rel="prev" href="' + path + '"' in read(client, f"{path}?page=2")
    for number in ("4", "999999", "0", "x"):
        assert client.get(path, {"page": number}).status_code == 404


def test_pinned_essays_stand_first_and_only_there(client, editor_client):
    build_many(25)
    pinned = Article.objects.get(title="Essay 23")
    editor_client.post(change_url(pinned), form_as_shown(editor_client, pinned) | {"pinned": "on"})
    editor_client.logout()
    first, second = titles(client, "/"), titles(client, "/?page=2")
    assert first[:2] == ["Essay 23", "Essay 0"] and len(first) == 21
    assert sorted([*first, *second]) == sorted(f"Essay {n}" for n in range(25))


# --- The archive ------------------------------------------------------------------------------


def counts(client) -> list[tuple[str, str]]:
    return re.findall(r'>(\d{4})</a> <span class="count">(\d+) essay', read(client, "/archive/"))


def at(year, month=6) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def test_archive_counts_what_each_year_has(client):
    for n in range(3):
        build_article(f"Old {n}", published_at=at(2019))
    build_article("Older", published_at=at(2017))
    build_article("Secret draft", published=False)
    build_article("Secret later", published_at=timezone.now() + timedelta(days=1))
    assert counts(client) == [("2019", "3"), ("2017", "1")]


def test_counts_follow_every_change(client):
    first, second = (build_article(f"Old {n}", published_at=at(2019)) for n in range(2))
    Article.objects.filter(pk=first.pk).set_status("draft")
    assert counts(client) == [("2019", "1")]
    second.published_at = at(2018)
    second.save()
    assert counts(client) == [("2018", "1")]
    second.delete()
    assert counts(client) == []
    assert "No essay has been published yet" in read(client, "/archive/")


def test_scheduled_essay_is_counted_when_its_time_has_come(client):
    article = build_article(published_at=timezone.now() + timedelta(days=1))
    assert counts(client) == []
    past = timezone.now() - timedelta(seconds=1)
    if past.year != article.year:  # the last day of a year
        return
    Article.objects.update(published_at=past)
    assert counts(client) == [(str(past.year), "1")]


def test_year_shows_its_essays_by_month(client):
    build_article("In March", published_at=at(2019, 3))
    build_article("In May", published_at=at(2019, 5))
    build_article("Next year", published_at=at(2020, 1))
    page = read(client, "/archive/2019/")
    assert re.findall(r"<h2>(\w+)</h2>", page) == ["May", "March"]
    assert titles(client, "/archive/2019/") == ["In May", "In March"]
    for path in ("/archive/2018/", "/archive/0000/", "/archive/9999/", "/archive/2019/?page=2"):
        assert client.get(path).status_code == 404


def test_year_with_many_essays_is_paged(client):
    for n, article in enumerate(build_many(123)):
        article.published_at = at(2019) - timedelta(minutes=n)
    articles = list(Article.objects.order_by("pk"))
    for n, article in enumerate(articles):
        article.published_at = at(2019) - timedelta(minutes=n)
    Article.objects.bulk_update(articles, ["published_at"])
    assert len(titles(client, "/archive/2019/")) == 120
    assert titles(client, "/archive/2019/?page=2") == ["Essay 120", "Essay 121", "Essay 122"]


def test_reindex_counts_anew(client):
    from django.core.management import call_command

    article = build_article(published_at=at(2019), tags=["Towns"])
    ArchiveYear.objects.update(article_count=7)
    article.taggings.update(published_at=None)
    assert client.get("/tags/towns/").status_code == 404
    call_command("reindex", verbosity=0)
    assert counts(client) == [("2019", "1")]
    assert titles(client, "/tags/towns/") == [article.title]


# --- The page cache and the cost --------------------------------------------------------------


def test_every_list_is_kept_until_an_essay_changes(client):
    article = build_article(tags=["Towns"])
    for path in [*LISTS, "/sitemap.xml"]:
        response = client.get(path)
        # Feeds show no replies, and are not made anew for one.
        source = response.wsgi_request.META["blogsite.source"][0]
        assert source == ("essays" if "feed" in path else "lists", 0), path
        tag = response["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    article.save()
    assert client.get("/archive/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_list_takes_the_same_few_queries_for_any_number_of_essays(
    client, path, django_assert_num_queries
):
    build_article("First", tags=["Towns"])
    for count in (1, 30):
        if count > 1:
            build_many(count)
        with django_assert_num_queries(LISTS[path]):
            read(client, path)


def plan_of(sql) -> str:
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_every_query_of_a_list_goes_by_an_index(client):
    build_many(2_000)
    with connection.cursor() as cursor:
        # Vacuumed, as it is in service by itself: else no index is enough to read from.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    paths = [*LISTS, "/?page=90", "/tags/towns/?page=90", "/authors/ada-lark/?page=90"]
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            read(client, path)
        for query in queries:
            plan = plan_of(query["sql"])
            for table in ("articles_article", "articles_tagging"):
                assert f"Seq Scan on {table}" not in plan, (path, plan)
                assert not re.search(rf"SCAN {table}(?! USING)", plan), (path, plan)
            # Where all of a list is put in order, and not the few rows that are shown of it.
            if "LIMIT" in query["sql"]:
                assert "TEMP B-TREE" not in plan and "Sort" not in plan, (path, plan)
