"""The moderation queue: waiting comments with their reasons, decisions on one or many, undo."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import tree
from comments.models import Comment, Flag, ModerationAction, Reason
from comments.models.reason import make_reason
from comments.moderation import queue
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/comment/queue/"
ACT = "/admin/comments/comment/act/"
UNDO = "/admin/comments/comment/undo/"


@pytest.fixture
def article():
    return build_article()


def shown(response) -> list[int]:
    return [int(key) for key in re.findall(r'id="waiting-(\d+)"', response.content.decode())]


def status(*comments) -> list[str]:
    found = dict(Comment.objects.values_list("pk", "status"))
    return [found[comment.pk] for comment in comments]


def flag(comment, **fields):
    return Flag.objects.create(comment=comment, reason="abuse", reader=f"r{comment.pk}", **fields)


def suspect(comment):
    Reason.create_for(
        comment, [make_reason(queue.SPAM_RULE, "The filter is 93 % sure: casino", 93)]
    )


def count_queries(client, url, data=None) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, data) if data else client.get(url)
    assert response.status_code in (200, 302)
    return len(queries)


# --- What waits -------------------------------------------------------------------------------


def test_queue_holds_what_is_held_or_flagged_the_oldest_first(moderator_client, article):
    start = timezone.now()
    times = [start - timezone.timedelta(hours=hours) for hours in (1, 3, 2)]
    late, early, between = (build_comment(article, posted_at=time) for time in times)
    Comment.objects.filter(pk__in=[late.pk, early.pk]).hold()
    flag(between)
    build_comment(article)
    build_comment(article, status="spam")
    assert shown(moderator_client.get(QUEUE)) == [early.pk, between.pk, late.pk]
    assert shown(moderator_client.get(QUEUE, {"kind": "flagged"})) == [between.pk]
    assert shown(moderator_client.get(QUEUE, {"kind": "held"})) == [early.pk, late.pk]


def test_row_shows_words_place_who_and_every_reason_with_its_weight(moderator_client, article):
    parent = build_comment(article, name="Dora", body="What nobody asked.")
    held = build_comment(article, parent, name="Eve", email="eve@x.example", body="**Buy** now")
    Comment.objects.filter(pk=held.pk).hold()
    Reason.create_for(
        held, [make_reason("links", "Has 7 links", 70), make_reason("all", "Every reply", 50)]
    )
    flag(held, text="See <b>rule</b> 3")
    page = moderator_client.get(QUEUE).content.decode()
    for expected in (
        *("<strong>Buy</strong> now", f'href="/comments/{held.pk}/"', "1.1", "Eve", "On benches"),
        *("eve@x.example", "What nobody asked.", "Dora", "Has 7 links", "weight 70", "weight 50"),
        *("It insults or threatens somebody", "See &lt;b&gt;rule&lt;/b&gt; 3"),
    ):
        assert expected in page, expected


def test_every_comment_is_on_one_page_of_the_queue_by_key(moderator_client, article, monkeypatch):
    monkeypatch.setattr(queue, "PER_PAGE", 2)
    now = timezone.now()
    comments = [build_comment(article, posted_at=now, status="held") for _ in range(5)]
    seen, url = [], QUEUE
    for _ in range(3):
        page = moderator_client.get(url)
        seen += shown(page)
        following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        url = following and following[1].replace("&amp;", "&")
    assert url is None
    assert seen == [comment.pk for comment in comments]


@pytest.mark.parametrize("query", ["?kind=none", "?kind="])
def test_queue_that_there_is_not_is_not_found(moderator_client, query):
    assert moderator_client.get(QUEUE + query).status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "\u0661", ""])
def test_queue_begins_anew_after_what_is_no_comment(moderator_client, article, after):
    held = build_comment(article, status="held")
    assert shown(moderator_client.get(QUEUE, {"after": after})) == [held.pk]


def test_queue_costs_the_same_for_one_and_for_many(moderator_client, article):
    def fill(size):
        load_held([article], size)
        for comment in Comment.objects.all():
            Reason.create_for(comment, [make_reason("links", "Has links", 60)])
            Flag.objects.get_or_create(comment=comment, reader="r", reason="spam")

    fill(1)
    few = count_queries(moderator_client, QUEUE)
    fill(20)
    assert count_queries(moderator_client, QUEUE) == few


# --- Deciding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "after"), [("publish", "published"), ("hide", "hidden"), ("mark_spam", "spam")]
)
def test_button_of_a_row_decides_on_this_alone_and_leads_back(
    moderator_client, article, verb, after
):
    one, other = (build_comment(article, status="held") for _ in range(2))
    data = {"act": f"{verb}:{one.pk}", "comment": [other.pk], "next": f"{QUEUE}?kind=held"}
    response = moderator_client.post(ACT, data)
    assert response.url == f"{QUEUE}?kind=held"
    assert status(one, other) == [after, "held"]


def test_buttons_above_decide_on_what_is_marked_or_on_the_whole_page(moderator_client, article):
    comments = [build_comment(article, status="held") for _ in range(4)]
    keys = [comment.pk for comment in comments]
    moderator_client.post(
        ACT, {"act": "hide", "comment": keys[:1], "on_page": keys[:3], "reason": "Rude"}
    )
    assert status(*comments) == ["hidden", "held", "held", "held"]
    assert ModerationAction.objects.newest().first().reason == "Rude"
    moderator_client.post(ACT, {"act": "mark_spam", "page": "1", "on_page": keys[:3]})
    assert status(*comments) == ["spam", "spam", "spam", "held"]


def load_held(articles, size, *, suspected=False):
    """Held comments under these essays in turn."""
    who = {"name": "N", "email": "n@x.example", "status": "held"}
    some = [
        Comment(article=articles[n % len(articles)], body=f"{n} of {size}", **who)
        for n in range(size)
    ]
    tree.load(some)
    if suspected:
        for comment in queue.held():
            suspect(comment)


def test_burst_of_spam_is_cleared_in_one_action_at_the_cost_of_a_few(moderator_client):
    essays = [build_article(f"Essay {n}") for n in range(6)]
    honest, costs, undone = build_comment(essays[0]), [], []
    for size in (3, 60):
        load_held(essays, size, suspected=True)
        costs.append(count_queries(moderator_client, ACT, {"act": "mark_spam", "whole": "spam"}))
        assert not queue.likely_spam().exists()
        batch = ModerationAction.objects.filter(verb="spam").newest().first().batch
        undone.append(count_queries(moderator_client, UNDO, {"batch": batch}))
        assert queue.likely_spam().count() == size
        queue.likely_spam().hide()
    assert status(honest) == ["published"]
    # The index of words forgets them some at a time.
    assert costs[1] <= costs[0] + 1 and undone[1] <= undone[0] + 1


def test_flagged_comment_that_is_kept_waits_no_longer_until_it_is_flagged_again(
    moderator_client, article
):
    comment = build_comment(article)
    flag(comment)
    moderator_client.post(ACT, {"act": f"publish:{comment.pk}"})
    assert shown(moderator_client.get(QUEUE)) == []
    act = ModerationAction.objects.newest().first()
    assert (act.verb, act.before, act.after) == ("publish", "published", "published")
    Flag.objects.create(comment=comment, reason="spam", reader="another")
    assert shown(moderator_client.get(QUEUE)) == [comment.pk]


@pytest.mark.parametrize("verb", ["publish", "hide"])
def test_undo_brings_comments_and_their_flags_back(moderator_client, article, verb):
    held, flagged = build_comment(article, status="held"), build_comment(article)
    flag(flagged)
    moderator_client.post(ACT, {"act": verb, "comment": [held.pk, flagged.pk]})
    page = moderator_client.get(QUEUE)
    assert shown(page) == []
    batch = re.search(r'name="batch" value="(\d+)"', page.content.decode())[1]
    moderator_client.post(UNDO, {"batch": batch})
    assert status(held, flagged) == ["held", "published"]
    assert shown(moderator_client.get(QUEUE)) == [held.pk, flagged.pk]


def test_undo_leaves_what_a_colleague_has_decided_since(moderator_client, article):
    one, other = (build_comment(article, status="held") for _ in range(2))
    moderator_client.post(ACT, {"act": "hide", "comment": [one.pk, other.pk]})
    batch = ModerationAction.objects.filter(verb="hide").first().batch
    Comment.objects.filter(pk=one.pk).publish(by=build_staff("colleague", group="Moderators"))
    page = moderator_client.post(UNDO, {"batch": batch}, follow=True).content.decode()
    assert status(one, other) == ["published", "held"]
    assert "Something else has been done" in page


@pytest.mark.parametrize(
    "data",
    [{}, {"act": "delete"}, {"act": "delete:1"}, {"act": "hide", "whole": "x"}],
)
def test_act_that_there_is_not_is_not_found(moderator_client, article, data):
    comment = build_comment(article)
    assert moderator_client.post(ACT, data | {"comment": [comment.pk]}).status_code == 404
    assert status(comment) == ["published"]


@pytest.mark.parametrize("key", ["x", "", "0", "9" * 30, "\u0661"])
def test_keys_that_are_none_change_nothing(moderator_client, article, key):
    comment = build_comment(article)
    page = moderator_client.post(ACT, {"act": "hide", "comment": [key]}, follow=True)
    assert "Nothing was chosen" in page.content.decode()
    assert moderator_client.post(UNDO, {"entry": key}).status_code == 404
    assert status(comment) == ["published"]


@pytest.mark.parametrize("name", ["foo", "admin:index"])
def test_next_place_is_an_address_and_never_the_name_of_a_view(moderator_client, article, name):
    comment = build_comment(article)
    response = moderator_client.post(ACT, {"act": f"hide:{comment.pk}", "next": name})
    assert response.url in (name, QUEUE)


def test_reasons_are_stored_without_what_cannot_be_stored_or_seen(moderator_client, article):
    comment = build_comment(article)
    words = {"reason": "Off\0 \u202etopic", "public_reason": "Not\nhere\0"}
    moderator_client.post(ACT, {"act": f"hide:{comment.pk}", **words})
    act = ModerationAction.objects.get()
    assert (act.reason, act.public_reason) == ("Off topic", "Not here")


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_redirect_stays_on_this_site(moderator_client, article, there):
    comment = build_comment(article)
    response = moderator_client.post(ACT, {"act": f"hide:{comment.pk}", "next": there})
    assert response.url == QUEUE
