"""The comment list in the admin: comments are found, hidden and published, never deleted."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


def detail_url(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def choose(client, action, *comments, **data):
    data |= {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(LIST, data, follow=True)


def text_of(response) -> str:
    return response.content.decode()


def shown(response) -> list[str]:
    """The numbers of the comments that the list shows."""
    return [comment.number for comment in response.context["cl"].result_list]


# --- Finding ----------------------------------------------------------------------------------


def test_list_shows_place_name_words_essay_and_status(moderator_client):
    article = build_article("On benches")
    first = build_comment(article)
    build_comment(article, first, name="Cora", body="Quite *wrong*.", status="held")
    page = text_of(moderator_client.get(LIST))
    for expected in ("1.1", "Cora", "Quite *wrong*.", "On benches", "held"):
        assert expected in page
    assert "@private.example" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cora", ["1.1"]),
        ("cora.b@private.example", []),
        ("turnips", ["1.1"]),
        ("1.1", ["1.1"]),
        ("gardens", ["1"]),
        ("nobody", []),
    ],
)
def test_comments_are_found_by_name_words_number_and_essay_but_by_no_address(
    moderator_client, words, found
):
    article = build_article("On benches")
    first = build_comment(article)
    build_comment(article, first, name="Cora", email="cora.b@private.example", body="Turnips!")
    other = build_comment(build_article("On gardens"), name="Dan")
    assert other.number == "1"
    assert shown(moderator_client.get(LIST, {"q": words})) == found


def test_list_is_filtered_by_status(moderator_client):
    article = build_article()
    build_comment(article)
    build_comment(article, status="held")
    assert shown(moderator_client.get(LIST, {"status__exact": "held"})) == ["2"]


def test_list_can_be_read_in_the_order_of_the_thread(moderator_client):
    article = build_article()
    first = build_comment(article)
    build_comment(article)
    answers = [build_comment(article, first) for _ in range(11)]
    build_comment(article, answers[1])
    numbers = [f"1.{n}" for n in range(1, 12)]
    numbers = ["1", *numbers[:2], "1.2.1", *numbers[2:], "2"]
    assert shown(moderator_client.get(LIST, {"o": "1"})) == numbers
    assert shown(moderator_client.get(LIST, {"o": "-1"})) == numbers[::-1]


@pytest.mark.parametrize("column", range(1, 7))
def test_list_can_be_sorted_by_every_column_that_offers_it(moderator_client, column):
    build_comment(build_article())
    assert moderator_client.get(LIST, {"o": column}).status_code == 200


def count_queries(client, url, **query):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, query).status_code == 200
    return [query["sql"] for query in queries]


def test_list_takes_the_same_few_queries_for_any_number_of_comments(moderator_client):
    articles = [build_article(f"Essay {n}") for n in range(4)]
    first = build_comment(articles[0])
    few = count_queries(moderator_client, LIST)
    for article in articles:
        parent = build_comment(article)
        for _ in range(10):
            build_comment(article, parent)
    build_comment(articles[0], first)
    assert len(count_queries(moderator_client, LIST)) == len(few) <= 7


def test_list_counts_once_and_loads_no_essay(moderator_client):
    build_comment(build_article())
    sql = count_queries(moderator_client, LIST)
    assert sum("COUNT(*)" in query for query in sql) == 1
    assert not any('"articles_article"."body"' in query for query in sql)


def test_detail_takes_few_queries(moderator_client):
    article = build_article()
    answer = build_comment(article, build_comment(article))
    assert len(count_queries(moderator_client, detail_url(answer))) <= 9


# --- One comment ------------------------------------------------------------------------------


def test_detail_shows_words_with_their_lines_what_they_answer_and_the_address(moderator_client):
    article = build_article()
    first = build_comment(article, name="Ann", body="Say that again.")
    answer = build_comment(article, first, body="One\ntwo <b>", email="a.b@private.example")
    page = text_of(moderator_client.get(detail_url(answer)))
    assert "One<br>two &lt;b&gt;" in page
    assert "1 Ann (published)<br>Say that again." in page
    assert "a.b@private.example" in page and "never published" in page


def test_address_is_in_no_title_heading_link_or_breadcrumb(moderator_client):
    comment = build_comment(build_article(), email="a.b@private.example")
    page = text_of(moderator_client.get(detail_url(comment)))
    assert page.count("a.b@private.example") == 1
    for tag in ("title", "h1", "h2", "a"):
        for found in re.findall(rf"<{tag}\b.*?</{tag}>", page, re.DOTALL):
            assert "@" not in found


def test_only_the_status_can_be_changed(moderator_client):
    comment = build_comment(build_article(), name="Ann", body="Mine.")
    data = {"status": "held", "body": "Yours.", "name": "Eve", "email": "e@e.example"}
    assert moderator_client.post(detail_url(comment), data).status_code == 302
    stored = Comment.objects.get()
    assert (stored.status, stored.body, stored.name) == ("held", "Mine.", "Ann")
    assert stored.email == comment.email


def test_detail_touches_the_page_and_writes_history(moderator_client):
    article = build_article()
    comment = build_comment(article)
    article.refresh_from_db()
    before = article.stamp
    moderator_client.post(detail_url(comment), {"status": "hidden"})
    article.refresh_from_db()
    assert article.stamp > before
    assert "Changed Status" in text_of(moderator_client.get(f"{LIST}{comment.pk}/history/"))


def test_link_to_the_page_is_offered_only_where_it_leads_somewhere(moderator_client):
    article = build_article()
    comment, held = build_comment(article), build_comment(article, status="held")
    assert f'href="/comments/{comment.pk}/"' in text_of(moderator_client.get(detail_url(comment)))
    assert f'href="/comments/{held.pk}/"' not in text_of(moderator_client.get(detail_url(held)))


def test_essay_link_leads_to_the_readers_page(moderator_client):
    article = build_article()
    page = text_of(moderator_client.get(detail_url(build_comment(article))))
    assert f'href="{article.get_absolute_url()}"' in page
    assert "/admin/articles/" not in page


# --- Many comments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status"), [("hide", "hidden"), ("hold", "held"), ("publish", "published")]
)
def test_action_changes_the_chosen_and_says_how_many(moderator_client, action, status):
    article = build_article()
    start = "hidden" if status == "published" else "published"
    chosen = [build_comment(article, status=start) for _ in range(3)]
    spared = build_comment(article, status=start)
    page = choose(moderator_client, action, *chosen)
    assert f"3 comments are now {status}." in text_of(page)
    assert Comment.objects.filter(status=status).count() == 3
    spared.refresh_from_db()
    assert spared.status == start


def test_action_on_everything_found_takes_what_the_page_does_not_show(moderator_client):
    article = build_article()
    comments = [build_comment(article, name="Spammer") for _ in range(60)]
    build_comment(article)
    data = {"action": "hide", "_selected_action": [comments[0].pk], "select_across": "1"}
    moderator_client.post(f"{LIST}?q=Spammer", data)
    assert Comment.objects.filter(status="hidden").count() == 60


def test_action_logs_each_comment_without_an_address(moderator_client, moderator):
    article = build_article()
    comments = [build_comment(article), build_comment(article)]
    choose(moderator_client, "hide", *comments)
    entries = LogEntry.objects.filter(user=moderator)
    assert {entry.object_id for entry in entries} == {str(c.pk) for c in comments}
    for entry in entries:
        assert "@" not in f"{entry} {entry.object_repr} {entry.change_message}"


def test_action_takes_the_same_queries_for_any_number(moderator_client):
    article = build_article()

    def count(chosen):
        with CaptureQueriesContext(connection) as queries:
            moderator_client.post(
                LIST, {"action": "hide", "_selected_action": [c.pk for c in chosen]}
            )
        return len(queries)

    assert count([build_comment(article) for _ in range(2)]) == count(
        [build_comment(article) for _ in range(40)]
    )


def test_hiding_what_is_hidden_changes_no_stamp(moderator_client):
    article = build_article()
    comment = build_comment(article, status="hidden")
    article.refresh_from_db()
    before = article.stamp
    choose(moderator_client, "hide", comment)
    article.refresh_from_db()
    assert article.stamp == before


# --- Never ------------------------------------------------------------------------------------


def test_admin_cannot_add_or_delete_a_comment(admin_client):
    comment = build_comment(build_article())
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 403
    actions = admin_client.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _ in actions] == ["", "hide", "publish", "hold", "mark_spam"]
    choose(admin_client, "delete_selected", comment, post="yes")
    assert Comment.objects.filter(pk=comment.pk).exists()


@pytest.mark.slow
def test_list_is_quick_with_ten_thousand_comments(moderator_client):
    article = build_article()
    roots = [
        Comment(article=article, name="Ann", email=f"a{n}@private.example", body=f"Root {n}.")
        for n in range(2_000)
    ]
    replies = [
        Comment(article=article, parent=root, name="Ben", email="b@private.example", body=f"R {n}")
        for root in roots
        for n in range(4)
    ]
    tree.load([*roots, *replies])
    sql = count_queries(moderator_client, LIST)
    assert len(sql) <= 7
    with CaptureQueriesContext(connection) as queries:
        moderator_client.get(LIST, {"q": "nothing has this"})
    assert sum(float(query["time"]) for query in queries) < 2
