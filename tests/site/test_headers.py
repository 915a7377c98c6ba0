"""Security headers on every answer, scored by the rules of the Mozilla Observatory."""

import re
import socket

import pytest
from django.http import Http404
from django.test import Client

from blogsite import error_views
from blogsite import settings as own
from tests.builders import build_article, reply_data
from tests.server import running_server

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


@pytest.fixture
def over_tls(settings):
    """The settings for a SITE_URL with https; test_environment checks settings.py itself."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def policy(response) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split("; ")
    return {part.split()[0]: part.split()[1:] for part in parts}


def assert_protected(response):
    for name, value in EXPECTED.items():
        assert response[name] == value
    assert "camera=()" in response["Permissions-Policy"]
    assert policy(response)["default-src"] == ["'none'"]


@pytest.fixture
def broken_view(monkeypatch):
    def fail(*arguments, **named):
        raise RuntimeError("cleo@private.example")

    monkeypatch.setattr("articles.views.essay.ListStamp.current", fail)


def test_pages_and_feeds_carry_the_headers(client):
    article = build_article()
    paths = ["/", article.get_absolute_url(), article.get_reply_url(), "/feed/", "/healthz"]
    paths += ["/comments/feed/", "/admin/login/", "/archive/"]
    paths += ["/authors/ada-lark/", "/search/?q=benches", "/feed.json", "/sitemap.xml"]
    paths += ["/robots.txt", "/authors/ada-lark/feed/"]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert_protected(response)


def test_error_pages_carry_the_headers(client, settings, broken_view):
    reply = build_article().get_reply_url()
    settings.REPLIES_PER_MINUTE = 1
    client.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True)
    client.post(reply, reply_data())
    answers = {
        400: client.get("/feed/", headers={"host": "evil.example"}),
        403: strict.post("/admin/login/", {}),
        404: client.get("/static/none.css"),
        405: client.put(reply),
        413: client.post(reply, {"body": "a" * 5_000_000}),
        415: client.post(reply, b"x", content_type="multipart/form-data; charset=utf-16"),
        422: client.post(reply, {}),
        429: client.post(reply, reply_data(body="Another")),
        500: client.get("/"),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert_protected(response)


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(client):
    found = policy(client.get("/"))
    allowed = {source for sources in found.values() for source in sources}
    assert allowed == {"'none'", "'self'", "data:"}
    assert [name for name, sources in found.items() if "data:" in sources] == ["img-src"]
    for name in ("base-uri", "frame-ancestors"):
        assert found[name] == ["'none'"]


# Linked data is no script: a browser reads past it.
SCRIPT = r"""<script(?![^>]*src=| type="application/ld\+json">)"""
INLINE = re.compile(rf"<style|\sstyle=|\son[a-z]+=|javascript:|{SCRIPT}")


def test_no_page_has_what_the_policy_forbids(client):
    article = build_article()
    essay, reply = article.get_absolute_url(), article.get_reply_url()
    for path in ("/", essay, reply, "/none/", "/archive/", "/search/?q=benches"):
        html = client.get(path).content.decode()
        assert not INLINE.search(html)


def observatory_score(response, cookies) -> tuple[int, dict[str, int]]:
    """The score of an answer over TLS by the rules of the MDN HTTP Observatory: from 100, first
    what is deducted, then, from 90, what is added (developer.mozilla.org/en-US/observatory/docs/
    tests_and_scoring). Redirections and integrity (own scripts without it) count 0 here."""
    found = policy(response)
    unsafe = any("unsafe" in source for sources in found.values() for source in sources)
    forms = found.get("form-action") in (["'self'"], ["'none'"])
    strict = found["default-src"] == ["'none'"] and not unsafe and forms
    hsts = re.match(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    long_enough = hsts and int(hsts[1]) >= 15_768_000
    marks = {
        "csp-implemented-with-no-unsafe-default-src-none": 10 if strict else -20,
        "cookies": score_cookies(cookies),
        "cross-origin-resource-sharing-not-implemented": (
            -50 if "Access-Control-Allow-Origin" in response else 0
        ),
        "hsts-implemented-max-age-at-least-six-months": 0 if long_enough else -20,
        "referrer-policy-private": 5 if response["Referrer-Policy"] == "same-origin" else -5,
        "x-content-type-options-nosniff": (
            0 if response["X-Content-Type-Options"] == "nosniff" else -5
        ),
        "x-frame-options-implemented-via-csp": 5 if "frame-ancestors" in found else -20,
        "cross-origin-resource-policy-implemented-with-same-origin": (
            10 if response["Cross-Origin-Resource-Policy"] == "same-origin" else 0
        ),
    }
    score = 100 + sum(mark for mark in marks.values() if mark < 0)
    if score >= 90:
        score += sum(mark for mark in marks.values() if mark > 0)
    return score, marks


def score_cookies(cookies) -> int:
    """cookies-not-found; cookies-secure-with-httponly-sessions-and-samesite; or a deduction."""
    if not cookies:
        return 0
    safe = all(c["secure"] and c["httponly"] and c["samesite"] for c in cookies.values())
    return 5 if safe else -40


def test_readers_pages_score_at_least_130(client, over_tls):
    for path in ("/", build_article().get_absolute_url(), "/none/"):
        response = client.get(path, secure=True)
        score, marks = observatory_score(response, response.cookies)
        assert score >= 130, marks


def test_the_admin_scores_at_least_120(client, admin_user, over_tls):
    login = client.get("/admin/login/", secure=True)
    client.force_login(admin_user)
    for response, cookies in ((login, login.cookies), (client.get("/admin/", secure=True), None)):
        score, marks = observatory_score(response, cookies or login.cookies)
        assert score >= 120, marks


def test_a_session_cookie_is_secure_too(client, admin_user, over_tls):
    data = {"username": "admin", "password": "password"}
    cookie = client.post("/admin/login/", data, secure=True).cookies["sessionid"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"


def test_plain_http_leads_to_tls_but_the_health_check_answers(client, over_tls):
    response = client.get("/feed/?page=1")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/feed/?page=1"
    assert client.get("/healthz").status_code == 200


def test_tls_settings_follow_the_sites_address():
    assert own.OVER_TLS is False and own.SECURE_HSTS_SECONDS == 0
    assert own.SESSION_COOKIE_SECURE is own.CSRF_COOKIE_SECURE is own.SECURE_SSL_REDIRECT is False


# --- The page for our own faults --------------------------------------------------------------


def test_the_page_for_our_own_faults_tells_nothing(client, broken_view, caplog):
    client.raise_request_exception = False
    response = client.get("/?q=cleo@private.example")
    html = response.content.decode()
    assert response.status_code == 500 and "Something broke on our side" in html
    assert own.SITE_NAME in html
    assert "Traceback" not in html and "cleo" not in html and "RuntimeError" not in html


def test_it_asks_nothing_of_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert error_views.server_error(rf.get("/")).status_code == 500
        page = error_views.bad_request(rf.get("/"), Http404())
    assert page.status_code == 400 and own.SITE_NAME in page.content.decode()


def test_it_stands_even_where_templates_do_not(rf, monkeypatch):
    def fail(*arguments, **named):
        raise ValueError("no such static file")

    monkeypatch.setattr(error_views, "render", fail)
    response = error_views.server_error(rf.get("/"))
    assert response.status_code == 500 and b"Something broke" in response.content


def test_a_reply_that_breaks_leaves_no_word_of_its_author_in_the_log(client, monkeypatch, caplog):
    article = build_article()

    def fail(*arguments, **named):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("comments.forms.rate_limit.count_reply", fail)
    client.raise_request_exception = False
    response = client.post(article.get_reply_url(), reply_data())
    assert response.status_code == 500 and "a fault of ours" in caplog.text
    assert "cleo" not in caplog.text.lower() and "beg to differ" not in caplog.text


def test_an_error_report_hides_what_a_reader_typed(rf):
    from django.views.debug import get_default_exception_reporter_filter

    from comments.views import reply

    article = build_article()
    request = rf.post(article.get_reply_url(), reply_data(name=""))
    reply.reply(request, str(article.year), article.slug)
    report = get_default_exception_reporter_filter().get_post_parameters(request)
    assert "cleo@private.example" not in repr(report) and "beg to differ" not in repr(report)


def test_no_log_handler_sends_mail(settings):
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["class"] for handler in handlers} == {"logging.StreamHandler"}


# --- As served --------------------------------------------------------------------------------


def exchange(server, request: str) -> str:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        with connection.makefile("rb") as stream:
            return stream.read().decode(errors="replace")


@pytest.mark.once
@pytest.mark.server
def test_behind_a_proxy_that_ends_tls_everything_holds(tmp_path):
    tls = {"SITE_URL": "https://essays.example", "TRUSTED_PROXIES": "1"}
    with running_server(tmp_path, workers=1, ALLOWED_HOSTS="essays.example,127.0.0.1", **tls) as s:
        head = (
            "GET / HTTP/1.1\nHost: essays.example\nConnection: close\nX-Forwarded-For: 192.0.2.1\n"
        )
        plain = exchange(s, head + "X-Forwarded-Proto: http\n\n")
        secure = exchange(s, head + "X-Forwarded-Proto: https\n\n")
        login = exchange(
            s, head.replace("GET /", "GET /admin/login/") + "X-Forwarded-Proto: https\n\n"
        )
        style = exchange(
            s, head.replace("GET /", "GET /static/css/site.css") + "X-Forwarded-Proto: https\n\n"
        )
    assert " 200 " in style.splitlines()[0] and "Access-Control-Allow-Origin" not in style
    for name, value in EXPECTED.items():
        assert f"{name}: {value}" in style
    assert " 301 " in plain.splitlines()[0] and "Location: https://essays.example/" in plain
    assert " 200 " in secure.splitlines()[0]
    assert "Strict-Transport-Security: max-age=63072000; includeSubDomains" in secure
    assert "Set-Cookie" not in secure
    cookie = re.search("Set-Cookie: csrftoken=.*", login)[0]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie
