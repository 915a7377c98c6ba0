"""Login: guessing is locked out for the guesser alone, and no password is stored or logged."""

import logging
import re

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests.builders import build_staff

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def editor():
    user = build_staff("ann", group=None)
    user.set_password("the right one")
    user.save()


def login(password=SECRET, username="ann", address="192.0.2.1", query="", **fields):
    data = {"username": username, "password": password} | fields
    return Client().post(f"/admin/login/{query}", data, REMOTE_ADDR=address)


def test_the_fifth_bad_login_is_answered_with_a_page_that_says_to_wait():
    statuses = [login().status_code for _ in range(4)]
    refused = login()
    assert statuses == [200] * 4 and refused.status_code == 429
    assert "Too many tries" in refused.content.decode()
    assert refused["Retry-After"] == "900"
    assert login("the right one").status_code == 429


def test_a_script_is_told_the_same_without_a_cross_origin_header():
    client = Client(headers={"x-requested-with": "XMLHttpRequest"})
    data = {"username": "ann", "password": "no"}
    for _ in range(5):
        refused = client.post("/admin/login/", data)
    assert refused.status_code == 429 and "Access-Control-Allow-Origin" not in refused


def test_a_locked_out_address_does_not_lock_others():
    for _ in range(6):
        login()
    assert login("the right one", address="192.0.2.2").status_code == 302


def test_a_good_login_forgets_the_bad_ones():
    for _ in range(4):
        login()
    assert login("the right one").status_code == 302
    assert login().status_code == 200


@pytest.mark.parametrize("proxies, locked", [(0, True), (1, False)])
def test_the_address_is_the_one_that_the_trusted_proxy_saw(settings, proxies, locked):
    settings.TRUSTED_PROXIES = proxies
    data = {"username": "ann", "password": "no"}
    for n in range(6):
        headers = {"x-forwarded-for": f"6.6.6.6, 192.0.2.{n}"}
        response = Client().post("/admin/login/", data, headers=headers)
    assert response.status_code == (429 if locked else 200)


def test_behind_a_unix_socket_the_login_works_and_is_counted():
    statuses = [login(address="").status_code for _ in range(5)]
    assert statuses == [200] * 4 + [429]


def test_no_password_is_kept_or_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        for _ in range(6):
            login(next="/admin/")
    rows = repr([vars(attempt) for attempt in AccessAttempt.objects.all()])
    assert AccessAttempt.objects.exists()
    assert SECRET not in rows and "horse" not in rows
    assert not re.search("horse|battery", caplog.text)


@pytest.mark.parametrize(
    "fields",
    [
        {"query": "?x=%00"},
        {"query": "?next=%00"},
        {"query": "?" + "y" * 4000},
        {"username": "a\0"},
        {"username": "a" * 5000},
        {"password": "b\0"},
        {"password": "é" * 5000},
        {"next": "\0"},
        {"next": "//evil.example"},
        {"x\0": "\0"},
    ],
)
def test_a_login_with_odd_fields_is_answered_like_any_other(fields):
    assert login(**fields).status_code == 200


def test_a_good_login_never_leads_to_another_site():
    assert login("the right one", next="//evil.example/")["Location"].startswith("/")
    response = login("the right one", query="?next=https://evil.example/")
    assert response["Location"].startswith("/")
