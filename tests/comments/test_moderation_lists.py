"""The moderators' lists take the same number of queries on a large site as on a small one."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localtime

from comments.admin import comment_search
from comments.models import Ban, Comment, Flag, ModerationAction
from comments.models.ban import create_ban
from comments.moderation.undo import undo
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
HOME = "/admin/comments/"
LIST = f"{HOME}comment/"


@pytest.fixture
def pages_of_three(monkeypatch):
    for model in (Comment, ModerationAction, Ban, Flag):
        monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", 3)


def shown(response) -> list[str]:
    return [comment.number for comment in response.context["cl"].result_list]


def count_queries(client, url, **query) -> int:
    # The first request also fills caches that last, such as the content types.
    client.get(url, query)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, query).status_code == 200
    return len(queries)


# --- Pages ------------------------------------------------------------------------------------


def test_each_page_of_a_list_shows_its_rows_in_order(moderator_client, pages_of_three):
    article = build_article()
    for _ in range(8):
        build_comment(article)
    assert shown(moderator_client.get(LIST)) == ["8", "7", "6"]
    assert shown(moderator_client.get(LIST, {"p": 3})) == ["2", "1"]
    assert shown(moderator_client.get(LIST, {"p": 2, "o": "1"})) == ["4", "5", "6"]
    assert shown(moderator_client.get(LIST, {"all": ""})) == [str(n) for n in range(8, 0, -1)]


@pytest.mark.parametrize("number", ["0", "9", "1" + "0" * 30, "-1", "x"])
def test_a_page_that_is_not_there_breaks_nothing(moderator_client, pages_of_three, number):
    for _ in range(4):
        build_comment(build_article())
    assert moderator_client.get(LIST, {"p": number}, follow=True).status_code == 200


@pytest.mark.parametrize("screen", ["comment", "moderationaction", "ban", "flag"])
def test_a_list_of_many_pages_takes_the_queries_of_a_list_of_one(
    moderator_client, moderator, pages_of_three, screen
):
    def add(count):
        for n in range(count):
            row = build_comment(build_article())
            Comment.objects.filter(pk=row.pk).hide(by=moderator)
            create_ban("name", name_pattern=f"Name {row.pk}", comment=row, by=moderator)
            Flag.objects.create(comment=row, reason="spam", reader=f"{n}")

    add(2)
    few = count_queries(moderator_client, f"{HOME}{screen}/")
    add(3)
    assert count_queries(moderator_client, f"{HOME}{screen}/") == few
    assert count_queries(moderator_client, f"{HOME}{screen}/", p=2) == few


def test_the_boxes_of_a_list_are_those_that_actions_read(moderator_client):
    one = build_comment(build_article(), name="<Ann>")
    page = moderator_client.get(LIST).content.decode()
    box = f'<input type="checkbox" name="_selected_action" value="{one.pk}" class="action-select"'
    assert f'{box} aria-label="Select this object for an action - 1 &lt;Ann&gt;">' in page


def test_flags_are_listed_with_the_essay_of_their_comment(moderator_client):
    for title in ("On benches", "On clocks"):
        Flag.objects.create(
            comment=build_comment(build_article(title)), reason="spam", reader=title
        )
    page = moderator_client.get(f"{HOME}flag/").content.decode()
    assert "On benches" in page and "On clocks" in page


def test_an_entrys_page_names_the_essay_and_leads_to_its_entries(moderator_client, moderator):
    comment = build_comment(build_article("On benches"))
    Comment.objects.filter(pk=comment.pk).hide(by=moderator)
    page = moderator_client.get(
        f"{HOME}moderationaction/{ModerationAction.objects.get().pk}/change/"
    ).content.decode()
    assert f'<a href="{HOME}moderationaction/?essay={comment.article_id}">On benches</a>' in page


# --- One row ----------------------------------------------------------------------------------


def test_a_comments_page_takes_the_same_queries_whatever_it_answers(moderator_client):
    article = build_article()
    first = build_comment(article)
    on_point = build_comment(article, point=article.points.first())
    answer = build_comment(article, build_comment(article, first))
    costs = {
        count_queries(moderator_client, f"{LIST}{c.pk}/change/") for c in (first, on_point, answer)
    }
    assert len(costs) == 1


def test_an_entrys_page_takes_the_same_queries_whatever_it_is_about(moderator_client, moderator):
    comment = build_comment(build_article())
    Comment.objects.filter(pk=comment.pk).hide(by=moderator)
    undo([ModerationAction.objects.get()], moderator)
    create_ban("name", name_pattern="Ann", by=moderator)
    costs = {
        count_queries(moderator_client, f"{HOME}moderationaction/{act.pk}/change/")
        for act in ModerationAction.objects.all()
    }
    assert len(costs) == 1


def test_a_bans_page_takes_the_same_queries_with_a_comment_and_without(
    moderator_client, moderator
):
    comment = build_comment(build_article())
    made = [
        create_ban("name", name_pattern="Ann", by=by, comment=c)
        for by, c in ((moderator, comment), (None, None))
    ]
    costs = {count_queries(moderator_client, f"{HOME}ban/{ban.pk}/change/") for ban in made}
    assert len(costs) == 1


# --- Searching --------------------------------------------------------------------------------


def find(text: str) -> list[str]:
    keys = comment_search.search_comments(Comment.objects.all(), text)
    return sorted(Comment.objects.filter(pk__in=keys).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TURN", ["Ann"]),
        ("turnip ann", ["Ann"]),
        ("turnip bea", []),
        ('"two words"', ["Bea"]),
        ('"words two"', []),
        ("100%", ["Bea"]),
        ("50%", []),
        ("t_r", []),
        ("\\", []),
        ("Grüße", ["Zoë"]),
        ("grüße", ["Zoë"]),
        ("zoë", ["Zoë"]),
        ("ß", ["Zoë"]),
        ("привет", ["Zoë"]),
        ('"', ["Ann", "Bea", "Zoë"]),
    ],
)
def test_letters_are_found_in_any_comment_and_mean_themselves(text, found):
    article = build_article()
    build_comment(article, name="Ann", body="Turnips and 50 of them.", status="spam")
    build_comment(article, name="Bea", body="Two words, two words: 100% so.", status="hidden")
    build_comment(article, name="Zoë", body="Viele Grüße, привет!")
    assert find(text) == found


def test_letters_beyond_ascii_are_found_in_either_case_where_the_database_knows_them():
    build_comment(build_article(), name="ZOË", body="VIELE GRÜSSE, ПРИВЕТ!")
    with connection.cursor() as cursor:
        cursor.execute("SELECT UPPER('ë') = 'Ë'")
        knows = cursor.fetchone()[0]
    expected = ["ZOË"] if knows else []
    assert find("zoë") == find("привет") == find("grüsse") == expected


def test_a_search_shows_the_newest_of_what_it_finds(moderator_client, monkeypatch):
    monkeypatch.setattr(comment_search, "MAX_RESULTS", 2)
    article = build_article()
    for _ in range(3):
        build_comment(article, body="Turnips.")
    build_comment(article, body="Beets.")
    assert shown(moderator_client.get(LIST, {"q": "turnips"})) == ["3", "2"]
    assert shown(moderator_client.get(LIST, {"q": "turnips", "o": "1"})) == ["2", "3"]
    # Choosing all chooses the comments of the page shown.
    data = {"action": "hide", "_selected_action": ["0"], "select_across": "1"}
    moderator_client.post(f"{LIST}?q=turnips", data)
    hidden = Comment.objects.filter(status="hidden").order_by("pk")
    assert [comment.number for comment in hidden] == ["2", "3"]


def test_a_search_reads_every_comment_once(moderator_client):
    build_comment(build_article(), body="Turnips.")
    with CaptureQueriesContext(connection) as queries:
        assert shown(moderator_client.get(LIST, {"q": "turnips"})) == ["1"]
        assert shown(moderator_client.get(LIST, {"q": "beets"})) == []
    assert sum("turnips" in query["sql"] for query in queries) == 1
    assert sum("beets" in query["sql"] for query in queries) == 1


# --- Words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "change"),
    [("en-gb", "published \u2192 hidden"), ("de", "veröffentlicht \u2192 verborgen")],
)
def test_the_log_tells_what_changed_in_the_sites_language(
    moderator_client, moderator, settings, language, change
):
    settings.LANGUAGE_CODE = language
    comment = build_comment(build_article())
    Comment.objects.filter(pk=comment.pk).hide(by=moderator)
    Comment.objects.filter(pk=comment.pk).lock(by=moderator)
    page = moderator_client.get(f"{HOME}moderationaction/").content.decode()
    assert f">{change}<" in page
    assert (">unlocked \u2192 locked<" in page) == (language == "en-gb")
    entry = moderator_client.get(
        f"{HOME}moderationaction/{ModerationAction.objects.get(verb='hide').pk}/change/"
    ).content.decode()
    before, after = change.split(" \u2192 ")
    assert f">{before}<" in entry and f">{after}<" in entry and ">None<" not in entry


def test_bans_are_listed_with_their_time_and_whether_they_hold(moderator_client, moderator):
    lasting = create_ban("name", name_pattern="Ann", by=moderator)
    create_ban("name", name_pattern="Bea", by=moderator).lift()
    today = date_format(localtime(lasting.created_at))
    page = moderator_client.get(f"{HOME}ban/").content.decode()
    assert f"{today} \u2013 for good<" in page and ">in force<" in page
    assert f"{today} \u2013 {today}<" in page and ">over<" in page


def test_filters_are_headed_by_what_they_go_by_alone(moderator_client, settings):
    settings.LANGUAGE_CODE = "de"
    page = moderator_client.get(f"{HOME}ban/").content.decode()
    assert re.findall("<summary>(.*)</summary>", page) == [" Nach", " Seit"]


def test_search_that_finds_more_than_it_shows_says_so(client, admin_user, monkeypatch):
    monkeypatch.setattr("comments.admin.comment_search.MAX_RESULTS", 2)
    client.force_login(admin_user)
    article = build_article()
    for _ in range(2):
        build_comment(article, body="A casino.")
    seen = client.get("/admin/comments/comment/", {"q": "casino"})
    assert "There may be older ones than these 2" in seen.content.decode()
    query = {"q": "casino", "status__exact": "held"}
    assert "There may be" not in client.get("/admin/comments/comment/", query).content.decode()
