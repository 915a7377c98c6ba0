"""The shipped nginx before two servers: headers, cache, slow clients, a server that dies."""

import http.client
import socket
import ssl
import threading
import urllib.parse

import pytest

from blogsite.middleware import HEADERS
from tests.load import FORM, at_once, reply
from tests.nginx import BEHIND, HOST, ask, connect, find_nginx, running_nginx
from tests.server import Server, free_port, running_server

SLOW = 500
pytestmark = [
    pytest.mark.once,
    pytest.mark.server,
    pytest.mark.skipif(not find_nginx(), reason="no nginx: apt-get install nginx-light"),
]


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """nginx's https port, the two servers behind it on one database, and the http port."""
    folder = tmp_path_factory.mktemp("front")
    with running_server(folder, **BEHIND) as first:
        second = Server(folder, first.database, 2, **BEHIND).start()
        backends = [server.url.removeprefix("http://") for server in (first, second)]
        try:
            with running_nginx(folder / "nginx", backends, folder / "static") as ports:
                yield ports[443], first, second, ports[80]
        finally:
            second.stop()


@pytest.fixture(scope="module")
def essay(front):
    path = front[1].make_essays()[0]
    return path.removesuffix("reply/")


def post(port: int, essay: str, fields: dict):
    form = {name.replace("-", "_"): value for name, value in FORM.items()}
    sent = urllib.parse.urlencode(fields)
    return ask(port, f"{essay}reply/", "POST", sent, Origin=f"https://{HOST}", **form)[0]


def assert_protected(response):
    """Every header once, from the site or from nginx, and the same from both."""
    hsts = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
    for name, value in (HEADERS | hsts).items():
        assert response.headers.get_all(name) == [value], (response.status, name)


def test_page_comes_over_tls_with_every_header(front, essay):
    response, text = ask(front[0], essay)
    assert response.status == 200 and "<h1" in text
    assert_protected(response)
    assert response.headers.get_all("Cache-Control") == ["no-cache"]
    assert response.headers["X-Accel-Expires"] is None


def test_unknown_host_gets_no_answer(front):
    with pytest.raises((ssl.SSLError, OSError, http.client.HTTPException)):
        connection = connect(front[0], "elsewhere.example")
        connection.request("GET", "/")
        connection.getresponse()


def test_static_file_is_kept_for_ever(front, essay):
    _, page = ask(front[0], essay)
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    response, _ = ask(front[0], style)
    assert response.status == 200 and "immutable" in response.headers["Cache-Control"]
    assert_protected(response)


def test_nginx_own_answers_carry_every_header(front, essay):
    long = {"Content_Length": "5000000"}
    answers = {
        400: ask(front[0], "/", Cookie="a=" + 9000 * "x")[0],
        403: ask(front[0], "/metrics")[0],
        404: ask(front[0], "/static/none.css")[0],
        413: ask(front[0], f"{essay}reply/", "POST", **long)[0],
        414: ask(front[0], "/" + 9000 * "x")[0],
    }
    assert {status: response.status for status, response in answers.items()} == {
        status: status for status in answers
    }
    for response in answers.values():
        assert_protected(response)
        assert "Cache-Control" not in response.headers


def test_way_to_tls_carries_the_headers_too(front):
    connection = http.client.HTTPConnection("127.0.0.1", front[3])
    connection.request("GET", "/feed/", headers={"Host": HOST})
    response = connection.getresponse()
    connection.close()
    assert response.status == 301 and response.headers["Location"] == f"https://{HOST}/feed/"
    assert response.headers.get_all("X-Frame-Options") == ["DENY"]
    # Only over TLS may it be said (RFC 6797, 7.2).
    assert "Strict-Transport-Security" not in response.headers


def test_when_nobody_answers_a_plain_page_says_so(tmp_path, essay):
    with running_nginx(tmp_path / "alone", [f"127.0.0.1:{free_port()}"]) as ports:
        for method in ("GET", "POST"):
            response, text = ask(ports[443], f"{essay}reply/", method)
            assert response.status == 502 and "Back in a moment" in text
            assert response.headers["Retry-After"] == "5"
            assert_protected(response)
            assert "src=" not in text and "href=" not in text


def test_metrics_and_readiness_are_closed_to_strangers(front):
    for path in ("/metrics", "/readyz", "/%72eadyz", "//readyz", "/x/../metrics"):
        assert ask(front[0], path)[0].status == 403, path
    assert ask(front[0], "/healthz")[0].status == 200


def test_many_readers_at_once_get_pages_that_nginx_does_not_cache(front, essay):
    number = front[1].rows("SELECT min(id) FROM comments_comment")[0][0]
    if number is None:
        post(front[0], essay, reply(7))
        number = front[1].rows("SELECT min(id) FROM comments_comment")[0][0]
    for path, status in (
        (f"/comments/{number}/", 302),
        (f"{essay}reply/", 200),
        ("/nowhere/", 404),
    ):
        answers = at_once(lambda _, path=path: ask(front[0], path)[0].status, range(40))
        assert set(answers) == {status}


def test_author_of_a_reply_sees_it_at_once_and_strangers_soon(front, essay):
    ask(front[0], essay)
    response = post(front[0], essay, reply(1))
    assert response.status == 303
    cookie = response.headers["Set-Cookie"].split(";")[0]
    assert reply(1)["body"] in ask(front[0], essay, Cookie=cookie)[1]
    # nginx may hand out the last page to the end of the running second.
    for _ in range(10_000):
        if reply(1)["body"] in ask(front[0], essay)[1]:
            return
    pytest.fail("strangers never see the reply")


def open_slowly(port: int, essay: str, number: int) -> socket.socket:
    """A connection that keeps the server waiting: for its handshake, for the rest of its header or
    of its form, or for somebody to read what it has asked for."""
    source = f"127.0.0.{2 + number % 10}"
    if number % 4 == 0:
        return socket.create_connection(("127.0.0.1", port), 30, (source, 0))
    slow = connect(port, source=source).sock
    page = f"GET {essay} HTTP/1.1\r\nHost: {HOST}\r\n"
    form = f"POST {essay}reply/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 5000\r\n\r\nname="
    slow.sendall([b"", page.encode(), form.encode(), 40 * f"{page}\r\n".encode()][number % 4])
    return slow


def test_reader_is_served_beside_500_slow_connections(front, essay):
    slow = []
    try:
        for number in range(SLOW):
            slow.append(open_slowly(front[0], essay, number))
        assert len(slow) == SLOW == len({connection.fileno() for connection in slow})
        for _ in range(5):
            assert ask(front[0], essay)[0].status == 200
        assert post(front[0], essay, reply(2)).status == 303
    finally:
        for connection in slow:
            connection.close()


def test_killing_one_of_two_machines_under_load_loses_nothing(front, essay):
    port, _, second, _ = front
    killed = threading.Event()

    def work(number):
        if number == 60 and not killed.is_set():
            killed.set()
            second.kill()
        page = ask(port, f"{essay}?n={number}")[0].status
        try:
            return number, page, post(port, essay, reply(1000 + number)).status
        except (OSError, http.client.HTTPException):
            return number, page, 0

    try:
        answers = at_once(work, range(150))
    finally:
        second.start()
    assert {page for _, page, _ in answers} == {200}
    stored = [body for (body,) in front[1].rows("SELECT body FROM comments_comment")]
    for number, _, status in answers:
        count = stored.count(reply(1000 + number)["body"])
        assert count == 1 if status == 303 else count <= 1
    assert "whole" in front[1].command("check_threads")
