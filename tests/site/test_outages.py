"""The database goes away, the disk fills up, the server reloads: no reply is lost."""

import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests import postgres
from tests.load import FORM, at_once, post, reply
from tests.server import Server, running_server

pytestmark = pytest.mark.server


def send(server, path, fields):
    """Posts a reply; returns the answer, whatever its status."""
    data = urllib.parse.urlencode(fields).encode()
    headers = FORM | {"Origin": server.url}
    request = urllib.request.Request(f"{server.url}{path}", data, headers)
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        return error


def read(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def make_essay(server) -> str:
    return server.run("from tests.load import make_essays; make_essays(1)").strip()


def until(condition, tries=300):
    return any(condition() for _ in range(tries))


@pytest.mark.once
def test_database_away_gives_words_back_and_pages_go_on_being_read(tmp_path):
    binaries = postgres.find_binaries()
    if not binaries:
        pytest.skip("no PostgreSQL to take away: apt-get install postgresql")
    with postgres.cluster(binaries) as cluster:
        server = Server(tmp_path, cluster.url, workers=1, DEMO="0")
        server.manage("prepare")
        path = make_essay(server)
        page = f"{server.url}{path.removesuffix('reply/')}"
        server.start()
        try:
            assert read(page)[0] == 200
            cluster.stop()
            assert read(page)[0] == 200
            answer = send(server, path, reply(1))
            assert answer.status == 503 and answer.headers["Retry-After"]
            assert reply(1)["body"] in answer.read().decode()
            assert read(f"{server.url}/readyz")[0] == 503
            assert read(f"{server.url}/healthz")[0] == 200
            cluster.start()
            assert until(lambda: read(f"{server.url}/readyz")[0] == 200)
            assert post(server.url, path, reply(1)).is_taken
            assert until(lambda: reply(1)["body"] in read(page)[1])
        finally:
            server.stop()


@pytest.mark.once
def test_full_disk_refuses_replies_and_heals_by_itself(tmp_path):
    # A limit on the size of files is what a full disk is to SQLite; PostgreSQL's is its server's.
    server = Server(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}", workers=1, DEMO="0")
    server.manage("prepare")
    path = make_essay(server)
    page = f"{server.url}{path.removesuffix('reply/')}"
    server.start()
    try:
        assert read(page)[0] == 200
        limit(server, 4096)
        answer = send(server, path, reply(1))
        assert answer.status == 503
        assert reply(1)["body"] in answer.read().decode()
        assert read(page)[0] == 200
        limit(server, "unlimited")
        assert post(server.url, path, reply(1)).is_taken
        assert reply(1)["body"] in read(page)[1]
        assert "whole" in server.command("check_threads")
    finally:
        server.stop()


def limit(server, size):
    for pid in server.worker_pids():
        subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={size}:unlimited"], check=True)


def test_reload_under_load_fails_no_request(tmp_path):
    with running_server(tmp_path) as server:
        path = make_essay(server)
        page = f"{server.url}{path.removesuffix('reply/')}"
        reloads = threading.Semaphore(3)

        def work(number):
            if number % 50 == 25 and reloads.acquire(blocking=False):
                server.process.send_signal(signal.SIGHUP)
            return read(page)[0], post(server.url, path, reply(number)).status

        answers = at_once(work, range(200))
        assert set(answers) == {(200, 303)}
        assert "whole" in server.command("check_threads")


def test_machines_are_answered(tmp_path):
    metrics = str(tmp_path / "metrics")
    with running_server(tmp_path, METRICS_DIR=metrics, LOG_REQUESTS="1") as server:
        read(server.url + "/?email=somebody@private.example")
        answers = {path: read(server.url + path) for path in ("/metrics", "/readyz", "/healthz")}
        assert {status for status, _ in answers.values()} == {200}
        counted = 'blogsite_request_seconds_count{method="GET",status="200"}'
        assert counted in answers["/metrics"][1]
        log = server.log.read_text()
        assert '"status": 200' in log and '"queries": ' in log
        assert "somebody" not in log and "127.0.0.1:" not in log.split("Booting")[-1]
