"""Bans: replies of a banned person are held without a word to them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from comments.models import Ban, Comment, ModerationAction, rate_limit
from comments.models.ban import create_ban
from tests.builders import build_article, build_staff, reply_data

pytestmark = pytest.mark.django_db
NOON = 1_800_000_000 // 86_400 * 86_400 + 43_200
HELD = "Held for a moderator: only you see this."


@pytest.fixture
def send(client):
    article = build_article()

    def post(address="192.0.2.1", **fields):
        fields.setdefault("body", f"Reply {Comment.objects.count()}")
        response = client.post(article.get_reply_url(), reply_data(**fields), REMOTE_ADDR=address)
        assert response.status_code == 303
        return Comment.objects.latest("pk"), response["Location"]

    return post


def is_held(sent) -> bool:
    return sent[0].status == "held"


def test_banned_reply_is_held_and_shown_to_its_author_like_any_other(send, client):
    create_ban("email", email="cleo@private.example", reason="Insults")
    comment, place = send()
    assert comment.status == "held"
    assert str(comment.reasons.get()) == "Banned by e-mail address: Insults (100)"
    html = client.get(place).content.decode()
    assert HELD in html and comment.body in html and "Insults" not in html


def test_address_is_banned_in_all_its_spellings_and_stored_in_none(send):
    create_ban("email", email="C.Leo+x@GoogleMail.com", reason="Insults")
    assert is_held(send(email="cleo@gmail.com"))
    assert not is_held(send(email="dan@gmail.com"))
    stored = repr(vars(Ban.objects.get())).lower()
    assert "leo" not in stored and "gmail" not in stored


def test_host_is_banned_whole(send):
    create_ban("host", email="@Spam.example", reason="Spam")
    assert is_held(send(email="any@spam.example")) and not is_held(send(email="a@b.example"))


def test_name_is_banned_as_a_pattern(send):
    create_ban("name", name_pattern="joe*troll", reason="Insults")
    assert is_held(send(name="J0e the Tr\u043ell")) and not is_held(send(name="Joe"))


@pytest.mark.parametrize(
    ("first", "again", "other"),
    [
        ("192.0.2.1", "192.0.2.200", "192.0.3.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:2:2::3"),
        ("2001:db8:1:2::3", "2001:db8:1:9::4", "2001:db9::1"),
    ],
)
def test_network_and_its_neighbours_are_banned_on_later_days_too(
    send, monkeypatch, first, again, other
):
    comment, _place = send(first)
    create_ban("network", comment=comment, reason="Flood")
    monkeypatch.setattr(rate_limit.time, "time", lambda: NOON + 300 * 86_400)
    assert is_held(send(again)) and not is_held(send(other))


def test_network_of_an_earlier_day_is_not_known_any_more(send):
    comment, _place = send()
    comment.network_trace.day -= 1
    with pytest.raises(ValidationError, match="one day"):
        create_ban("network", comment=comment, reason="Flood")
    assert not Ban.objects.exists()


def test_ban_ends_by_itself_or_is_lifted(send):
    soon = timezone.now() + timedelta(days=1)
    ban = create_ban("email", email="cleo@private.example", until=soon, reason="Insults")
    assert is_held(send())
    Ban.objects.update(until=timezone.now())
    assert not is_held(send())
    Ban.objects.update(until=None)
    assert is_held(send())
    ban.lift(reason="Enough")
    assert not is_held(send()) and not Ban.objects.get().is_live


def test_bans_are_logged_without_whom_they_mean(send):
    moderator = build_staff("mod", group="Moderators")
    ban = create_ban("email", email="cleo@private.example", reason="Insults", by=moderator)
    ban.lift(moderator)
    ban.lift(moderator)
    acts = list(
        ModerationAction.objects.order_by("number").values_list("verb", "reason", "actor_name")
    )
    assert acts == [("ban", "Insults", "mod"), ("lift", "", "mod")]


@pytest.mark.parametrize("given", [{"kind": "email"}, {"kind": "name", "name_pattern": "***"}])
def test_ban_of_everybody_is_refused(given):
    with pytest.raises(ValidationError):
        create_ban(**given)


def test_mailbox_is_banned_after_its_address_was_dropped(send):
    comment, _place = send()
    Comment.objects.update(email="")
    comment.refresh_from_db()
    create_ban("email", comment=comment, reason="Insults")
    assert is_held(send())
    comment.email_hash = ""
    with pytest.raises(ValidationError, match="give an address"):
        create_ban("email", comment=comment, reason="Insults")


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "name", "name_pattern": "\u200b*"},
        {"kind": "email", "email": "@spam.example"},
        {"kind": "email", "email": "joe@"},
        {"kind": "host", "email": "joe@."},
    ],
)
def test_ban_that_no_reply_can_meet_is_refused_at_the_desk(client, given):
    client.force_login(build_staff("mod", group="Moderators"))
    data = {
        "email": "",
        "name_pattern": "",
        "until_0": "",
        "until_1": "",
        "reason": "Spam",
    } | given
    refused = client.post("/admin/comments/ban/add/", data)
    assert refused.status_code == 200 and refused.context["errors"] and not Ban.objects.exists()


def test_moderator_bans_and_lifts_at_the_desk(client, send):
    client.force_login(build_staff("mod", group="Moderators"))
    data = {
        "kind": "email",
        "email": "cleo@private.example",
        "reason": "Insults",
        "name_pattern": "",
    }
    data |= {"until_0": "", "until_1": ""}
    assert client.post("/admin/comments/ban/add/", data).status_code == 302
    ban = Ban.objects.get()
    assert ban.by.username == "mod" and is_held(send())
    page = client.get(f"/admin/comments/ban/{ban.pk}/change/")
    assert page.status_code == 200 and "cleo@" not in page.content.decode()
    client.post("/admin/comments/ban/", {"action": "lift", "_selected_action": [ban.pk]})
    assert not Ban.objects.get().is_live and ModerationAction.objects.count() == 2
    refused = client.post("/admin/comments/ban/add/", data | {"kind": "network"})
    assert "from a comment" in refused.content.decode()
