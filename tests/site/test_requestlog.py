"""The request log: paths without addresses, and no error when a line cannot be written."""

import io
import json

import pytest

from blogsite.serving.request_log import RequestLog

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def logged(settings):
    settings.LOG_REQUESTS = True


def ask(path: str, stream):
    """The answer to a request for that path, from a view that always says "fine"."""
    told = []

    def site(environ, start_response):
        start_response("200 OK", [])
        return [b"fine"]

    # A server decodes the path's bytes as latin-1 (PEP 3333).
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1")}
    body = RequestLog(site, stream)(environ, lambda *given: told.append(given))
    return told[0][0], b"".join(body)


def logged_path(path: str) -> str:
    stream = io.StringIO()
    ask(path, stream)
    return json.loads(stream.getvalue())["path"]


def test_path_is_logged_as_it_is_written():
    assert logged_path("/2024/über-grün-日本/") == "/2024/über-grün-日本/"
    assert len(logged_path("/" + 5000 * "é")) == 200


@pytest.mark.parametrize("before", ["/", "/unsubscribe/", "/" + 180 * "x" + "/"])
def test_address_in_a_path_is_left_out(before):
    assert "cleo" not in logged_path(f"{before} cleo.somebody@private.example/")


def test_full_disk_costs_the_line_and_not_the_answer():
    with open("/dev/full", "w") as full:
        assert ask("/", full) == ("200 OK", b"fine")
        with pytest.raises(OSError, match="No space"):
            full.close()
