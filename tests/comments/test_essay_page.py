"""After a reply, an essay's page renders only the parts that changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.views import essay
from articles.views.essay import find_article
from articles.views.related import essay_context
from comments.thread_page import render
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db


def read(client, article, **query) -> str:
    response = client.get(article.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


def misses() -> tuple[int, int]:
    """How many essays' contexts and comments were not in the caches since the process began."""
    caches = essay_context, render.comment_html
    contexts, comments = (function.cache_info().misses for function in caches)
    return contexts, comments


def test_reply_has_itself_written_and_what_it_answers_no_more(client):
    article = build_article()
    first = build_comment(article)
    build_comment(article, first)
    read(client, article)
    contexts, comments = misses()
    build_comment(article, first, name="Bea", body="A new objection.")
    page = read(client, article)
    assert "A new objection." in page and page.count('class="comment"') == 3
    assert misses() == (contexts, comments + 1)


def test_page_after_a_reply_asks_five_questions(client):
    article = build_article(body="Opening words.\n\n- One point.\n- Another point.\n")
    build_comment(article, point=article.points.first())
    read(client, article)
    build_comment(article)
    with CaptureQueriesContext(connection) as queries:
        read(client, article)
    assert len(queries) == 5, [query["sql"][:80] for query in queries]


def test_edit_is_seen_at_once(client):
    article = build_article("A title")
    build_comment(article)
    read(client, article)
    article.title, article.body = "Another title", "Other words."
    article.save()
    page = read(client, article)
    assert "Another title" in page and "Other words." in page and "A title" not in page


def test_hidden_comment_leaves_the_cached_page(client):
    article = build_article()
    comment = build_comment(article, body="A word to hide.")
    build_comment(article, comment)
    assert "A word to hide." in read(client, article)
    article.comments.filter(pk=comment.pk).hide()
    assert "A word to hide." not in read(client, article)
    article.comments.filter(pk=comment.pk).publish()
    assert "A word to hide." in read(client, article)


def test_template_tags_that_somebody_writes_are_text(client):
    tags = "{{ thread }} {% endcache %} {# comment #}"
    article = build_article(f"Title {tags}", dek=tags, body=f"Words {tags} here.")
    build_comment(article, name="Ada", body=f"Reply {tags}")
    page = read(client, article)
    assert page.count('id="comments"') == 1 and page.count('class="comment"') == 1
    assert page.count("{{ thread }} {% endcache %} {# comment #}") >= 4


def test_tools_that_somebody_writes_are_text(client):
    article = build_article("A <!--tools p-x--> title", body="Words <!--tools p-x--> here.")
    build_comment(article, body="Reply <!--tools p-x--> here.")
    page = read(client, article)
    assert "point-links" not in page


def test_moderators_page_is_not_remembered_for_readers(client, admin_client):
    article = build_article()
    build_comment(article, build_comment(article), name="Bea")
    before = misses(), render.branch_html.cache_info()
    assert "csrfmiddlewaretoken" in read(admin_client, article)
    assert misses()[1] == before[0][1] and render.branch_html.cache_info() == before[1]
    assert "csrfmiddlewaretoken" not in read(client, article)


def test_long_branch_is_not_kept_once_for_each_of_its_replies(client):
    article = build_article()
    comment = None
    for number in range(12):
        comment = build_comment(article, comment, body=f"{number} " + "word " * 1_500)
    render.branch_html.cache_clear()
    page = read(client, article)
    assert page.count('class="comment"') == 12
    shortest = len(page) // 12
    assert render.branch_html.cache_info().currsize <= render.MAX_BRANCH_LENGTH // shortest + 1


def test_edit_between_two_reads_does_not_stay_under_the_newer_stamp(client, monkeypatch):
    article = build_article("A title")

    def find_then_edit(*args):
        found = find_article(*args)
        monkeypatch.setattr(essay, "find_article", find_article)
        article.title = "Another title"
        article.save()
        return found

    monkeypatch.setattr(essay, "find_article", find_then_edit)
    read(client, article)
    page = read(client, article)
    assert "Another title" in page and "A title" not in page


def test_only_what_readers_see_can_be_flagged(admin_client):
    article = build_article()
    shown, held = build_comment(article), build_comment(article, status="held")
    page = read(admin_client, article)
    assert f"/comments/{shown.pk}/flag/" in page and f"/comments/{held.pk}/flag/" not in page
