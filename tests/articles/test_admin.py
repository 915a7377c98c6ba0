"""The essay form in the admin: from a pasted document to a published essay, and back."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import markup
from articles.models import Article, Author
from tests.articles.admin_forms import ADD, LIST, change_url, errors_of, form_as_shown, form_data
from tests.builders import BODY, build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "told"), [("", "No fields changed."), (" More.", "Changed Body.")]
)
def test_history_tells_of_no_change_where_browsers_only_ended_lines_their_way(
    editor_client, change, told
):
    article = build_article()
    data = form_as_shown(editor_client, article)
    data["body"] = data["body"].strip().replace("\n", "\r\n") + change
    assert editor_client.post(change_url(article), data).status_code == 302
    history = editor_client.get(reverse("admin:articles_article_history", args=[article.pk]))
    assert told in history.content.decode()


def test_both_boxes_of_the_publication_time_have_names(editor_client):
    page = editor_client.get(ADD).content.decode()
    assert re.findall(r'name="published_at_\d"[^>]* aria-label="(\w+)"', page) == ["Date", "Time"]


# --- Writing ----------------------------------------------------------------------------------


def test_pasted_document_becomes_a_draft_of_whoever_pasted_it(editor_client, editor):
    response = editor_client.post(ADD, form_data())
    article = Article.objects.get()
    assert response.status_code == 302
    assert (article.status, article.slug, article.title) == ("draft", "on-clocks", "On clocks")
    assert (article.author.name, article.author.user) == ("Una Quill", editor)
    assert article.points.current().count() == 2


def test_second_essay_of_an_account_has_the_same_author(editor_client):
    editor_client.post(ADD, form_data())
    editor_client.post(ADD, form_data())
    assert Author.objects.count() == 1
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["on-clocks", "on-clocks-2"]


def test_account_with_a_very_long_name_can_write(client):
    writer = build_staff("w" * 150)
    client.force_login(writer)
    assert client.post(ADD, form_data()).status_code == 302
    assert len(Author.objects.get().name) == 80


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über die Uhr", "über-die-uhr"),
        ("О часах на площади", "о-часах-на-площади"),
        ("時計について", "時計について"),
        ("عن الساعات", "عن-الساعات"),
        ("!!!", "essay"),
        ("x" * 200, "x" * 70),
    ],
)
def test_empty_slug_is_made_from_a_title_in_any_script(editor_client, title, slug):
    editor_client.post(ADD, form_data(title=title, status="published"))
    article = Article.objects.get()
    assert article.slug == slug
    assert editor_client.get(article.get_absolute_url()).status_code == 200


def test_slug_in_use_is_a_form_error(editor_client):
    build_article(slug="taken")
    assert "Slug already exists" in errors_of(editor_client.post(ADD, form_data(slug="taken")))


@pytest.mark.parametrize(
    "body",
    ["word " * 70_000, "> " * 400 + "deep", "- " * 400 + "deep", "* " * 20 + "x"],
    ids=["long", "quotes", "lists", "marks"],
)
def test_text_that_cannot_be_rendered_is_given_back_with_the_reason(editor_client, body):
    response = editor_client.post(ADD, form_data(body=body))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["body"]
    assert response.context["adminform"].form["body"].value() == body
    assert not Article.objects.exists()


@pytest.mark.parametrize("title", ["\x01\x02", " \u2028 ", "a\0b", ""])
def test_title_that_cannot_be_read_is_a_form_error(editor_client, title):
    response = editor_client.post(ADD, form_data(title=title))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["title"]


def test_longest_essay_allowed_is_taken(editor_client):
    body = ("A claim of some words. " * 20 + "\n\n") * 600
    assert len(body) < markup.MAX_LENGTH
    assert editor_client.post(ADD, form_data(body=body)).status_code == 302


def test_essay_saved_by_somebody_else_meanwhile_is_not_overwritten_unseen(editor_client):
    article = build_article()
    mine, theirs = form_as_shown(editor_client, article), form_as_shown(editor_client, article)
    assert editor_client.post(change_url(article), theirs | {"dek": "Theirs."}).status_code == 302
    response = editor_client.post(change_url(article), mine | {"dek": "Mine."})
    assert "Somebody else has saved this essay" in errors_of(response)
    assert Article.objects.get().dek == "Theirs."
    assert response.context["adminform"].form["dek"].value() == "Mine."
    again = mine | {"dek": "Mine.", "seen": response.context["adminform"].form["seen"].value()}
    assert editor_client.post(change_url(article), again).status_code == 302
    assert Article.objects.get().dek == "Mine."


def test_reply_meanwhile_is_no_reason_to_refuse_an_edit(editor_client):
    article = build_article()
    data = form_as_shown(editor_client, article)
    build_comment(article)
    assert editor_client.post(change_url(article), data | {"dek": "New."}).status_code == 302
    assert Article.objects.get().dek == "New."


def test_edit_in_the_form_keeps_the_points_anchors(editor_client):
    article = build_article()
    before = list(article.points.current().values_list("pk", "anchor"))
    body = BODY.replace("every street", "each street").replace("Opening", "First")
    editor_client.post(change_url(article), form_as_shown(editor_client, article) | {"body": body})
    assert list(article.points.current().values_list("pk", "anchor")) == before
    assert "each street" in article.points.current().first().text


# --- The list, and authors --------------------------------------------------------------------


def test_list_takes_the_same_queries_for_any_number_of_essays(editor_client):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert editor_client.get(LIST).status_code == 200
        return len(queries)

    build_article()
    few = count_queries()
    for n in range(15):
        build_article(f"Essay {n}", author=Author.objects.create(name=f"A {n}", slug=f"a-{n}"))
    assert count_queries() == few


def test_list_loads_no_texts(editor_client):
    build_article()
    with CaptureQueriesContext(connection) as queries:
        editor_client.get(LIST)
    sql = " ".join(query["sql"] for query in queries)
    assert '"articles_article"."title"' in sql
    assert '"body"' not in sql and '"body_html"' not in sql


def test_essays_are_found_by_words_of_their_text_and_by_author(editor_client):
    build_article("One", "Some talk of *turnips*.")
    build_article("Two", "Some talk of pears.")
    for words in ("turnips", "one ada"):
        page = editor_client.get(LIST, {"q": words}).content.decode()
        assert ">One</a>" in page and ">Two</a>" not in page


def test_colleague_who_may_only_look_sees_the_essay_without_a_form(client):
    viewer = build_staff("viewer", group=None)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)
    page = client.get(change_url(build_article()))
    assert page.status_code == 200
    assert b"<textarea" not in page.content and b"Opening words." in page.content


def test_renaming_an_author_shows_on_the_essay(editor_client, client):
    article = build_article()
    url = reverse("admin:articles_author_change", args=[article.author.pk])
    editor_client.post(url, {"name": "Ada Linnet", "slug": "ada-lark", "biography": ""})
    client.logout()
    assert "Ada Linnet" in client.get(article.get_absolute_url()).content.decode()


def test_author_without_a_slug_gets_one(editor_client):
    editor_client.post(
        "/admin/articles/author/add/", {"name": "Ögün Ak", "slug": "", "biography": ""}
    )
    assert Author.objects.get().slug == "ögün-ak"


def test_length_is_measured_after_unicode_normalization(editor_client):
    grows = "\u0958"
    for fields in ({"name": grows * 80}, {"name": "Ada", "biography": grows * 500}):
        refused = editor_client.post(
            "/admin/articles/author/add/", {"slug": "", "biography": ""} | fields
        )
        assert "at most" in errors_of(refused)
    refused = editor_client.post(ADD, form_data(discussion_note=grows * 300))
    assert "at most" in errors_of(refused)
    assert not Author.objects.exists() and not Article.objects.exists()


def test_editors_do_not_see_whose_account_an_author_is(editor_client, admin_client):
    author = Author.for_user(User.objects.get(username="admin"))
    url = reverse("admin:articles_author_change", args=[author.pk])
    assert "user" not in editor_client.get(url).context["adminform"].form.fields
    editor_client.post(url, {"name": "New", "slug": author.slug, "biography": "", "user": ""})
    author.refresh_from_db()
    assert (author.name, author.user.username) == ("New", "admin")
