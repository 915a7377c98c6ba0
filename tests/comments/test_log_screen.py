"""The screen of the moderation log: filters, search and undo."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, ModerationAction
from comments.models.ban import create_ban
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
LOG = "/admin/comments/moderationaction/"


def rows(*comments):
    return Comment.objects.filter(pk__in=[comment.pk for comment in comments])


def shown(response) -> list[int]:
    return [act.number for act in response.context["cl"].result_list]


def test_log_is_filtered_by_act_who_and_essay(moderator_client, moderator):
    one, other = build_comment(build_article("One")), build_comment(build_article("Other"))
    rows(one).hide(by=moderator)
    rows(other).mark_spam(by=build_staff("colleague", group="Moderators"))
    rows(other).hold()
    assert shown(moderator_client.get(LOG)) == [3, 2, 1]
    assert shown(moderator_client.get(LOG, {"verb__exact": "spam"})) == [2]
    assert shown(moderator_client.get(LOG, {"who": moderator.pk})) == [1]
    assert shown(moderator_client.get(LOG, {"who": "rule"})) == [3]
    page = moderator_client.get(LOG, {"essay": other.article.pk})
    assert shown(page) == [3, 2]
    assert f'href="{LOG}?essay={other.article.pk}"' in page.content.decode()


@pytest.mark.parametrize("query", [{"essay": "x"}, {"who": "x"}, {"essay": "9" * 40}])
def test_filter_that_is_none_finds_all(moderator_client, query):
    rows(build_comment(build_article())).hide()
    assert shown(moderator_client.get(LOG, query)) == [1]


def test_last_act_on_a_comment_is_taken_back_from_the_log(moderator_client, moderator):
    comment = build_comment(build_article())
    rows(comment).hold()
    rows(comment).hide(by=moderator)
    offered = re.findall(r'name="entry" value="(\d+)"', moderator_client.get(LOG).content.decode())
    assert offered == [str(ModerationAction.objects.get(verb="hide").pk)]
    assert moderator_client.post("/admin/comments/comment/undo/", {"entry": offered[0]}).url == LOG
    assert Comment.objects.get().status == "held"
    undo = ModerationAction.objects.newest().first()
    assert (undo.verb, undo.undoes.verb, undo.actor) == ("undo", "hide", moderator)


def test_act_is_taken_back_though_its_author_was_banned_for_it(moderator_client, moderator):
    comment = build_comment(build_article())
    rows(comment).hide(by=moderator)
    made = create_ban("name", comment=comment, reason="Insults", by=moderator)
    made.lift(moderator)
    offered = re.findall(r'name="entry" value="(\d+)"', moderator_client.get(LOG).content.decode())
    assert offered == [str(ModerationAction.objects.get(verb="hide").pk)]
    moderator_client.post("/admin/comments/comment/undo/", {"entry": offered[0]})
    assert Comment.objects.get().is_published


def test_act_on_what_was_erased_is_not_taken_back_and_the_desk_says_so(
    moderator_client, moderator
):
    comment = build_comment(build_article())
    rows(comment).hide(by=moderator)
    rows(comment).update(erased_at=timezone.now())
    entry = ModerationAction.objects.get(verb="hide").pk
    page = moderator_client.post("/admin/comments/comment/undo/", {"entry": entry}, follow=True)
    assert "has been erased" in page.content.decode()
    assert Comment.objects.get().status == "hidden"


def test_log_costs_the_same_for_any_number_of_entries(moderator_client, moderator):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert moderator_client.get(LOG).status_code == 200
        return len(queries)

    def add(size):
        article = build_article(f"With {size}")
        rows(*(build_comment(article) for _ in range(size))).hide(by=moderator)

    add(1)
    few = count()
    add(9)
    assert count() == few


def test_admin_index_says_how_many_wait_to_moderators_alone(client, moderator):
    article = build_article()
    build_comment(article, status="held")
    client.force_login(build_staff("editor"))
    assert "For moderators" not in client.get("/admin/").content.decode()
    client.force_login(moderator)
    page = client.get("/admin/").content.decode()
    assert re.search(r"<strong>1</strong>\s+waiting: 1 held, 0 flagged", page)
