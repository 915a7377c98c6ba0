"""Search finds published essays, and answers any query."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis

from articles import search
from articles.models import Article
from tests.builders import build_article, build_many

pytestmark = pytest.mark.django_db


def find(query, **extra):
    return Client().get("/search/", {"q": query, **extra})


def titles(query, **extra) -> list[str]:
    page = find(query, **extra).content.decode()
    return [unescape(title) for title in re.findall(r"<h2[^>]*><a[^>]*>([^<]+)", page)]


def marked(query) -> list[str]:
    return re.findall(r"<mark>([^<]*)</mark>", find(query).content.decode())


# --- What is found ----------------------------------------------------------------------------


def test_words_of_title_dek_and_text_are_found_by_their_stems():
    build_article("On turnips", "Some talk of *pears*.", dek="A word on quinces.")
    build_article("On nothing", "No talk.")
    for query in ("turnip", "PEAR", "quince", "talking pears turnips"):
        assert titles(query) == ["On turnips"], query
    assert titles("turnip plum") == []


def test_accents_make_no_difference_and_are_shown():
    build_article("Café talk", "He sat in the café, naïve as ever, reading Чёрный.")
    for query in ("cafe", "café", "cafe\u0301", "naive", "черный"):
        assert titles(query) == ["Café talk"], query
    assert marked("cafe naive") == ["café", "naïve"]


def test_title_counts_for_more_than_the_text():
    build_article("On clocks", "Nothing else of them.")
    build_article("On benches", "A bench, and clocks. " + "Words follow here. " * 30)
    assert titles("clocks")[0] == "On clocks"


def test_excerpt_is_escaped_and_has_no_markup():
    build_article("Rich", 'A `<b>` and **bold**ness, [link](/x "a > b").\n\n- A point of pears\n')
    page = find("pears").content.decode()
    assert "<mark>pears</mark>" in page
    assert not any(part in page for part in ("/x", "tools", "point-links"))
    assert "<b>" not in find("boldness").content.decode()


def test_excerpt_stands_around_what_was_found():
    build_article(
        "Long", "Start of it. " + "filler word " * 400 + "a quagga here. " + "more " * 400
    )
    page = find("quagga").content.decode()
    excerpt = re.search(r'class="excerpt"[^>]*>(.*?)</p>', page)[1]
    assert "<mark>quagga</mark>" in excerpt and len(excerpt) < 500
    assert excerpt.startswith("\u2026") and excerpt.endswith("\u2026")


# --- What is not ------------------------------------------------------------------------------


def test_draft_is_never_found_and_scheduled_not_before_its_time():
    build_article("Secret draft", "A quagga.", published=False)
    later = build_article("Later", "A quagga.", published_at=timezone.now() + timedelta(days=1))
    assert titles("quagga") == []
    Article.objects.filter(pk=later.pk).update(published_at=timezone.now())
    assert titles("quagga") == ["Later"]


def test_withdrawn_edited_and_deleted_words_are_gone_at_once():
    article = build_article("Zoo", "A quagga.")
    Article.objects.set_status("draft")
    assert titles("quagga") == []
    Article.objects.set_status("published")
    assert titles("quagga") == ["Zoo"]
    article = Article.objects.get()
    article.body = "A zebra."
    article.save()
    assert titles("quagga") == [] and titles("zebra") == ["Zoo"]
    article.delete()
    assert titles("zebra") == []


def test_index_is_written_in_the_essays_transaction():
    article = build_article("Zoo", "A quagga.")
    search.essays.clear()
    assert titles("quagga") == []
    call_command("reindex", verbosity=0)
    assert titles("quagga") == [article.title]


# --- Whatever is typed ------------------------------------------------------------------------

SIGNS = "\" ' \\ * - ( ) : ^ + ~ & | ! <-> AND OR NOT NEAR(a title:x a* -a {a:c %s %(x)s {0} _ --"
ODD = [
    *SIGNS.split(),
    *('"a b', "a OR", "NEAR(a b)", "zebra' OR \"-(*)\\", "\0", "a\0b", "\x02\x03", "\u202e"),
    *("\U0001f600", "\U0001f600 " * 2_500, "عن الساعات", "ß", "İ", "ﬁ"),
    *("a " * 5_000, "x" * 10_000, "é" * 10_000, "時" * 5_000, '" ' * 5_000),
]


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_odd_queries_get_a_page(query):
    build_article("Words", "a b x zebra title words")
    response = find(query)
    assert response.status_code == 200
    text = response.content.decode()
    assert any(words in text for words in ("Nothing has all", "Please enter a word", "<h2"))


@pytest.mark.slow
@hypothesis(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(max_size=60))
def test_any_text_gets_a_page(db, text):
    assert find(text.encode(errors="replace").decode()).status_code == 200


@hypothesis(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(max_size=200))
def test_folding_keeps_every_place(text):
    assert len(search.fold_accents(text)) == len(text)


def test_words_in_any_script_are_found():
    words = ("الساعات", "часах", "時計", "हिन्दी", "ώρα")
    build_article("Scripts", " ".join(words))
    for word in words:
        assert titles(word) == ["Scripts"], word


def test_at_most_twelve_words_are_used():
    build_article("Twelve", " ".join(f"word{n}" for n in range(12)))
    assert titles(" ".join(f"word{n}" for n in range(30))) == ["Twelve"]


def test_empty_search_is_a_form_and_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/search/").content.decode()
    assert 'name="q"' in page and "Nothing has" not in page and "no word" not in page
    assert "Please enter a word to search for" in find("?!").content.decode()


def test_query_comes_back_in_the_form_escaped():
    assert 'value="&lt;b&gt; &quot;x"' in find('<b> "x').content.decode()


# --- The page ---------------------------------------------------------------------------------


def test_results_are_paged_by_ten_in_few_queries(client, django_assert_num_queries):
    call_command("reindex", verbosity=0)
    for article in build_many(25):
        search.index_essays([article])
    with django_assert_num_queries(4):
        client.get("/search/", {"q": "essay"})
    found = [title for n in (1, 2, 3) for title in titles("essay", page=n)]
    assert len(found) == len(set(found)) == 25
    page = find("essay", page=2).content.decode()
    assert "?q=essay&amp;page=3" in page and "?q=essay&amp;page=1" in page
    assert find("essay", page=4).status_code == find("essay", page="x").status_code == 404


def test_page_is_not_cached(client):
    response = find("essay")
    assert response["Cache-Control"] == "no-cache"
    assert "ETag" not in response and "blogsite.source" not in response.wsgi_request.META


def test_search_engines_take_all_results_for_one_page(client, settings):
    for n in range(11):
        build_article(f"Essay {n}")
    page = find("essay").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/search/">' in page
    assert 'rel="next nofollow"' in page


def test_results_are_compressed(client):
    response = client.get("/search/", {"q": "essay"}, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip" and response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/search/", "/archive/", "/no/such/page/"])
def test_form_stands_where_readers_look_for_something(client, path):
    page = client.get(path).content.decode()
    assert 'action="/search/"' in page and 'role="search"' in page and "<label for=" in page
    assert 'href="/search/"' in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_search_goes_by_its_index(client):
    search.index_essays(build_many(500))
    zoo = build_article("Zoo", "A quagga.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert zoo.title in client.get("/search/", {"q": "quagga"}).content.decode()
    for query in queries[:2]:
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        with connection.cursor() as cursor:
            cursor.execute(f"{how} {query['sql']}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        assert "VIRTUAL TABLE INDEX" in plan or "search_vector" in plan or "comments" in plan
        assert not re.search(r"SCAN articles_article(?! USING)", plan), plan
