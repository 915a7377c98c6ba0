"""gunicorn reloads under load: no request fails."""

import signal
import threading

import pytest

from tests.load import at_once, fetch, post, reply
from tests.server import running_server

pytestmark = pytest.mark.server


def test_reload_under_load_fails_no_request(tmp_path):
    with running_server(tmp_path) as server:
        [path] = server.make_essays()
        page = f"{server.url}{path.removesuffix('reply/')}"
        reloads = threading.Semaphore(3)

        def work(number):
            if number % 50 == 25 and reloads.acquire(blocking=False):
                server.process.send_signal(signal.SIGHUP)
            return fetch(page)[0], post(server.url, path, reply(number)).status

        answers = at_once(work, range(200))
        assert set(answers) == {(200, 303)}
        assert "whole" in server.command("check_threads")
