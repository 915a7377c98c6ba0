"""No table and no log holds a network address, whether readers post or guess passwords."""

import ipaddress
import json
import logging

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.test import Client

from blogsite.middleware import login_address
from comments import identity
from comments.models import Comment, Rules
from comments.models.ban import create_ban
from tests.builders import build_article, build_comment, build_staff, reply_data

pytestmark = pytest.mark.django_db
ADDRESSES = ("203.0.113.77", "2001:db8:77aa:bb::cc")


def forms_of(address: str) -> set[str]:
    """The address and its networks, as they could be written."""
    parsed = ipaddress.ip_address(address)
    widths = (32, 24, 16) if parsed.version == 4 else (128, 64, 48)
    networks = [ipaddress.ip_network((parsed, width), strict=False) for width in widths]
    found = {address, parsed.exploded, parsed.packed.hex(), str(int(parsed))}
    found |= {str(network).partition("/")[0] for network in networks}
    return found | {address.rpartition("." if parsed.version == 4 else ":")[0].rstrip(":")}


def all_rows():
    """Yields every value of every table, as text."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            yield model, json.dumps(row, default=str)


@pytest.fixture
def journeys(client, caplog):
    """Both addresses post, flag, are banned, sign in and fail to; yields what was logged."""
    loggers = [logging.getLogger(name) for name in ("", "django", "axes", "django.request")]
    caplog.set_level(logging.DEBUG)
    for logger in loggers:
        logger.addHandler(caplog.handler)
    article, moderator = build_article(), build_staff("mod", group="Moderators")
    other = build_comment(article)
    Rules(hold="first", min_seconds_between=60, max_per_hour_by_network=1).save()
    for address in ADDRESSES:
        sent = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": address, "HTTP_X_REAL_IP": address}
        for body in ("One.", "Two.", ""):
            data = reply_data(body=body and f"{body} {address[-2:]}")
            client.post(article.get_reply_url(), data, **sent)
        client.post(f"/comments/{other.pk}/flag/", {"reason": "abuse"}, **sent)
        create_ban("network", comment=Comment.objects.latest("pk"), by=moderator, reason="Insults")
        client.get("/no/such/page/", **sent)
        for password in ("wrong", "wrong", "pw"):
            login = {"username": "mod", "password": password}
            Client().post("/admin/login/", login, **sent)
        for _ in range(5):
            Client().post("/admin/login/", {"username": "eve", "password": "no"}, **sent)
    yield caplog
    for logger in loggers:
        logger.removeHandler(caplog.handler)


def test_no_address_in_any_table_or_log(journeys):
    private = {form for address in ADDRESSES for form in forms_of(address)}
    rows = list(all_rows())
    filled = {model._meta.label for model, _row in rows}
    wanted = {"comments.NetworkTrace", "comments.Flag", "comments.Ban", "comments.RateLimitWindow"}
    assert wanted | {"axes.AccessAttempt", "axes.AccessLog"} <= filled
    for model, row in rows:
        assert not [form for form in private if form in row], model
    logged = "\n".join(
        f"{r.getMessage()} {r.exc_text or ''}"
        for r in journeys.records
        if r.name != "django.db.backends"  # statements are logged in debugging alone
    )
    assert not [form for form in private if form in logged]


def test_failed_logins_are_kept_by_a_key_that_changes_daily(rf, monkeypatch):
    request = rf.get("/", REMOTE_ADDR=ADDRESSES[0])
    first = login_address(request)
    assert ipaddress.ip_address(first) in ipaddress.ip_network("fd00::/8")
    assert first == login_address(request)
    assert first != login_address(rf.get("/", REMOTE_ADDR="203.0.113.78"))
    tomorrow = identity.today() + 1
    monkeypatch.setattr(identity, "today", lambda: tomorrow)
    assert login_address(request) != first
    Client().post("/admin/login/", {"username": "eve", "password": "no"}, REMOTE_ADDR=ADDRESSES[0])
    assert AccessAttempt.objects.get().ip_address == login_address(request)
