"""The editor's desk: from a pasted document to a published essay, and back."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import markup
from articles.models import Article, Author
from tests.articles.desk import ADD, LIST, change_url, errors_of, form_as_shown, form_data
from tests.builders import BODY, build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "told"), [("", "No fields changed."), (" More.", "Changed Body.")]
)
def test_history_tells_of_no_change_where_browsers_only_ended_lines_their_way(desk, change, told):
    article = build_article()
    data = form_as_shown(desk, article)
    data["body"] = data["body"].strip().replace("\n", "\r\n") + change
    assert desk.post(change_url(article), data).status_code == 302
    history = desk.get(reverse("admin:articles_article_history", args=[article.pk]))
    assert told in history.content.decode()


def test_both_boxes_of_the_publication_time_have_names(desk):
    page = desk.get(ADD).content.decode()
    assert re.findall(r'name="published_at_\d"[^>]* aria-label="(\w+)"', page) == ["Date", "Time"]


# --- Writing ----------------------------------------------------------------------------------


def test_pasted_document_becomes_a_draft_of_whoever_pasted_it(desk, editor):
    response = desk.post(ADD, form_data())
    article = Article.objects.get()
    assert response.status_code == 302
    assert (article.status, article.slug, article.title) == ("draft", "on-clocks", "On clocks")
    assert (article.author.name, article.author.user) == ("Una Quill", editor)
    assert article.points.current().count() == 2


def test_second_essay_of_an_account_has_the_same_author(desk):
    desk.post(ADD, form_data())
    desk.post(ADD, form_data())
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
def test_empty_slug_is_made_from_a_title_in_any_script(desk, title, slug):
    desk.post(ADD, form_data(title=title, status="published"))
    article = Article.objects.get()
    assert article.slug == slug
    assert desk.get(article.get_absolute_url()).status_code == 200


def test_slug_in_use_is_a_form_error(desk):
    build_article(slug="taken")
    assert "Slug already exists" in errors_of(desk.post(ADD, form_data(slug="taken")))


@pytest.mark.parametrize(
    "body",
    ["word " * 70_000, "> " * 400 + "deep", "- " * 400 + "deep", "* " * 20 + "x"],
    ids=["long", "quotes", "lists", "marks"],
)
def test_text_that_cannot_be_rendered_is_given_back_with_the_reason(desk, body):
    response = desk.post(ADD, form_data(body=body))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["body"]
    assert response.context["adminform"].form["body"].value() == body
    assert not Article.objects.exists()


@pytest.mark.parametrize("title", ["\x01\x02", " \u2028 ", "a\0b", ""])
def test_title_that_cannot_be_read_is_a_form_error(desk, title):
    response = desk.post(ADD, form_data(title=title))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["title"]


def test_longest_essay_allowed_is_taken(desk):
    body = ("A claim of some words. " * 20 + "\n\n") * 600
    assert len(body) < markup.MAX_LENGTH
    assert desk.post(ADD, form_data(body=body)).status_code == 302


def test_essay_saved_by_somebody_else_meanwhile_is_not_overwritten_unseen(desk):
    article = build_article()
    mine, theirs = form_as_shown(desk, article), form_as_shown(desk, article)
    assert desk.post(change_url(article), theirs | {"dek": "Theirs."}).status_code == 302
    response = desk.post(change_url(article), mine | {"dek": "Mine."})
    assert "Somebody else has saved this essay" in errors_of(response)
    assert Article.objects.get().dek == "Theirs."
    assert response.context["adminform"].form["dek"].value() == "Mine."
    again = mine | {"dek": "Mine.", "seen": response.context["adminform"].form["seen"].value()}
    assert desk.post(change_url(article), again).status_code == 302
    assert Article.objects.get().dek == "Mine."


def test_reply_meanwhile_is_no_reason_to_refuse_an_edit(desk):
    article = build_article()
    data = form_as_shown(desk, article)
    build_comment(article)
    assert desk.post(change_url(article), data | {"dek": "New."}).status_code == 302
    assert Article.objects.get().dek == "New."


def test_edit_in_the_form_keeps_the_points_anchors(desk):
    article = build_article()
    before = list(article.points.current().values_list("pk", "anchor"))
    body = BODY.replace("every street", "each street").replace("Opening", "First")
    desk.post(change_url(article), form_as_shown(desk, article) | {"body": body})
    assert list(article.points.current().values_list("pk", "anchor")) == before
    assert "each street" in article.points.current().first().text


# --- The list, and authors --------------------------------------------------------------------


def test_list_takes_the_same_queries_for_any_number_of_essays(desk):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        return len(queries)

    build_article()
    few = count_queries()
    for n in range(15):
        build_article(f"Essay {n}", author=Author.objects.create(name=f"A {n}", slug=f"a-{n}"))
    assert count_queries() == few


def test_list_loads_no_texts(desk):
    build_article()
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    sql = " ".join(query["sql"] for query in queries)
    assert '"articles_article"."title"' in sql
    assert '"body"' not in sql and '"body_html"' not in sql


def test_essays_are_found_by_words_of_their_text_and_by_author(desk):
    build_article("One", "Some talk of *turnips*.")
    build_article("Two", "Some talk of pears.")
    for words in ("turnips", "one ada"):
        page = desk.get(LIST, {"q": words}).content.decode()
        assert ">One</a>" in page and ">Two</a>" not in page


def test_colleague_who_may_only_look_sees_the_essay_without_a_form(client):
    viewer = build_staff("viewer", group=None)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)
    page = client.get(change_url(build_article()))
    assert page.status_code == 200
    assert b"<textarea" not in page.content and b"Opening words." in page.content


def test_renaming_an_author_shows_on_the_essay(desk, client):
    article = build_article()
    url = reverse("admin:articles_author_change", args=[article.author.pk])
    desk.post(url, {"name": "Ada Linnet", "slug": "ada-lark", "biography": ""})
    client.logout()
    assert "Ada Linnet" in client.get(article.get_absolute_url()).content.decode()


def test_author_without_a_slug_gets_one(desk):
    desk.post("/admin/articles/author/add/", {"name": "Ögün Ak", "slug": "", "biography": ""})
    assert Author.objects.get().slug == "ögün-ak"


def test_what_grows_when_composed_is_measured_as_stored(desk):
    grows = "\u0958"
    for fields in ({"name": grows * 80}, {"name": "Ada", "biography": grows * 500}):
        refused = desk.post("/admin/articles/author/add/", {"slug": "", "biography": ""} | fields)
        assert "at most" in errors_of(refused)
    refused = desk.post(ADD, form_data(discussion_note=grows * 300))
    assert "at most" in errors_of(refused)
    assert not Author.objects.exists() and not Article.objects.exists()


def test_editors_do_not_see_whose_account_an_author_is(desk, admin_client):
    author = Author.for_user(User.objects.get(username="admin"))
    url = reverse("admin:articles_author_change", args=[author.pk])
    assert "user" not in desk.get(url).context["adminform"].form.fields
    desk.post(url, {"name": "New", "slug": author.slug, "biography": "", "user": ""})
    author.refresh_from_db()
    assert (author.name, author.user.username) == ("New", "admin")
