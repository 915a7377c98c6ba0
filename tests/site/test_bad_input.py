"""Malformed input never ends in a 500: the answer is a page that names the error."""

import pytest
from django.test import Client

from comments.models import Comment
from tests.builders import build_article, build_comment, reply_data

WORDS = "Kept to the last letter."


@pytest.fixture
def paths(db):
    article = build_article(tags=["Towns"])
    comment = build_comment(article)
    essay = article.get_absolute_url()
    return [
        *("/", essay, f"{essay}reply/", f"{essay}feed/", "/feed/", "/comments/feed/"),
        *("/tags/towns/", "/authors/ada-lark/", "/archive/", f"/archive/{article.year}/"),
        *("/search/", "/search/?q=words", "/feed.json", "/sitemap.xml", "/robots.txt"),
        *("/tags/towns/feed/", "/authors/ada-lark/feed/"),
        *(comment.get_absolute_url(), "/healthz", "/admin/login/", "/static/none.css"),
    ]


QUERIES = [
    *("page=-1", "page=0", "page=1e9", "page=1000000000", "page=%D9%A3", "page=" + "9" * 5000),
    *("q=%00", "q=%FF", "q=%22" + "*" * 5000, "q=" + "%F0%9F%98%80" * 900, "q=%22NEAR(OR*"),
    *("page=", "page=1&page=x", "page=%00", "page=%FF", "page[]=1", "page=1;page=2"),
    *("parent=%00", "parent=%FF", "parent=" + "9" * 30, "parent=-1", "point=%00", "point=%FF"),
    *("point=" + "x" * 5000, "parent=1&point=2", "held=x", "held=%00", "held=a:b:c", "held=%FF"),
    *("%FF=%FF", "&&==&", "next=%00", "a" * 5000, "&".join(f"a{n}=1" for n in range(3000))),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:20])
def test_absurd_queries_are_answered(paths, query):
    for path in paths:
        response = Client().get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert response.status_code in (200, 301, 302, 304, 400, 404), path


@pytest.mark.parametrize(
    "path",
    [
        *("/%00", "/%FF/", "/2026/%FF/", "/2026/a%00b/", "/2026/%00/reply/", "/2026/x/feed/%00"),
        *("/tags/none/", "/tags/%00/", "/authors/none/", "/authors/%FF/", "/archive/0000/"),
        *("/archive/1999/", "/archive/99999/", "/archive/٢٠٢٦/", "/sitemap-0.xml"),
        *("/sitemap-9.xml", f"/sitemap-{'9' * 5000}.xml", "/tags/none/feed/"),
        *("/comments/0/", f"/comments/{2**63}/", f"/comments/{'9' * 30}/"),
        *(f"/comments/{'9' * 5000}/", "/comments/-1/", "/comments/٣/", "/comments/1%00/"),
        *(
            "/2026/" + "x" * 5000 + "/",
            "/٢٠٢٦/x/",
            "/0000/x/",
            "/../etc/passwd",
        ),
        *(
            "/static/%00",
            "/static/../manage.py",
            "/static/%2e%2e/manage.py",
            "/static/" + "x" * 5000,
        ),
    ],
    ids=lambda path: path[:30],
)
def test_addresses_of_nothing_are_not_found(client, db, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "X"])
def test_methods_that_nothing_here_knows_are_named_as_such(client, paths, method):
    for path in paths:
        response = client.generic(method, path)
        assert response.status_code == 405 and response["Allow"]
        assert "That cannot be done here" in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_only_read_says_so_with_words(client):
    response = client.post("/")
    assert response.status_code == 405 and b"That cannot be done here" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver:x", "a b", "testserver@evil", "é"])
def test_an_unknown_host_is_refused(client, paths, host):
    for path in (p for p in paths if not p.startswith("/static/")):
        response = client.get(path, headers={"host": host})
        assert response.status_code == 400
        assert "That request could not be read" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "email", "body", "parent", "point"])
@pytest.mark.parametrize("bad", ["\0", "a\0b@c.example", "9" * 5000])
def test_a_bad_field_keeps_the_others(client, field, bad):
    article = build_article()
    kept = {"name": "Cleo Kept", "body": WORDS} | {field: bad}
    response = client.post(article.get_reply_url(), reply_data(**kept))
    html = response.content.decode()
    if field == "body" and "\0" not in bad:
        assert response.status_code == 303
        return
    assert response.status_code == 422 and Comment.objects.count() == 0
    assert field == "name" or "Cleo Kept" in html
    assert field == "body" or WORDS in html


@pytest.mark.django_db
def test_broken_utf8_is_read_as_well_as_can_be(client):
    article = build_article()
    body = b"name=%ff&email=%ff@b.example&body=Kept%20%c3%a9%e9"
    response = client.post(
        article.get_reply_url(), body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 422 and "Kept \xe9\ufffd" in response.content.decode()


FORM = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nKept words\r\n--x--\r\n'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type, body, status",
    [
        ("multipart/form-data", FORM, 400),
        ("multipart/form-data; boundary=", FORM, 400),
        ("multipart/form-data; boundary=\xe9", FORM, 400),
        ("multipart/form-data; boundary=" + "x" * 300, FORM, 400),
        ("multipart/form-data; boundary=x", FORM, 422),
        ("multipart/form-data; boundary=x", FORM[:-20], 422),
        ("multipart/form-data; boundary=x", b"", 422),
        ("multipart/form-data; boundary=x", b"\0\xff" * 1000, 400),
        ("multipart/form-data; boundary=x", FORM.replace(b'name="body"', b"name*=no''%41"), 422),
        ("multipart/form-data; boundary=x", FORM.replace(b'"body"', b'"' + b"b" * 5000), 400),
        ("multipart/form-data; boundary=x; charset=rot13", FORM, 415),
        ("multipart/form-data; boundary=x; charset=idna", FORM, 415),
        ("multipart/form-data; boundary=x; charset=UTF-8", FORM, 422),
        ("application/x-www-form-urlencoded; charset=utf-16", b"body=a", 415),
        ("application/x-www-form-urlencoded; charset=nonsense", b"body=a", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000)), 400),
        ("application/json", b'{"body": "a"}', 422),
        ("text/plain", b"body=a", 422),
        ("", b"body=a", 422),
    ],
)
def test_forms_that_cannot_be_read(client, content_type, body, status):
    path = build_article().get_reply_url()
    response = client.generic("POST", path, body, content_type=content_type)
    assert response.status_code == status
    assert "<h1" in response.content.decode() and Comment.objects.count() == 0
    if status == 422 and b'"body"\r\n\r\nKept words\r\n' in body:
        assert "Kept words" in response.content.decode()


@pytest.mark.django_db
def test_a_file_in_the_place_of_words_is_not_taken_for_them(client, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("words from a file")
    with file.open() as stream:
        data = reply_data(body=stream, name="Cleo Kept")
        response = client.post(build_article().get_reply_url(), data)
    html = response.content.decode()
    assert response.status_code == 422 and "Please write something." in html
    assert "Cleo Kept" in html


@pytest.mark.django_db
def test_odd_cookies_do_no_harm(client, paths):
    for cookie in (
        "sessionid=\xff",
        "sessionid=" + "x" * 4000,
        "messages=x; csrftoken=\xff",
        ";=;",
    ):
        for path in paths:
            response = client.get(path, headers={"cookie": cookie})
            assert response.status_code in (200, 302, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_that_breaks_off_is_named_as_such(client, kind):
    class Broken:
        def read(self, *size):
            raise TimeoutError("timed out")

        readline = read

    path = build_article().get_reply_url()
    stream = {"wsgi.input": Broken(), "CONTENT_LENGTH": "100"}
    response = client.generic("POST", path, b"body=a", content_type=kind, **stream)
    assert response.status_code == 408
    assert "The form did not arrive whole" in response.content.decode()
