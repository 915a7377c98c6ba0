"""The screen of one commenter: their comments, notes and bans; and the chart of weeks."""

import re
from datetime import UTC, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import tree
from comments.models import Ban, Comment, Flag, ModerationAction, NetworkTrace, Note
from comments.models.ban import create_ban, find_bans
from comments.moderation import statistics
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    return build_comment(build_article(), name="Eve", email="eve.b@gmail.com")


def person(comment) -> str:
    return f"/admin/comments/comment/{comment.pk}/person/"


def shown(response) -> list[int]:
    return [int(key) for key in re.findall(r'id="waiting-(\d+)"', response.content.decode())]


def test_screen_holds_all_that_one_box_posted_by_any_spelling_the_newest_first(
    moderator_client, comment
):
    article = comment.article
    again = build_comment(article, name="Eva", email="EVEB+x@googlemail.com", status="hidden")
    build_comment(article, email="other@x.example")
    page = moderator_client.get(person(again))
    assert shown(page) == [again.pk, comment.pk]
    text = page.content.decode()
    assert "1 hidden" in text and "1 published" in text and "EVEB+x@googlemail.com" in text


def test_screen_of_one_whose_address_was_erased_holds_one_comment(moderator_client, comment):
    Comment.objects.update(email="", email_hash="")
    build_comment(comment.article, email="")
    assert shown(moderator_client.get(person(comment))) == [comment.pk]
    assert (
        moderator_client.post(person(comment), {"change": "note", "text": "x"}).status_code == 422
    )


def test_note_is_kept_with_the_person_for_moderators_alone(moderator_client, comment, moderator):
    response = moderator_client.post(
        person(comment), {"change": "note", "text": "Asks <i>twice</i>."}
    )
    assert response.status_code == 302
    assert Note.objects.get().by == moderator
    other = build_comment(comment.article, email="eveb@gmail.com")
    assert "Asks &lt;i&gt;twice&lt;/i&gt;." in moderator_client.get(person(other)).content.decode()
    stranger = build_comment(comment.article)
    assert "twice" not in moderator_client.get(person(stranger)).content.decode()
    moderator_client.logout()
    assert "twice" not in moderator_client.get(comment.article.get_absolute_url()).content.decode()


def test_notes_and_bans_are_for_those_with_the_right_to_see_them(client, comment, moderator):
    Note.objects.create(email_hash=comment.email_hash, text="Asks twice.", by=moderator)
    create_ban("email", comment=comment, reason="Insulted Eve", by=moderator)
    helper = build_staff("helper")
    helper.user_permissions.set(Permission.objects.filter(codename="change_comment"))
    for codename, words in (("view_note", "Asks twice."), ("view_ban", "Insulted Eve")):
        client.force_login(helper)
        assert words not in client.get(person(comment)).content.decode()
        helper.user_permissions.add(Permission.objects.get(codename=codename))
        assert words in client.get(person(comment)).content.decode()


def test_keep_is_offered_only_where_a_flag_is_open(moderator_client, comment):
    button = f'value="publish:{comment.pk}"'
    assert button not in moderator_client.get(person(comment)).content.decode()
    Flag.objects.create(comment=comment, reason="abuse", reader="r")
    assert button in moderator_client.get(person(comment)).content.decode()
    Comment.objects.all().publish(by=build_staff("other"))
    assert button not in moderator_client.get(person(comment)).content.decode()
    Comment.objects.all().hide()
    assert button in moderator_client.get(person(comment)).content.decode()


@pytest.mark.parametrize("kind", ["email", "host", "network", "name"])
def test_ban_made_here_holds_what_comes_next(moderator_client, comment, kind):
    NetworkTrace.create_for(comment, "192.0.2.7")
    data = {"change": "ban", "kind": kind, "days": "7", "reason": "Insults"}
    assert moderator_client.post(person(comment), data).status_code == 302
    ban = Ban.objects.get()
    assert timedelta(days=6) < ban.until - timezone.now() <= timedelta(days=7)
    assert ModerationAction.objects.get(verb="ban").reason == "Insults"
    named = find_bans(comment.name, comment.email, "192.0.2.7")
    assert [found.pk for found in named] == [ban.pk]
    text = moderator_client.get(person(comment)).content.decode()
    assert "Insults" in text
    moderator_client.post(person(comment), {"change": "lift", "ban": ban.pk})
    assert not Ban.objects.live().exists()
    assert "over" in moderator_client.get(person(comment)).content.decode()


def test_ban_without_a_term_is_for_good_and_a_pattern_is_taken(moderator_client, comment):
    data = {"change": "ban", "kind": "name", "name_pattern": "Ev*", "days": "", "reason": "Spam"}
    moderator_client.post(person(comment), data)
    ban = Ban.objects.get()
    assert (ban.until, ban.name_pattern) == (None, "Ev*")


def test_ban_that_has_nothing_to_go_by_says_so_and_keeps_the_words(moderator_client, comment):
    data = {"change": "ban", "kind": "network", "days": "7", "reason": "From a flood"}
    response = moderator_client.post(person(comment), data)
    assert response.status_code == 422
    assert "known for one day" in response.content.decode()
    assert 'value="From a flood"' in response.content.decode()
    assert not Ban.objects.exists()


@pytest.mark.parametrize("data", [{}, {"change": "delete"}])
def test_change_that_there_is_not_is_not_found(moderator_client, comment, data):
    assert moderator_client.post(person(comment), data).status_code == 404


def test_screen_costs_the_same_for_any_number(moderator_client, comment, moderator):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert moderator_client.get(person(comment)).status_code == 200
        return len(queries)

    def add(size):
        who = {"article": comment.article, "name": "Eve", "email": comment.email}
        tree.load([Comment(**who, body=f"{n} of {size}") for n in range(size)])
        for n in range(size):
            Note.objects.create(email_hash=comment.email_hash, text=f"{n}", by=moderator)
            create_ban("email", comment=comment, reason=f"{n}", by=moderator)

    add(1)
    few = count()
    add(8)
    assert count() == few


# --- The weeks --------------------------------------------------------------------------------


def test_weeks_count_each_day_by_what_has_become_of_its_comments(moderator_client):
    article, noon = build_article(), timezone.now().replace(hour=12)
    for days, status in ((0, "published"), (3, "spam"), (3, "spam"), (3, "held"), (27, "hidden")):
        build_comment(article, posted_at=noon - timedelta(days=days), status=status)
    build_comment(article, posted_at=noon - timedelta(days=28))
    counted = statistics.count_days()
    assert len(counted) == 28
    assert counted[-1][0] == noon.astimezone(UTC).date()
    assert counted[-4][1] == {"published": 0, "held": 1, "hidden": 0, "spam": 2}
    assert counted[0][1]["hidden"] == 1
    received = statistics.draw(counted)[0]
    assert (received.total, received.most) == (5, 3)


def test_weeks_are_drawn_and_told_in_words_and_numbers(moderator_client, comment):
    page = moderator_client.get("/admin/comments/comment/weeks/").content.decode()
    for name in ("received", "published", "held", "hidden", "spam"):
        assert f'role="img" aria-labelledby="{name}-title {name}-desc"' in page
        assert f'<title id="{name}-title">' in page and f'<desc id="{name}-desc">' in page
    assert page.count("<tr>") == 29
    assert "style=" not in page


def test_day_with_one_comment_can_be_seen_beside_one_with_thousands():
    days = [(0, {"published": 1}), (1, {"published": 5_000}), (2, {"published": 0})]
    bars = statistics.draw_series("x", "X", [(d, c["published"]) for d, c in days]).bars
    assert [bar.height for bar in bars] == [1.0, 40.0, 0]
    assert bars[1].y == 0
