"""Malformed HTTP requests over a socket: each is refused with a page, none ends in a 500."""

import re
import socket
from pathlib import Path

import pytest

from tests.server import running_server

pytestmark = [pytest.mark.once, pytest.mark.server]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("served")
    with running_server(folder, demo=True) as started:
        yield started


@pytest.fixture(scope="module")
def essay(server):
    html = exchange(server, "GET", "/")
    return re.search(r'href="(/\d{4}/[^"/]+/)"', html)[1]


def exchange(server, method, path, *lines, pieces=()) -> str:
    """Sends a request as it is, and returns all that comes back; fails where nothing does."""
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Connection: close"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall("\r\n".join([*head, *lines, "", ""]).encode("latin-1"))
        for piece in pieces:
            connection.sendall(piece)
        with connection.makefile("rb") as stream:
            return stream.read().decode(errors="replace")


def status_of(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


OURS = "Sec-Fetch-Site: same-origin"
URLENCODED = "Content-Type: application/x-www-form-urlencoded"
MULTIPART = "Content-Type: multipart/form-data; boundary=x"
MEGABYTE = b"a" * 2**20


@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART])
@pytest.mark.parametrize("place", ["reply", "/", "/admin/login/", "/none"])
def test_fifty_megabytes_are_heard_out_and_refused(server, essay, kind, place):
    path = f"{essay}reply/" if place == "reply" else place
    length = f"Content-Length: {50 * 2**20}"
    answer = exchange(server, "POST", path, OURS, kind, length, pieces=[MEGABYTE] * 50)
    assert status_of(answer) == 413 and "That is too much at once" in answer
    assert "content-security-policy" in answer.lower()


def test_a_body_of_no_stated_length_is_refused(server, essay):
    chunked = "Transfer-Encoding: chunked"
    for pieces in (
        [b"6\r\nbody=a\r\n0\r\n\r\n"],
        [b"100000\r\n" + MEGABYTE + b"\r\n"] * 50 + [b"0\r\n\r\n"],
        [b"no number\r\n"],
    ):
        answer = exchange(
            server, "POST", f"{essay}reply/", OURS, URLENCODED, chunked, pieces=pieces
        )
        assert status_of(answer) == 411 and "without its length" in answer


def test_gunicorns_own_refusals_show_no_traceback(server):
    long = "x" * 100_000
    cases = {
        414: exchange(server, "GET", f"/{long}"),
        431: exchange(server, "GET", "/", f"X-Long: {long}"),
        400: exchange(server, "GET", "/", "Content-Length: x"),
        417: exchange(server, "GET", "/", "Expect: wonders"),
    }
    for status, answer in cases.items():
        assert status_of(answer) == status
        assert "Traceback" not in answer and "/site-packages/" not in answer


@pytest.mark.parametrize("content_type", ["a; b*=no''%41", 'a;"', "; ;;=;", "\xff", "a" * 5000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_content_type_breaks_what_reads_it(server, essay, method, content_type):
    lines = (OURS, f"Content-Type: {content_type}", "Content-Length: 6")
    answer = exchange(server, method, f"{essay}reply/", *lines, pieces=[b"body=a"])
    assert status_of(answer) == (200 if method == "GET" else 422)


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "idna", "nonsense"])
def test_a_content_type_does_not_change_how_a_query_is_read(server, charset):
    answer = exchange(server, "GET", "/?page=99", f"Content-Type: a/b; charset={charset}")
    assert status_of(answer) == 404


def test_a_header_cannot_move_the_site(server, essay):
    answer = exchange(server, "GET", f"//evil.example{essay}", "SCRIPT_NAME: //evil.example")
    assert status_of(answer) == 404 and "evil.example" not in answer
    answer = exchange(server, "GET", "/", "PATH_INFO: /healthz", "X-Forwarded-Host: evil.example")
    assert status_of(answer) == 200 and "evil.example" not in answer


def test_a_cookie_of_one_reader_is_not_kept_for_all(server):
    exchange(server, "GET", "/", "Cookie: csrftoken=broken")
    assert "Set-Cookie" not in exchange(server, "GET", "/")


def test_a_form_that_breaks_off_frees_its_thread(server, essay):
    """Closes the sending side: waiting out the server's own patience would take its seconds."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        lines = (f"POST {essay}reply/ HTTP/1.1", f"Host: 127.0.0.1:{server.port}", OURS)
        # All that a reply needs is there, but not all that was written.
        half = "name=A&email=a%40private.example&body=half+a+sen"
        head = "\r\n".join([*lines, URLENCODED, "Content-Length: 1000", "", half])
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read().decode()
    assert not answer or status_of(answer) == 408
    assert "half a sen" not in exchange(server, "GET", essay)


def test_a_body_that_stops_coming_is_not_waited_for_for_ever():
    settings = {}
    exec(Path("deploy/gunicorn.conf.py").read_text(), settings)

    class Socket:
        def settimeout(self, seconds):
            self.seconds = seconds

    class Request:
        class unreader:  # noqa: N801 - gunicorn's name
            sock = Socket()

    settings["pre_request"](None, Request)
    assert 0 < Request.unreader.sock.seconds <= 60


def test_nothing_of_all_this_was_a_fault_of_ours(server):
    assert "Traceback" not in server.log.read_text()
