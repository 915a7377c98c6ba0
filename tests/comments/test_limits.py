"""Rate limits: counted across all workers, with no network address stored."""

import pytest

from comments import identity
from comments.models import Comment, RateLimitWindow, rate_limit
from tests.builders import build_article, reply_data

NOON = 1_800_000_000 // 86_400 * 86_400 + 43_200


@pytest.fixture
def clock(monkeypatch):
    """The time as the limits see it: it stands still until it is set."""

    class Clock:
        now = NOON

    monkeypatch.setattr(rate_limit.time, "time", lambda: Clock.now)
    return Clock


def client_of(address: str) -> str:
    return identity.client_hash(address, NOON // 86_400)


@pytest.fixture
def send(client, clock, db):
    article = build_article()
    count = iter(range(10_000))

    def post(address="192.0.2.1", **fields):
        fields.setdefault("body", f"Reply {next(count)}")
        return client.post(article.get_reply_url(), reply_data(**fields), REMOTE_ADDR=address)

    return post


def test_above_the_limit_the_words_come_back_with_the_time_to_wait(send, clock, settings):
    settings.REPLIES_PER_MINUTE = 2
    clock.now = NOON + 20
    assert [send().status_code for _ in range(2)] == [303, 303]
    refused = send(body="Kept to the last letter.")
    html = refused.content.decode()
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert "Kept to the last letter." in html and "wait a minute" in html
    assert Comment.objects.count() == 2
    clock.now = NOON + 60
    assert send().status_code == 303


def test_the_hours_limit_stands_beside_the_minutes(send, clock, settings):
    settings.REPLIES_PER_MINUTE, settings.REPLIES_PER_HOUR = 2, 3
    statuses = []
    for minute in range(4):
        clock.now = NOON + 60 * minute
        statuses.append(send().status_code)
    assert statuses == [303, 303, 303, 429]
    clock.now = NOON + 3600
    assert send().status_code == 303


def test_zero_is_no_limit(send, settings):
    settings.REPLIES_PER_MINUTE = settings.REPLIES_PER_HOUR = 0
    assert {send().status_code for _ in range(20)} == {303}
    assert not RateLimitWindow.objects.exists()


def test_one_clients_limit_is_not_anothers(send, settings):
    settings.REPLIES_PER_MINUTE = 1
    assert send("192.0.2.1").status_code == 303
    assert send("192.0.2.2").status_code == 303
    assert send("192.0.2.1").status_code == 429


def test_an_ipv6_client_is_its_network_and_a_mapped_address_its_ipv4(send, settings):
    settings.REPLIES_PER_MINUTE = 1
    assert send("2001:db8:0:1::1").status_code == 303
    assert send("2001:db8:0:1:ffff::2").status_code == 429
    assert send("2001:db8:0:2::1").status_code == 303
    assert send("::ffff:192.0.2.1").status_code == 303
    assert send("192.0.2.1").status_code == 429


def test_refused_reply_is_not_counted(send, settings):
    settings.REPLIES_PER_MINUTE = 2
    assert send(body="The same").status_code == 303
    assert {send(body="The same").status_code for _ in range(5)} == {303}
    assert {send(name="").status_code for _ in range(5)} == {422}
    assert {send(parent="1234").status_code for _ in range(5)} == {422}
    assert {send(preview="1").status_code for _ in range(5)} == {200}
    assert send().status_code == 303
    assert {send().status_code for _ in range(5)} == {429}
    assert RateLimitWindow.objects.get(client_hash=client_of("192.0.2.1"), seconds=60).hits == 2
    assert send(body="The same").status_code == 303


def test_no_address_is_stored_and_no_key_lasts_longer_than_a_day(send, clock, settings):
    settings.REPLIES_PER_MINUTE = 5
    send("192.0.2.77")
    first = {row.client_hash for row in RateLimitWindow.objects.all()}
    rows = repr([vars(row) for row in RateLimitWindow.objects.all()])
    assert "192.0.2" not in rows and "cleo" not in rows and {len(key) for key in first} == {40}
    clock.now += 2 * 86_400
    send("192.0.2.77")
    assert first.isdisjoint(row.client_hash for row in RateLimitWindow.objects.all())


def test_neighbours_in_one_network_share_a_wider_limit(send, settings):
    settings.REPLIES_PER_MINUTE = 1
    most = rate_limit.NETWORK_FACTOR
    for prefix in ("198.51.100.{}", "2001:db8:7:{:x}::1"):
        mails = [f"reader{n}@private.example" for n in range(most + 1)]
        codes = [send(prefix.format(n), email=mail).status_code for n, mail in enumerate(mails)]
        assert codes == [303] * most + [429]
    assert send("203.0.113.1", email="last@private.example").status_code == 303


def test_one_mailbox_is_counted_wherever_it_posts_from(send, settings):
    settings.REPLIES_PER_MINUTE = 1
    written = ("ann@private.example", "Ann+essays@private.example", "ANN+2@PRIVATE.example")
    for n, email in enumerate(written[: rate_limit.EMAIL_FACTOR]):
        assert send(f"198.51.{n}.1", email=email).status_code == 303
    assert send("203.0.113.9", email="ann@private.example").status_code == 429
    assert send("203.0.113.9", email="bea@private.example").status_code == 303


def test_mailbox_is_the_same_in_every_spelling_that_leads_to_it(send, settings):
    settings.REPLIES_PER_MINUTE = 1
    for n in range(rate_limit.EMAIL_FACTOR):
        spelling = ("ann.lee@gmail.com", "an.nlee@gmail.com", "annlee@googlemail.com")[n % 3]
        assert send(f"198.51.{n}.1", email=spelling).status_code == 303
    assert send("203.0.113.9", email="a.nnlee@gmail.com").status_code == 429
