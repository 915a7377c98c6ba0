"""Forms that another site sends are refused; a reader's own are accepted."""

import re

import pytest
from django.test import Client

from comments.models import Comment
from tests.builders import build_article, build_comment, reply_data

pytestmark = pytest.mark.django_db
OURS = "http://testserver"
WORDS = "Every word of this stays."


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def article():
    return build_article()


@pytest.mark.parametrize(
    "headers, taken",
    [
        ({"sec-fetch-site": "same-origin", "origin": OURS}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": OURS}, True),
        ({"sec-fetch-site": "cross-site", "origin": OURS}, False),
        ({"sec-fetch-site": "same-site", "origin": OURS}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "https://testserver"}, False),
        ({"origin": "http://testserver:8001"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "http://evil.example/http://testserver"}, False),
        ({"origin": "http://[broken"}, False),
        ({"referer": f"{OURS}/"}, False),
        ({}, False),
    ],
)
def test_the_browsers_own_word_decides(strict, article, headers, taken):
    response = strict.post(article.get_reply_url(), reply_data(body=WORDS), headers=headers)
    assert response.status_code == (303 if taken else 403)
    assert Comment.objects.exists() == taken
    if not taken:
        html = response.content.decode()
        assert WORDS in html and 'value="Cleo"' in html and 'value="cleo@private.example"' in html
        assert response["Cache-Control"] == "no-store"


def press_again(strict, article, **environ):
    """Posts what the 403 page's form holds, as a browser without the two headers would."""
    refused = strict.post(article.get_reply_url(), reply_data(body=WORDS), **environ)
    assert refused.status_code == 403
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', refused.content.decode())[1]
    data = reply_data(body=WORDS, csrfmiddlewaretoken=token)
    return strict.post(article.get_reply_url(), data, **environ)


def test_a_browser_that_says_nothing_presses_the_button_once_more(strict, article):
    assert press_again(strict, article).status_code == 303
    assert Comment.objects.get().body == WORDS


def test_so_does_one_that_hides_its_referer_over_tls(strict, article):
    assert press_again(strict, article, secure=True).status_code == 303


def test_reader_who_needed_a_token_once_gets_one_with_every_form(strict, article):
    press_again(strict, article)
    token = strict.cookies["csrftoken"].value
    data = reply_data(name="", csrfmiddlewaretoken=token)
    refused = strict.post(article.get_reply_url(), data)
    assert refused.status_code == 422 and b"csrfmiddlewaretoken" in refused.content


@pytest.mark.parametrize("token", ["", "x", "a" * 64, "\0", "é" * 32])
def test_a_wrong_token_is_refused_with_the_words(strict, article, token):
    strict.cookies["csrftoken"] = "b" * 32
    data = reply_data(body=WORDS, csrfmiddlewaretoken=token)
    response = strict.post(article.get_reply_url(), data)
    assert response.status_code == 403 and WORDS in response.content.decode()


def test_behind_a_proxy_that_ends_tls_the_origin_is_the_public_one(strict, article, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["essays.example"]
    proxied = {"host": "essays.example", "x-forwarded-proto": "https"}
    for origin, status in (("http://essays.example", 403), ("https://essays.example", 303)):
        headers = proxied | {"origin": origin}
        response = strict.post(article.get_reply_url(), reply_data(), headers=headers)
        assert response.status_code == status


def test_the_sites_own_address_counts_even_where_a_proxy_changes_the_host(article, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://essays.example"]
    headers = {"origin": "https://essays.example"}
    client = Client(enforce_csrf_checks=True)
    assert client.post(article.get_reply_url(), reply_data(), headers=headers).status_code == 303


def test_a_reply_never_speaks_for_who_is_logged_in(client, admin_user, article):
    client.force_login(admin_user)
    client.post(article.get_reply_url(), reply_data())
    assert Comment.objects.get().name == "Cleo"


def test_every_other_form_needs_djangos_token(strict):
    headers = {"sec-fetch-site": "same-origin", "origin": OURS}
    data = {"username": "a", "password": "b"}
    response = strict.post("/admin/login/", data, headers=headers)
    assert response.status_code == 403
    assert "This form could not be verified" in response.content.decode()


def test_a_refused_form_for_a_draft_tells_nothing_of_it(strict):
    draft = build_article("A secret title", slug="a-secret", published=False)
    response = strict.post(draft.get_reply_url(), reply_data(body=WORDS))
    assert response.status_code == 404
    assert WORDS in response.content.decode() and "secret" not in response.content.decode().lower()


@pytest.mark.parametrize("cookie", [None, "broken", "a" * 32])
def test_readers_pages_are_the_same_for_all(client, article, cookie):
    build_comment(article)
    paths = ("/", article.get_absolute_url(), article.get_reply_url(), "/feed/", "/comments/feed/")
    for path in paths:
        plain = Client().get(path)
        if cookie:
            client.cookies["csrftoken"] = cookie
        response = client.get(path, headers={"user-agent": "another", "accept-language": "de"})
        assert response.status_code == 200 and response.content == plain.content
        assert not response.cookies and "Cookie" not in response.get("Vary", "")
        assert b"csrfmiddlewaretoken" not in response.content
