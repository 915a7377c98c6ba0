"""Moderation rules: each rule holds a reply by itself, and stores its reason."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments.models import Comment, ModerationAction, NetworkTrace, Pattern, Reason, Rules
from comments.moderation import known_commenter
from tests.builders import build_article, build_staff, reply_data

pytestmark = pytest.mark.django_db
RULES = "/admin/comments/rules/1/change/"


@pytest.fixture
def article():
    return build_article()


@pytest.fixture
def send(client, article):
    def post(address="192.0.2.1", browser=client, **fields):
        fields.setdefault("body", f"Reply {Comment.objects.count()}")
        url = article.get_reply_url()
        response = browser.post(url, reply_data(**fields), REMOTE_ADDR=address)
        assert response.status_code == 303, response.content.decode()
        return Comment.objects.latest("pk")

    return post


def why(comment) -> list[str]:
    return list(comment.reasons.values_list("rule", flat=True))


def test_without_rules_nothing_is_held(send):
    comment = send()
    assert comment.is_published and why(comment) == []


def test_rules_of_an_administrator_take_the_place_of_the_setting(send, settings):
    settings.HOLD_REPLIES = "all"
    assert why(send()) == ["all"]
    Rules(hold="none").save()
    assert send().is_published


def test_there_is_one_row_of_rules():
    for days in (1, 2):
        Rules(min_seconds_between=days).save()
    assert Rules.objects.get() == Rules.current() and Rules.current().min_seconds_between == 2


def test_reasons_are_stored_with_their_words_and_weight(send):
    Rules(hold="all", max_links=1).save()
    comment = send(body="[a](https://a.example) [b](https://b.example)")
    assert [(r.rule, r.text, r.weight) for r in comment.reasons.all()] == [
        ("links", "Has 2 links", 65),
        ("all", "Every reply is held", 50),
    ]


def test_links_up_to_the_limit_are_published(send):
    Rules(max_links=2).save()
    two = "[a](https://a.example) https://b.example"
    assert send(body=two).is_published
    assert why(send(body=two + " https://c.example")) == ["links"]


def test_reply_that_follows_too_fast_from_the_same_network_is_held(send):
    Rules(min_seconds_between=30).save()
    first = send()
    assert first.is_published and why(send()) == ["fast"]
    assert send("192.0.9.1").is_published
    Comment.objects.update(posted_at=timezone.now() - timedelta(seconds=31))
    assert send().is_published


def test_too_many_from_one_address_are_held_however_it_is_spelt(send):
    Rules(max_per_hour_by_email=2).save()
    spellings = ("cleo@gmail.com", "C.Leo@googlemail.com", "cleo+x@gmail.com")
    kept = [send(email=email).is_published for email in spellings]
    assert kept == [True, True, False] and send(email="dan@gmail.com").is_published
    Comment.objects.update(posted_at=timezone.now() - timedelta(hours=2))
    assert send(email="cleo@gmail.com").is_published


def test_too_many_from_one_network_are_held(send):
    Rules(max_per_hour_by_network=2).save()
    kept = [send(email=f"n{n}@private.example").is_published for n in range(3)]
    assert kept == [True, True, False] and send("192.0.9.1").is_published


def test_moderated_essay_holds_every_reply_and_says_so(send, client, article):
    article.discussion = "moderated"
    article.save()
    note = "Every reply to this essay waits for a moderator"
    assert note in client.get(article.get_absolute_url()).content.decode()
    assert note in client.get(article.get_reply_url()).content.decode()
    assert why(send()) == ["moderated"]


# --- Who is known -----------------------------------------------------------------------------


def test_typed_name_and_address_of_a_regular_prove_nothing(send, client):
    Rules(hold="first").save()
    assert why(send()) == ["first"]
    Comment.objects.all().publish()
    stranger = type(client)()
    assert why(send("203.0.113.7", stranger)) == ["first"]
    assert send().is_published


def test_receipt_is_enough_from_elsewhere_and_without_it_the_network_of_today(send, client):
    Rules(hold="first").save()
    send()
    Comment.objects.all().publish()
    assert send("203.0.113.7").is_published  # the same browser
    assert send(browser=type(client)()).is_published  # the same network
    NetworkTrace.objects.update(day=1)
    assert why(send(browser=type(client)())) == ["first"]


def test_receipt_of_another_or_a_forged_one_is_worth_nothing(send, client):
    Rules(hold="first").save()
    mine = send()
    other = send(email="dan@private.example", browser=type(client)(), address="198.51.100.1")
    Comment.objects.all().publish()
    for receipt in (known_commenter.write_receipt(other), f"{mine.pk}:x:y", "\0", "é" * 99):
        stranger = type(client)()
        stranger.cookies[known_commenter.COOKIE] = receipt
        assert why(send("203.0.113.7", stranger)) == ["first"]


def test_words_of_another_sent_again_give_no_receipt(send, client):
    Rules(hold="first").save()
    known = send()
    Comment.objects.all().publish()
    stranger = type(client)()
    assert send("203.0.113.7", stranger, body=known.body) == known
    assert known_commenter.COOKIE not in stranger.cookies
    assert why(send("203.0.113.7", stranger)) == ["first"]


def test_held_history_is_none(send):
    Rules(hold="first").save()
    assert [why(send()), why(send())] == [["first"], ["first"]]


def test_receipt_is_a_guarded_cookie_and_given_only_where_the_rule_needs_it(client, article):
    url = article.get_reply_url()
    assert not client.post(url, reply_data()).cookies
    Rules(hold="first").save()
    cookie = client.post(url, reply_data(body="Once more.", name="Dan")).cookies[
        known_commenter.COOKIE
    ]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    assert "cleo" not in cookie.value.lower()


# --- What is kept of a client -----------------------------------------------------------------


def test_no_address_is_stored_and_no_two_rows_can_be_compared_but_by_the_day(send):
    send("192.0.2.77")
    send("192.0.2.77")
    first, second = NetworkTrace.objects.order_by("pk")
    assert "192.0.2" not in repr(vars(first)) and first.client_hash == second.client_hash
    kept = {first.subnet, first.wider_subnet, second.subnet, second.wider_subnet}
    assert len(kept) == 4 and first.network_hashes == second.network_hashes


def test_lasting_keys_are_gone_with_their_day(send):
    send()
    NetworkTrace.objects.update(day=1)
    assert NetworkTrace.objects.get().network_hashes is None
    send()
    old = NetworkTrace.objects.get(day=1)
    assert (old.subnet, old.wider_subnet) == ("", "")


def test_refused_and_doubled_replies_leave_nothing(send, client, article):
    Rules(hold="all").save()
    send(body="The same")
    send(body="The same")
    client.post(article.get_reply_url(), reply_data(name=""))
    assert Reason.objects.count() == NetworkTrace.objects.count() == 1


# --- Who sets them ----------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_rules_and_patterns_are_an_administrators(client, group):
    client.force_login(build_staff("colleague", group=group))
    assert client.post(RULES, {"hold": "all"}).status_code == 403
    data = {"kind": "hold", "text": "casino"}
    assert client.post("/admin/comments/pattern/add/", data).status_code == 403
    assert not Rules.objects.exists() and not Pattern.objects.exists()


def test_administrator_sets_the_rules_and_it_is_logged(admin_client):
    data = {"hold": "first", "max_links": 3, "min_seconds_between": 0, "max_per_hour_by_email": 0}
    data |= {"max_per_hour_by_network": 0, "days_open": 30, "flags_to_hold": 2}
    led = admin_client.get("/admin/comments/rules/", follow=True)
    assert led.redirect_chain == [(RULES, 302)] and led.status_code == 200
    assert admin_client.post(RULES, data).status_code == 302
    rules, act = Rules.objects.get(), ModerationAction.objects.get()
    assert (rules.hold, rules.days_open) == ("first", 30)
    assert (
        act.verb == "rules"
        and "replies to hold: first" in act.reason
        and act.actor_name == "admin"
    )


def test_held_sample_comments_have_reasons():
    call_command("demo", stdout=StringIO())
    held = Comment.objects.filter(status="held")
    assert held and all(comment.reasons.exists() for comment in held)
